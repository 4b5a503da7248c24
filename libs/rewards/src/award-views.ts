import { Injectable } from '@nestjs/common';
import type { CampaignLook } from '@app/campaigns';
import { Database } from '@app/database';
import {
  checkLimit,
  readCursor,
  Rejected,
  writeCursor,
  type CodeTriple,
  type Fen,
  type MemberId,
  type Page,
} from '@app/kernel';
import { MemberDirectory } from '@app/members';
import { payoutKeyOf, type AwardRow } from './award';
import { AwardDetails, type AwardDetail } from './award-details';
import { AwardIds } from './award-ids';
import { AwardParts, type CouponPart, type RedeemPart } from './award-parts';
import { awardStanding, type AwardProgress, type AwardStanding, type Gathers } from './award-state';
import { Awards } from './awards.repository';
import type { AddressState } from './goods/award-addresses.repository';
import { OpenPools } from './pools/open-pools';

/** A win and where it is. */
export interface AwardView extends AwardStanding {
  readonly awardId: string;
  readonly kind: AwardRow['prizeKind'];
  readonly prizeName: string;
  /** Null unless the prize is money that can be seen: a locked packet tells when it is open. */
  readonly amountFen: Fen | null;
  /** Of its public notice and, when it was dealt, its proof. */
  readonly campaignId: number;
  readonly campaignName: string;
  /** Of the version that gave it; null = as the brand looks. */
  readonly look: CampaignLook | null;
  readonly dealt: boolean;
  readonly wonAt: string;
  /** What `requestMerchantTransfer` takes; only while the person is to confirm. */
  readonly confirm: { readonly mchId: string; readonly appId: string; readonly package: string } | null;
  readonly expiresAt: string | null;
  /** Of a small amount that is paid together with others: `poolId` is what is claimed. */
  readonly pool: Gathers | null;
  /** Of a coupon; ends here and below are not included. */
  readonly coupon: CouponPart | null;
  /** Of goods that are sent; the address is masked. */
  readonly goods: {
    readonly addressState: AddressState;
    readonly maskedAddress: string | null;
    /** Null until it is sent. */
    readonly parcel: { readonly carrier: string; readonly trackingNo: string; readonly shippedAt: string } | null;
  } | null;
  /** Of what a store hands over. */
  readonly redeem: RedeemPart | null;
  /** Of a packet that the next bottle opens; `openedAt` null = still shut. */
  readonly locked: { readonly opensUntil: string; readonly openedAt: string | null } | null;
}

@Injectable()
export class AwardViews {
  constructor(
    private readonly database: Database,
    private readonly awards: Awards,
    private readonly ids: AwardIds,
    private readonly details: AwardDetails,
    private readonly parts: AwardParts,
    private readonly openPools: OpenPools,
    private readonly members: MemberDirectory,
  ) {}

  /** One win of this member. Throws Rejected 404 for a foreign or unknown one, without telling which. */
  async one(member: MemberId, awardId: string): Promise<AwardView> {
    const { award, numbers } = await this.owned(member, awardId);
    return (await this.views([award], numbers))[0]!;
  }

  /** The row behind an id, if it is this member's, won under whatever number before a merge; and those numbers, the one left first. */
  async owned(member: MemberId, awardId: string): Promise<{ award: AwardRow; numbers: readonly MemberId[] }> {
    const code = this.ids.read(awardId);
    const [award] = code ? await this.awards.ofCodes(this.database, [code]) : [];
    const numbers = award ? await this.members.numbersOf(member) : [];
    if (!award || !numbers.includes(award.member)) throw new Rejected('no_such_award', '没有找到这份奖励', 404);
    return { award, numbers };
  }

  /** A member's wins, newest first. */
  async list(member: MemberId, page: { limit: number; cursor?: string | null }): Promise<Page<AwardView>> {
    const limit = checkLimit(page.limit);
    const numbers = await this.members.numbersOf(member);
    const rows = await this.awards.ofMembers(
      this.database,
      numbers,
      limit + 1,
      page.cursor ? positionOf(page.cursor) : null,
    );
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: await this.views(shown, numbers),
      nextCursor: rows.length > limit && last ? cursorOf(last) : null,
    };
  }

  private async views(awards: readonly AwardRow[], numbers: readonly MemberId[]): Promise<AwardView[]> {
    const now = new Date();
    const details = await this.gathered(await this.details.read(this.database, awards), numbers);
    const parts = await this.parts.read(this.database, awards, details);
    return awards.map((award) => {
      const key = payoutKeyOf(award);
      const detail = details.get(key)!;
      const { progress, campaignName, dealt, look } = detail;
      const money = moneyOf(progress);
      return {
        awardId: this.ids.make(award.code, award.slot),
        kind: award.prizeKind,
        prizeName: award.prizeName,
        amountFen: shownFen(award, progress),
        campaignId: award.campaignId,
        campaignName,
        dealt,
        look,
        wonAt: award.wonAt.toISOString(),
        ...awardStanding(progress, now),
        confirm: money?.payout?.confirm ?? null,
        expiresAt: money?.payout?.billExpiresAt?.toISOString() ?? null,
        pool: poolOf(progress),
        coupon: parts.coupons.get(key) ?? null,
        goods: goodsOf(detail),
        redeem: parts.redeems.get(key) ?? null,
        locked: lockedOf(detail),
      };
    });
  }

  /** Adds how much has gathered to the small amounts that nobody has asked for yet. */
  private async gathered(
    details: ReadonlyMap<string, AwardDetail>,
    numbers: readonly MemberId[],
  ): Promise<ReadonlyMap<string, AwardDetail>> {
    if (![...details.values()].some(({ progress }) => isLoose(progress))) return details;
    const pools = await this.openPools.of(this.database, numbers);
    const byAward = new Map(pools.flatMap((pool) => pool.awards.map((award) => [payoutKeyOf(award), pool] as const)));
    return new Map(
      [...details].map(([key, detail]) => {
        const pool = byAward.get(key);
        const { progress } = detail;
        if (!pool || !isLoose(progress)) return [key, detail];
        const { untilFen, amountFen: gatheredFen, payoutKey: poolId } = pool;
        return [key, { ...detail, progress: { ...progress, gathers: { untilFen, gatheredFen, poolId } } }];
      }),
    );
  }
}

/** Money that gathers and was not asked for; a packet that is still shut is in no pool, and then nothing is found for it. */
function isLoose(progress: AwardProgress): progress is MoneyProgress {
  return moneyOf(progress)?.gathers?.poolId === null;
}

/** The amount of money; of a packet that is still shut it is nobody's business yet. */
export function shownFen(award: AwardRow, progress: AwardProgress): Fen | null {
  if (progress.kind === 'cash') return award.amountFen;
  return progress.kind === 'locked' && progress.openedAt ? award.amountFen : null;
}

type MoneyProgress = Extract<AwardProgress, { kind: 'cash' | 'locked' }>;

function moneyOf(progress: AwardProgress): MoneyProgress | null {
  return progress.kind === 'cash' || progress.kind === 'locked' ? progress : null;
}

/** A packet that is shut does not tell that what is in it is small. */
function poolOf(progress: AwardProgress): Gathers | null {
  if (progress.kind === 'locked' && progress.openedAt === null) return null;
  return moneyOf(progress)?.gathers ?? null;
}

function goodsOf({ progress, maskedAddress }: AwardDetail): AwardView['goods'] {
  if (progress.kind !== 'goods') return null;
  const { address: addressState, parcel } = progress;
  const sent = parcel && { ...parcel, shippedAt: parcel.shippedAt.toISOString() };
  return { addressState, maskedAddress, parcel: sent };
}

function lockedOf({ progress }: AwardDetail): AwardView['locked'] {
  if (progress.kind !== 'locked') return null;
  return { opensUntil: progress.opensUntil.toISOString(), openedAt: progress.openedAt?.toISOString() ?? null };
}

function cursorOf({ wonAt, code }: AwardRow): string {
  return writeCursor([wonAt.toISOString(), code.batch, code.layer, code.serial]);
}

function positionOf(cursor: string): { wonAt: Date; code: CodeTriple } {
  const [at, batch, layer, serial] = readCursor(cursor, 4);
  const wonAt = new Date(String(at));
  const numbers = [batch, layer, serial].map(Number);
  if (Number.isNaN(wonAt.getTime()) || !numbers.every(Number.isInteger)) {
    throw new Rejected('bad_cursor', '翻页标记无效，请从第一页重新开始', 400);
  }
  return { wonAt, code: { batch: numbers[0]!, layer: numbers[1]!, serial: numbers[2]! } };
}
