import { Injectable } from '@nestjs/common';
import { ProductList } from '@app/codes';
import { Database } from '@app/database';
import {
  checkLimit,
  Defect,
  fen,
  readCursor,
  Rejected,
  writeCursor,
  type CodeTriple,
  type Fen,
  type MemberId,
  type Page,
} from '@app/kernel';
import { MemberDirectory } from '@app/members';
import type { PayoutView } from '@app/payouts';
import { payoutKeyOf, type AwardRow } from './award';
import { AwardDetails, type AwardDetail } from './award-details';
import { AwardIds } from './award-ids';
import { awardStanding, type AwardProgress, type AwardStanding } from './award-state';
import { Awards } from './awards.repository';
import { CouponPools } from './coupons/coupon-pools.repository';
import { GeneratedCoupons } from './coupons/generated-coupons';
import type { AddressState } from './goods/award-addresses.repository';
import { RedeemTokens } from './redeem-tokens';

/** A win and where it is. */
export interface AwardView extends AwardStanding {
  readonly awardId: string;
  readonly kind: AwardRow['prizeKind'];
  readonly prizeName: string;
  /** Null unless the prize is money that can be seen: a locked packet tells when it is open. */
  readonly amountFen: Fen | null;
  readonly campaignName: string;
  readonly wonAt: string;
  /** What `requestMerchantTransfer` takes; only while the person is to confirm. */
  readonly confirm: { readonly mchId: string; readonly appId: string; readonly package: string } | null;
  readonly expiresAt: string | null;
  /** Of a coupon; ends here and below are not included. */
  readonly coupon: { readonly code: string; readonly validUntil: string } | null;
  /** Of goods that are sent; the address is masked. */
  readonly goods: { readonly addressState: AddressState; readonly maskedAddress: string | null } | null;
  /** Of what a store hands over: the token is what its clerk scans, `coPayFen` what the store collects. */
  readonly redeem: {
    readonly token: string;
    readonly productName: string;
    readonly coPayFen: Fen;
    readonly validUntil: string;
  } | null;
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
    private readonly coupons: CouponPools,
    private readonly generated: GeneratedCoupons,
    private readonly tokens: RedeemTokens,
    private readonly products: ProductList,
    private readonly members: MemberDirectory,
  ) {}

  /** One win of this member. Throws Rejected 404 for a foreign or unknown one, without telling which. */
  async one(member: MemberId, awardId: string): Promise<AwardView> {
    return (await this.views([await this.owned(member, awardId)]))[0]!;
  }

  /** The row behind an id, if it is this member's, won under whatever number before a merge. */
  async owned(member: MemberId, awardId: string): Promise<AwardRow> {
    const code = this.ids.read(awardId);
    const [award] = code ? await this.awards.ofCodes(this.database, [code]) : [];
    const numbers = award ? await this.members.numbersOf(member) : [];
    if (!award || !numbers.includes(award.member)) throw new Rejected('no_such_award', '没有找到这份奖励', 404);
    return award;
  }

  /** A member's wins, newest first. */
  async list(member: MemberId, page: { limit: number; cursor?: string | null }): Promise<Page<AwardView>> {
    const limit = checkLimit(page.limit);
    const rows = await this.awards.ofMembers(
      this.database,
      await this.members.numbersOf(member),
      limit + 1,
      page.cursor ? positionOf(page.cursor) : null,
    );
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: await this.views(shown),
      nextCursor: rows.length > limit && last ? cursorOf(last) : null,
    };
  }

  private async views(awards: readonly AwardRow[]): Promise<AwardView[]> {
    const now = new Date();
    const details = await this.details.read(this.database, awards);
    const coupons = await this.coupons.codesOf(
      this.database,
      awards.filter(({ prizeKind }) => prizeKind === 'coupon'),
    );
    const products = await this.products.names(
      [...details.values()].flatMap(({ prize }) => (prize.kind === 'redeem' ? [prize.productId] : [])),
    );
    return awards.map((award) => {
      const detail = details.get(payoutKeyOf(award))!;
      const { progress, campaignName } = detail;
      const payout = moneyOf(progress);
      return {
        awardId: this.ids.make(award.code, award.slot),
        kind: award.prizeKind,
        prizeName: award.prizeName,
        amountFen: shownFen(award, progress),
        campaignName,
        wonAt: award.wonAt.toISOString(),
        ...awardStanding(progress, now),
        confirm: payout?.confirm ?? null,
        expiresAt: payout?.billExpiresAt?.toISOString() ?? null,
        coupon: this.couponOf(award, detail, coupons.get(payoutKeyOf(award))?.code),
        goods: goodsOf(detail),
        redeem: this.redeemOf(award, detail, products),
        locked: lockedOf(detail),
      };
    });
  }

  private couponOf(award: AwardRow, { prize, progress }: AwardDetail, imported: string | undefined) {
    if (progress.kind !== 'coupon' || prize.kind !== 'coupon') return null;
    const code = prize.coupon.type === 'generated' ? this.generated.codeOf(award) : imported;
    if (code === undefined) throw new Defect('a coupon was won and none was taken from its pool');
    return { code, validUntil: progress.validUntil.toISOString() };
  }

  private redeemOf(award: AwardRow, { prize, progress }: AwardDetail, products: ReadonlyMap<number, string>) {
    if (progress.kind !== 'redeem' || prize.kind !== 'redeem') return null;
    return {
      token: this.tokens.make(award),
      productName: products.get(prize.productId) ?? prize.name,
      coPayFen: fen(prize.coPayFen),
      validUntil: progress.validUntil.toISOString(),
    };
  }
}

/** The amount of money; of a packet that is still shut it is nobody's business yet. */
export function shownFen(award: AwardRow, progress: AwardProgress): Fen | null {
  if (progress.kind === 'cash') return award.amountFen;
  return progress.kind === 'locked' && progress.openedAt ? award.amountFen : null;
}

function moneyOf(progress: AwardProgress): PayoutView | null {
  return progress.kind === 'cash' || progress.kind === 'locked' ? progress.payout : null;
}

function goodsOf({ progress, maskedAddress }: AwardDetail): AwardView['goods'] {
  return progress.kind === 'goods' ? { addressState: progress.address, maskedAddress } : null;
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
