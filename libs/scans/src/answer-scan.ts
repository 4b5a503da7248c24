import { Injectable } from '@nestjs/common';
import { formatCode, type KnownLot } from '@app/codes';
import { Defect } from '@app/kernel';
import { cityOf, namesOf, provinceOf } from '@app/regions';
import {
  AwardIds,
  awardStanding,
  payoutKeyOf,
  Pooling,
  progressWhenWon,
  shownFen,
  wasDealt,
  type AwardDetail,
  type AwardRow,
  type Claim,
} from '@app/rewards';
import type { Judgement, KnownCode } from './judge-scan';
import type { PreparedScan } from './scan-input';
import type { KeptAnswer, KeptProduct, ScanAnswer } from './scan-outcome';
import type { ScanWorld } from './scan-world';

const MINUTE = 60_000;

/** Turns a judgement into what the phone shows. */
@Injectable()
export class AnswerScan {
  constructor(
    private readonly awardIds: AwardIds,
    private readonly pooling: Pooling,
  ) {}

  /** `details` tells what became of prizes that were won before this scan. */
  answer(
    scan: PreparedScan,
    code: KnownCode,
    judgement: Judgement,
    world: ScanWorld,
    details: ReadonlyMap<string, AwardDetail>,
  ): KeptAnswer {
    const { award } = judgement;
    return {
      scanId: scan.scanId,
      code: formatCode(scan.codeText),
      verdict: judgement.verdict,
      repeat: judgement.repeat && repeatOf(judgement.repeat),
      product: productOf(code),
      reward: award && this.reward(award, details.get(payoutKeyOf(award)) ?? this.justWon(award, world), world.now),
      opened: judgement.counted ? world.openedBy(scan).map((packet) => this.opened(packet)) : [],
      refusal: judgement.refusal,
      scannedAt: world.now.toISOString(),
      lookOf: judgement.version?.versionId ?? award?.versionId ?? null,
    };
  }

  private reward(award: AwardRow, { campaignName, dealt, progress }: Won, now: Date): ScanAnswer['reward'] {
    return {
      awardId: this.awardIds.make(award.code, award.slot),
      kind: award.prizeKind,
      prizeName: award.prizeName,
      amountFen: shownFen(award, progress),
      campaignId: award.campaignId,
      campaignName,
      dealt,
      ...awardStanding(progress, now),
    };
  }

  /** A prize of this very scan: its version is the one that decided. */
  private justWon(award: AwardRow, { versions, now }: ScanWorld): Won {
    const content = versions.find(({ versionId }) => versionId === award.versionId)?.content;
    const prize = content?.prizes.find(({ key }) => key === award.prizeKey);
    if (!content || !prize) throw new Defect('a scan was decided by a version that its group did not have');
    const untilFen = this.pooling.until(award.amountFen, content);
    const dealt = wasDealt(content, award.ruleKey);
    return { campaignName: content.copy.title, dealt, progress: progressWhenWon(prize, now, untilFen) };
  }

  private opened({ code, slot, prizeName, amountFen }: AwardRow): ScanAnswer['opened'][number] {
    return { awardId: this.awardIds.make(code, slot), prizeName, amountFen };
  }
}

type Won = Pick<AwardDetail, 'campaignName' | 'dealt' | 'progress'>;

/** Of somebody else's query only minute and city are shown; of one's own the time it was used up. */
function repeatOf({ mine, claim }: { mine: boolean; claim: Claim }): ScanAnswer['repeat'] {
  const at = mine ? (claim.consumed?.at ?? claim.firstAt) : claim.firstAt;
  const minute = new Date(Math.floor(at.getTime() / MINUTE) * MINUTE);
  return { mine, firstAt: minute.toISOString(), city: cityName(claim.firstAdcode), times: claim.scans };
}

function cityName(adcode: number | null): string | null {
  if (adcode === null) return null;
  const { city, province } = namesOf(cityOf(adcode) ?? provinceOf(adcode));
  return city ?? province;
}

function productOf({ product, batch, lot }: KnownCode): KeptProduct {
  return {
    name: product.name,
    spec: product.spec,
    line: product.line,
    imageUrl: product.imageUrl,
    batchName: batch.name,
    lot: lot && lotOf(lot),
  };
}

function lotOf({ lotNo, plant, producedOn, expiresOn, stagesId }: KnownLot): KeptProduct['lot'] {
  return { lotNo, plant, producedOn, expiresOn, stagesOf: stagesId };
}
