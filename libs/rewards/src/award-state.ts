import type { Prize } from '@app/campaigns';
import { fen, formatYuan, shanghaiWords, type Fen } from '@app/kernel';
import type { PayoutView } from '@app/payouts';
import type { AddressState } from './goods/award-addresses.repository';
import type { Parcel } from './goods/tracking';
import { moneyStanding, UNCLAIMED, type MoneyState, type MoneyStanding } from './money/money-words';
import { lastDayWords, validUntil } from './validity';

/** Where a prize is, as its owner sees it. */
export type AwardState =
  | MoneyState
  | 'none'
  /** A packet that the next bottle opens. */
  | 'locked'
  /** A coupon that can be used. */
  | 'usable'
  /** Goods: we do not know yet where to send them. */
  | 'address'
  /** Goods: we know, and they are on their way out. */
  | 'packing'
  /** Goods: a parcel carries them. */
  | 'shipped'
  /** A store hands it over. */
  | 'redeem'
  /** A store handed it over. */
  | 'redeemed'
  /** Its time has passed. */
  | 'lapsed';

export interface AwardStanding extends Omit<MoneyStanding, 'state'> {
  readonly state: AwardState;
}

/** A small amount that is paid together with others; the payout is then that of its pool. */
export interface Gathers {
  /** Reaching this makes the pool claimable. */
  readonly untilFen: Fen;
  /** What has gathered by now; null where nobody counted. */
  readonly gatheredFen: Fen | null;
  /** The pool that it was paid out in, or is to be; null while it is open and nobody looked. */
  readonly poolId: string | null;
}

/** What became of the money of a prize. */
export interface Money {
  readonly payout: PayoutView | null;
  readonly gathers: Gathers | null;
  /** The published end of claims passed, and its budget has the money back. */
  readonly released: boolean;
}

/** Where and when a store handed a prize over. */
export interface HandedOver {
  readonly storeName: string;
  readonly at: Date;
}

/** What is known of a prize by now. `payout` null = nobody asked for the money yet; ends are not included. */
export type AwardProgress =
  | ({ readonly kind: 'cash' } & Money)
  | ({ readonly kind: 'locked'; readonly opensUntil: Date; readonly openedAt: Date | null } & Money)
  | { readonly kind: 'coupon'; readonly validUntil: Date }
  | { readonly kind: 'goods'; readonly address: AddressState; readonly parcel: Parcel | null }
  | {
      readonly kind: 'redeem';
      readonly validUntil: Date;
      readonly coPayFen: number;
      readonly handed: HandedOver | null;
    }
  | { readonly kind: 'nothing' };

/** How a prize stands at the moment it is won. `untilFen`: its money is small and gathers until then, see `Pooling`. */
export function progressWhenWon(prize: Prize, wonAt: Date, untilFen: Fen | null): AwardProgress {
  const gathers = untilFen === null ? null : { untilFen, gatheredFen: null, poolId: null };
  const money: Money = { payout: null, gathers, released: false };
  switch (prize.kind) {
    case 'cash':
      return { kind: 'cash', ...money };
    case 'locked':
      return { kind: 'locked', opensUntil: validUntil(wonAt, prize.opensWithinDays), openedAt: null, ...money };
    case 'coupon':
      return { kind: 'coupon', validUntil: validUntil(wonAt, prize.validDays) };
    case 'goods':
      return { kind: 'goods', address: 'missing', parcel: null };
    case 'redeem':
      return { kind: 'redeem', validUntil: validUntil(wonAt, prize.validDays), coPayFen: prize.coPayFen, handed: null };
    case 'nothing':
      return { kind: 'nothing' };
  }
}

/** Pure: from what is known of a prize to what its owner reads. */
export function awardStanding(progress: AwardProgress, now: Date): AwardStanding {
  switch (progress.kind) {
    case 'nothing':
      return { state: 'none', stateText: '谢谢参与', hint: '这次没中，下一瓶再试试' };
    case 'cash':
      return money(progress);
    case 'locked':
      return progress.openedAt || progress.released ? money(progress) : shut(progress.opensUntil, now);
    case 'coupon':
      return inTime(progress.validUntil, now, (day) => ({
        state: 'usable',
        stateText: '可使用',
        hint: `请在 ${day}前使用，含当天`,
      }));
    case 'goods':
      return progress.parcel ? shipped(progress.parcel) : GOODS[progress.address];
    case 'redeem':
      if (progress.handed) return redeemed(progress.handed);
      return inTime(progress.validUntil, now, (day) => redeem(progress.coPayFen, day));
  }
}

const GOODS: Record<AddressState, AwardStanding> = {
  missing: { state: 'address', stateText: '待填地址', hint: '填好收货地址，我们给您寄去' },
  given: { state: 'packing', stateText: '待发货', hint: '地址收到了，配货前都可以修改' },
  taken: { state: 'packing', stateText: '配货中', hint: '正在配货，很快寄出' },
};

function shipped({ carrier, trackingNo }: Parcel): AwardStanding {
  return { state: 'shipped', stateText: '已寄出', hint: `${carrier} ${trackingNo}，可以到快递公司查物流` };
}

function redeem(coPayFen: number, day: string): AwardStanding {
  const pays = coPayFen > 0 ? `到店补 ${formatYuan(fen(coPayFen))} 元` : '到店免费领';
  return { state: 'redeem', stateText: '待兑付', hint: `${pays}，给店员看兑换码，${day}前有效，含当天` };
}

function redeemed({ storeName, at }: HandedOver): AwardStanding {
  return { state: 'redeemed', stateText: '已兑付', hint: `${shanghaiWords(at)} 在${storeName}兑付` };
}

function shut(opensUntil: Date, now: Date): AwardStanding {
  const day = lastDayWords(opensUntil);
  if (now >= opensUntil) {
    return { state: 'lapsed', stateText: '已过期', hint: `${day}前没有再扫一瓶，红包没能打开` };
  }
  return { state: 'locked', stateText: '待打开', hint: `再扫一瓶就打开，${day}前有效，含当天` };
}

function inTime(until: Date, now: Date, standing: (lastDay: string) => AwardStanding): AwardStanding {
  const day = lastDayWords(until);
  if (now < until) return standing(day);
  return { state: 'lapsed', stateText: '已过期', hint: `有效期到 ${day}，已经过了` };
}

function money({ payout, gathers, released }: Money): AwardStanding {
  if (released) return { state: 'lapsed', stateText: '已过期', hint: '兑奖截止时间已过，一直没有领取，已经失效' };
  if (gathers === null) return payout === null ? UNCLAIMED : moneyStanding(payout);
  if (payout === null) return gathering(gathers);
  const standing = moneyStanding(payout);
  return { ...standing, hint: `和其他小额奖励一起，共 ${formatYuan(payout.amountFen)} 元。${standing.hint}` };
}

/** What has not been asked for yet of a pool. */
export function gathering({ untilFen, gatheredFen }: Pick<Gathers, 'untilFen' | 'gatheredFen'>): MoneyStanding {
  const until = `${formatYuan(untilFen)} 元`;
  const told = { state: 'gathering', stateText: '累计中' } as const;
  if (gatheredFen === null) return { ...told, hint: `小额奖励先累计，满 ${until}就能提现，在钱包里看进度` };
  const sum = `${formatYuan(gatheredFen)} 元`;
  if (gatheredFen >= untilFen) return { ...UNCLAIMED, hint: `已累计 ${sum}，点一下「收款」，一次收到微信零钱` };
  const missing = formatYuan(fen(untilFen - gatheredFen));
  return { ...told, hint: `已累计 ${sum}，满 ${until}就能提现，还差 ${missing} 元` };
}
