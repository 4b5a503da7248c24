import { Injectable } from '@nestjs/common';
import { formatCode } from '@app/codes';
import { cityOf, namesOf, provinceOf } from '@app/regions';
import { AwardIds, awardStanding, payoutKeyOf, type AwardRow, type Claim } from '@app/rewards';
import type { PayoutView } from '@app/payouts';
import type { Judgement, KnownCode } from './judge-scan';
import type { PreparedScan } from './scan-input';
import type { ScanAnswer } from './scan-outcome';

const MINUTE = 60_000;

/** Turns a judgement into what the phone shows. */
@Injectable()
export class AnswerScan {
  constructor(private readonly awardIds: AwardIds) {}

  answer(
    scan: PreparedScan,
    code: KnownCode,
    judgement: Judgement,
    known: {
      readonly now: Date;
      readonly campaignName: (versionId: number) => string;
      readonly payouts: ReadonlyMap<string, PayoutView>;
    },
  ): ScanAnswer {
    return {
      scanId: scan.scanId,
      code: formatCode(scan.codeText),
      verdict: judgement.verdict,
      repeat: judgement.repeat && repeatOf(judgement.repeat),
      product: productOf(code),
      reward: judgement.award && this.reward(judgement.award, known),
      refusal: judgement.refusal,
      scannedAt: known.now.toISOString(),
    };
  }

  private reward(
    award: AwardRow,
    known: { campaignName: (versionId: number) => string; payouts: ReadonlyMap<string, PayoutView> },
  ): ScanAnswer['reward'] {
    const cash = award.prizeKind === 'cash';
    return {
      awardId: this.awardIds.make(award.code, award.slot),
      kind: award.prizeKind,
      prizeName: award.prizeName,
      amountFen: cash ? award.amountFen : null,
      campaignName: known.campaignName(award.versionId),
      ...awardStanding(cash, known.payouts.get(payoutKeyOf(award)) ?? null),
    };
  }
}

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

function productOf({ product, batch, lot }: KnownCode): ScanAnswer['product'] {
  return {
    name: product.name,
    spec: product.spec,
    line: product.line,
    imageUrl: product.imageUrl,
    batchName: batch.name,
    lot: lot && { lotNo: lot.lotNo, plant: lot.plant, producedOn: lot.producedOn, expiresOn: lot.expiresOn },
  };
}
