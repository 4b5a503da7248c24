import { Injectable } from '@nestjs/common';
import type { Prize } from '@app/campaigns';
import { ProductList } from '@app/codes';
import { StoreRedemptions, type ClerkPost, type Redemption, type RedemptionItem } from '@app/channel';
import { UnitOfWork, type Reader } from '@app/database';
import { Defect, fen, Rejected, shanghaiWords, type MemberId } from '@app/kernel';
import { MemberDirectory } from '@app/members';
import type { AwardRow } from '../award';
import { AwardDetails } from '../award-details';
import { Awards } from '../awards.repository';
import { RedeemTokens } from '../redeem-tokens';
import { lastDayWords, validUntil } from '../validity';

type RedeemPrizeContent = Extract<Prize, { kind: 'redeem' }>;

/** What a clerk sees before handing anything over. `refusal` null = may be redeemed here and now. */
export interface PrizeAtStore {
  readonly prizeName: string;
  readonly productName: string;
  /** What the store collects. */
  readonly coPayFen: number;
  readonly wonAt: Date;
  /** Not included. */
  readonly validUntil: Date;
  readonly refusal: { readonly code: string; readonly message: string } | null;
}

export interface RedeemRequest {
  readonly storeId: number;
  /** As scanned or typed. */
  readonly token: string;
  /** UUID of the tap; a repeated one gets the same answer. */
  readonly requestId: string;
}

/** A store's clerk hands a won prize over: one prize, one redemption, whatever two phones do at the same moment. */
@Injectable()
export class RedeemPrize {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly members: MemberDirectory,
    private readonly tokens: RedeemTokens,
    private readonly awards: Awards,
    private readonly details: AwardDetails,
    private readonly store: StoreRedemptions,
    private readonly products: ProductList,
  ) {}

  /** Throws Rejected `bad_token` (422), `not_a_clerk` (403), `store_closed` (409); writes nothing. */
  async look(clerk: MemberId, { storeId, token }: Pick<RedeemRequest, 'storeId' | 'token'>): Promise<PrizeAtStore> {
    const numbers = await this.members.numbersOf(clerk);
    const { award, prize, refusal } = await this.unitOfWork.run(async (tx) => {
      const at = await this.store.post(tx, numbers, storeId);
      const { award: won, prize: what } = await this.prizeOf(tx, token);
      return { award: won, prize: what, refusal: await this.refusal(tx, won, what, at, numbers) };
    });
    const names = await this.products.names([prize.productId]);
    return {
      prizeName: award.prizeName,
      productName: names.get(prize.productId) ?? prize.name,
      coPayFen: prize.coPayFen,
      wonAt: award.wonAt,
      validUntil: validUntil(award.wonAt, prize.validDays),
      refusal: refusal && { code: refusal.code, message: refusal.message },
    };
  }

  /**
   * Throws Rejected as `look`, and 409: `already_redeemed`, `lapsed`, `not_here` (the store does not redeem this product), `own_prize`.
   */
  async run(clerk: MemberId, { storeId, token, requestId }: RedeemRequest): Promise<RedemptionItem> {
    const numbers = await this.members.numbersOf(clerk);
    return this.unitOfWork.run(async (tx) => {
      const post = await this.store.post(tx, numbers, storeId);
      const { award, prize } = await this.prizeOf(tx, token);
      const redeemed = redemptionOf(award, prize, post, requestId);
      const before = await this.before(tx, award);
      if (before) return sameTap(before, redeemed);
      const refusal = await this.refusal(tx, award, prize, post, numbers);
      if (refusal) throw refusal;
      const first = await this.store.record(tx, redeemed);
      const recorded = await this.before(tx, award);
      if (!recorded) throw new Defect('a redemption that was recorded is not there');
      return first ? recorded : sameTap(recorded, redeemed);
    });
  }

  private async prizeOf(reader: Reader, token: string): Promise<{ award: AwardRow; prize: RedeemPrizeContent }> {
    const named = this.tokens.read(tidied(token));
    const [award] = named ? await this.awards.ofCodes(reader, [named.code]) : [];
    if (!named || !award || award.slot !== named.slot || award.prizeKind !== 'redeem') {
      throw new Rejected('bad_token', '这不是兑换码，请扫顾客「我的奖励」里的二维码', 422);
    }
    const [detail] = (await this.details.read(reader, [award])).values();
    if (detail?.prize.kind !== 'redeem') throw new Defect('a redeem award of another kind of prize');
    return { award, prize: detail.prize };
  }

  private async before(reader: Reader, award: AwardRow): Promise<RedemptionItem | null> {
    return (await this.store.ofAwards(reader, [award]))[0] ?? null;
  }

  private async refusal(
    reader: Reader,
    award: AwardRow,
    prize: RedeemPrizeContent,
    post: ClerkPost,
    numbers: readonly MemberId[],
  ): Promise<Rejected | null> {
    const before = await this.before(reader, award);
    if (before) return alreadyRedeemed(before, post.storeId);
    const until = validUntil(award.wonAt, prize.validDays);
    if (post.now >= until) return new Rejected('lapsed', `这份奖品有效期到 ${lastDayWords(until)}，已经过了`, 409);
    if (numbers.includes(award.member)) {
      return new Rejected('own_prize', '这是您自己中的奖品，请找其他店员兑付', 409);
    }
    if (!(await this.store.handsOver(reader, post, prize.productId))) {
      return new Rejected('not_here', '本店不兑付这款产品，请顾客到附近其他门店', 409);
    }
    return null;
  }
}

/** People type in small letters and with blanks. */
function tidied(token: string): string {
  return token.replace(/\s+/g, '').toUpperCase();
}

/** A tap that did not hear its answer asks again and gets it; anybody else is told that the prize is gone. */
function sameTap(before: RedemptionItem, wanted: Redemption): RedemptionItem {
  if (before.requestId === wanted.requestId && before.clerkId === wanted.clerkId) return before;
  throw alreadyRedeemed(before, wanted.storeId);
}

/** Of another store only the time is told. */
function alreadyRedeemed({ storeId, redeemedAt }: RedemptionItem, here: number): Rejected {
  const where = storeId === here ? '本店' : '其他门店';
  const message = `这份奖品 ${shanghaiWords(redeemedAt)} 已在${where}兑付过，不要再给`;
  return new Rejected('already_redeemed', message, 409, { redeemedAt: redeemedAt.toISOString() });
}

function redemptionOf(
  award: AwardRow,
  prize: RedeemPrizeContent,
  { storeId, distributorId, clerkId, now }: ClerkPost,
  requestId: string,
): Redemption {
  const { code, slot, member, campaignId, prizeName } = award;
  return {
    ...{ code, slot, member, campaignId, prizeName },
    ...{ storeId, distributorId, clerkId, requestId },
    productId: prize.productId,
    valueFen: fen(prize.valueFen),
    coPayFen: fen(prize.coPayFen),
    redeemedAt: now,
  };
}
