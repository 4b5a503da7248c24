import { Injectable } from '@nestjs/common';
import { ProductList } from '@app/codes';
import type { Reader } from '@app/database';
import { Defect, fen, type Fen } from '@app/kernel';
import { payoutKeyOf, type AwardRow } from './award';
import type { AwardDetail } from './award-details';
import { CouponPools } from './coupons/coupon-pools.repository';
import { GeneratedCoupons } from './coupons/generated-coupons';
import { RedeemTokens } from './redeem-tokens';

/** Ends are not included. */
export interface CouponPart {
  readonly code: string;
  readonly validUntil: string;
}

/** The token is what a store's clerk scans, `coPayFen` what the store collects. */
export interface RedeemPart {
  readonly token: string;
  readonly productId: number;
  readonly productName: string;
  readonly coPayFen: Fen;
  readonly validUntil: string;
  /** Null until a store handed it over. */
  readonly redeemedAt: string | null;
  readonly storeName: string | null;
}

/** What is shown to somebody else: codes of coupons and tokens of what a store hands over. */
@Injectable()
export class AwardParts {
  constructor(
    private readonly coupons: CouponPools,
    private readonly generated: GeneratedCoupons,
    private readonly tokens: RedeemTokens,
    private readonly products: ProductList,
  ) {}

  /** Both by `payoutKeyOf`; awards of other kinds are missing. */
  async read(
    reader: Reader,
    awards: readonly AwardRow[],
    details: ReadonlyMap<string, AwardDetail>,
  ): Promise<{ coupons: ReadonlyMap<string, CouponPart>; redeems: ReadonlyMap<string, RedeemPart> }> {
    const imported = await this.coupons.codesOf(
      reader,
      awards.filter(({ prizeKind }) => prizeKind === 'coupon'),
    );
    const names = await this.products.names(
      [...details.values()].flatMap(({ prize }) => (prize.kind === 'redeem' ? [prize.productId] : [])),
    );
    const coupons = new Map<string, CouponPart>();
    const redeems = new Map<string, RedeemPart>();
    for (const award of awards) {
      const key = payoutKeyOf(award);
      const detail = details.get(key)!;
      const coupon = this.couponOf(award, detail, imported.get(key)?.code);
      const redeem = this.redeemOf(award, detail, names);
      if (coupon) coupons.set(key, coupon);
      if (redeem) redeems.set(key, redeem);
    }
    return { coupons, redeems };
  }

  private couponOf(award: AwardRow, { prize, progress }: AwardDetail, imported: string | undefined): CouponPart | null {
    if (progress.kind !== 'coupon' || prize.kind !== 'coupon') return null;
    const code = prize.coupon.type === 'generated' ? this.generated.codeOf(award) : imported;
    if (code === undefined) throw new Defect('a coupon was won and none was taken from its pool');
    return { code, validUntil: progress.validUntil.toISOString() };
  }

  private redeemOf(
    award: AwardRow,
    { prize, progress }: AwardDetail,
    names: ReadonlyMap<number, string>,
  ): RedeemPart | null {
    if (progress.kind !== 'redeem' || prize.kind !== 'redeem') return null;
    return {
      token: this.tokens.make(award),
      productId: prize.productId,
      productName: names.get(prize.productId) ?? prize.name,
      coPayFen: fen(prize.coPayFen),
      validUntil: progress.validUntil.toISOString(),
      redeemedAt: progress.handed?.at.toISOString() ?? null,
      storeName: progress.handed?.storeName ?? null,
    };
  }
}
