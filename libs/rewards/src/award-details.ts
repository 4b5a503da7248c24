import { Injectable } from '@nestjs/common';
import { CampaignCatalog, campaignLook, type CampaignContent, type CampaignLook, type Prize } from '@app/campaigns';
import { StoreRedemptions } from '@app/channel';
import type { Database, Reader } from '@app/database';
import { Defect, type Fen } from '@app/kernel';
import { PayoutViews, Releases, type PayoutView } from '@app/payouts';
import { payoutKeyOf, type AwardRow } from './award';
import { progressWhenWon, type AwardProgress, type HandedOver, type Money } from './award-state';
import { Awards } from './awards.repository';
import { AwardAddresses, type GivenAddress } from './goods/award-addresses.repository';
import { GoodsShipments } from './goods/goods-shipments.repository';
import type { Parcel } from './goods/tracking';
import { GATHERS_BELOW_FEN, Pooling } from './pools/pooling';
import { Pools } from './pools/pools.repository';

export interface AwardDetail {
  /** As the version that gave it defines it. */
  readonly prize: Prize;
  readonly campaignName: string;
  /** Of the version that gave it; null = as the brand looks. */
  readonly look: CampaignLook | null;
  /** Given by a rule whose prizes were laid out beforehand: there is a proof to check. */
  readonly dealt: boolean;
  readonly progress: AwardProgress;
  /** Of goods whose address was given and not erased. */
  readonly maskedAddress: string | null;
}

interface Known {
  /** Pools that hold awards. */
  readonly pools: ReadonlyMap<string, string>;
  readonly payouts: ReadonlyMap<string, PayoutView>;
  readonly released: ReadonlyMap<string, Date>;
  readonly opened: ReadonlyMap<string, Date>;
  readonly addresses: ReadonlyMap<string, GivenAddress>;
  readonly parcels: ReadonlyMap<string, Parcel>;
  readonly handed: ReadonlyMap<string, HandedOver>;
}

/** What became of awards so far. The prize itself is read from its version, not copied into the award. */
@Injectable()
export class AwardDetails {
  constructor(
    private readonly campaigns: CampaignCatalog,
    private readonly payouts: PayoutViews,
    private readonly awards: Awards,
    private readonly addresses: AwardAddresses,
    private readonly shipments: GoodsShipments,
    private readonly pools: Pools,
    private readonly pooling: Pooling,
    private readonly releases: Releases,
    private readonly redemptions: StoreRedemptions,
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
    const money = ofKind('cash', 'locked');
    const pools = await this.pools.holding(
      reader,
      money.filter(({ amountFen }) => amountFen < GATHERS_BELOW_FEN),
    );
    const payoutKeys = [...new Set(money.map((award) => pools.get(payoutKeyOf(award)) ?? payoutKeyOf(award)))];
    const payouts = await this.payouts.payoutViews(payoutKeys, reader);
    const open = money.map(payoutKeyOf).filter((key) => mayBeReleased(payouts.get(pools.get(key) ?? key)));
    const known: Known = {
      pools,
      payouts,
      released: await this.releases.releasedAt(reader, open),
      opened: await this.awards.openedAt(reader, ofKind('locked')),
      addresses: await this.addresses.given(reader, ofKind('goods')),
      parcels: await this.shipments.parcels(reader, ofKind('goods')),
      handed: await this.handedOver(reader, ofKind('redeem')),
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
            look: campaignLook(content),
            dealt: wasDealt(content, award.ruleKey),
            progress: progressNow(prize, award, this.pooling.until(award.amountFen, content), known),
            maskedAddress: known.addresses.get(key)?.masked ?? null,
          },
        ];
      }),
    );
  }

  private async handedOver(reader: Reader, awards: readonly AwardRow[]): Promise<ReadonlyMap<string, HandedOver>> {
    const redemptions = await this.redemptions.ofAwards(reader, awards);
    return new Map(
      redemptions.map((one) => [payoutKeyOf(one), { storeName: one.storeName, at: one.redeemedAt }] as const),
    );
  }
}

/** By what the version says of the rule. */
export function wasDealt({ rules }: Pick<CampaignContent, 'rules'>, ruleKey: string): boolean {
  return rules.some(({ key, then }) => key === ruleKey && then.mode === 'dealt');
}

/** Money that is on its way or arrived was never given back. */
function mayBeReleased(payout: PayoutView | undefined): boolean {
  return payout === undefined || payout.state === 'FAILED' || payout.state === 'REFUNDED';
}

function progressNow(prize: Prize, award: AwardRow, untilFen: Fen | null, known: Known): AwardProgress {
  const won = progressWhenWon(prize, award.wonAt, untilFen);
  const key = payoutKeyOf(award);
  switch (won.kind) {
    case 'cash':
      return { ...won, ...moneyNow(award, untilFen, known) };
    case 'locked':
      return { ...won, ...moneyNow(award, untilFen, known), openedAt: known.opened.get(key) ?? null };
    case 'goods':
      return { ...won, address: known.addresses.get(key)?.state ?? 'missing', parcel: known.parcels.get(key) ?? null };
    case 'redeem':
      return { ...won, handed: known.handed.get(key) ?? null };
    default:
      return won;
  }
}

/** A small amount is paid by its pool, unless it was asked for by itself before it counted as small. */
function moneyNow(award: AwardRow, untilFen: Fen | null, { pools, payouts, released }: Known): Money {
  const key = payoutKeyOf(award);
  const poolId = pools.get(key) ?? null;
  const payout = payouts.get(poolId ?? key) ?? null;
  const money = { payout, released: released.has(key) };
  if (poolId === null && (untilFen === null || payout !== null)) return { ...money, gathers: null };
  const gatheredFen = payout?.amountFen ?? null;
  return { ...money, gathers: { untilFen: untilFen ?? award.amountFen, gatheredFen, poolId } };
}
