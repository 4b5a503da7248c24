import { Injectable } from '@nestjs/common';
import { CampaignCatalog, type Prize } from '@app/campaigns';
import type { Database } from '@app/database';
import { Defect } from '@app/kernel';
import { PayoutViews, type PayoutView } from '@app/payouts';
import { payoutKeyOf, type AwardRow } from './award';
import { progressWhenWon, type AwardProgress } from './award-state';
import { Awards } from './awards.repository';
import { AwardAddresses, type GivenAddress } from './goods/award-addresses.repository';

export interface AwardDetail {
  /** As the version that gave it defines it. */
  readonly prize: Prize;
  readonly campaignName: string;
  readonly progress: AwardProgress;
  /** Of goods whose address was given and not erased. */
  readonly maskedAddress: string | null;
}

interface Known {
  readonly payouts: ReadonlyMap<string, PayoutView>;
  readonly opened: ReadonlyMap<string, Date>;
  readonly addresses: ReadonlyMap<string, GivenAddress>;
}

/** What became of awards so far. The prize itself is read from its version, not copied into the award. */
@Injectable()
export class AwardDetails {
  constructor(
    private readonly campaigns: CampaignCatalog,
    private readonly payouts: PayoutViews,
    private readonly awards: Awards,
    private readonly addresses: AwardAddresses,
  ) {}

  /** By `payoutKeyOf`, one for each award; asks only for what the kinds among them need. Inside a transaction pass it as `reader`. */
  async read(reader: Pick<Database, 'query'>, awards: readonly AwardRow[]): Promise<ReadonlyMap<string, AwardDetail>> {
    const versions = await this.campaigns.byIds(
      reader,
      awards.map(({ versionId }) => versionId),
    );
    const contents = new Map(versions.map(({ versionId, content }) => [versionId, content]));
    const ofKind = (...kinds: readonly AwardRow['prizeKind'][]) =>
      awards.filter(({ prizeKind }) => kinds.includes(prizeKind));
    const known: Known = {
      payouts: await this.payouts.payoutViews(ofKind('cash', 'locked').map(payoutKeyOf), reader),
      opened: await this.awards.openedAt(reader, ofKind('locked')),
      addresses: await this.addresses.given(reader, ofKind('goods')),
    };
    return new Map(
      awards.map((award) => {
        const content = contents.get(award.versionId);
        const prize = content?.prizes.find(({ key }) => key === award.prizeKey);
        if (!content || !prize) throw new Defect('an award of a prize that its version does not have');
        const key = payoutKeyOf(award);
        return [
          key,
          {
            prize,
            // What consumers read; the campaign's name is HQ's own.
            campaignName: content.copy.title,
            progress: progressNow(prize, award.wonAt, key, known),
            maskedAddress: known.addresses.get(key)?.masked ?? null,
          },
        ];
      }),
    );
  }
}

function progressNow(prize: Prize, wonAt: Date, key: string, known: Known): AwardProgress {
  const won = progressWhenWon(prize, wonAt);
  const payout = known.payouts.get(key) ?? null;
  switch (won.kind) {
    case 'cash':
      return { ...won, payout };
    case 'locked':
      return { ...won, payout, openedAt: known.opened.get(key) ?? null };
    case 'goods':
      return { ...won, address: known.addresses.get(key)?.state ?? 'missing' };
    default:
      return won;
  }
}
