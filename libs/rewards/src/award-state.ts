import type { Prize } from '@app/campaigns';
import { fen, formatYuan, shanghaiWords } from '@app/kernel';
import type { PayoutView } from '@app/payouts';
import type { AddressState } from './goods/award-addresses.repository';
import { lastDayWords, validUntil } from './validity';

/** Where a prize is, as its owner sees it. The first eight are about money, also that of a packet once it is open. */
export type AwardState =
  | 'ready'
  | 'preparing'
  | 'confirm'
  | 'processing'
  | 'settled'
  | 'expired'
  | 'failed'
  | 'none'
  /** A packet that the next bottle opens. */
  | 'locked'
  /** A coupon that can be used. */
  | 'usable'
  /** Goods: we do not know yet where to send them. */
  | 'address'
  /** Goods: we know, and they are on their way out. */
  | 'packing'
  /** A store hands it over. */
  | 'redeem'
  /** Its time has passed. */
  | 'lapsed';

export interface AwardStanding {
  readonly state: AwardState;
  /** Two to four characters for a badge. */
  readonly stateText: string;
  /** One sentence: where it is, what to do. */
  readonly hint: string;
}

/** What is known of a prize by now. `payout` null = nobody asked for the money yet; ends are not included. */
export type AwardProgress =
  | { readonly kind: 'cash'; readonly payout: PayoutView | null }
  | {
      readonly kind: 'locked';
      readonly opensUntil: Date;
      readonly openedAt: Date | null;
      readonly payout: PayoutView | null;
    }
  | { readonly kind: 'coupon'; readonly validUntil: Date }
  | { readonly kind: 'goods'; readonly address: AddressState }
  | { readonly kind: 'redeem'; readonly validUntil: Date; readonly coPayFen: number }
  | { readonly kind: 'nothing' };

/** How a prize stands at the moment it is won. */
export function progressWhenWon(prize: Prize, wonAt: Date): AwardProgress {
  switch (prize.kind) {
    case 'cash':
      return { kind: 'cash', payout: null };
    case 'locked':
      return { kind: 'locked', opensUntil: validUntil(wonAt, prize.opensWithinDays), openedAt: null, payout: null };
    case 'coupon':
      return { kind: 'coupon', validUntil: validUntil(wonAt, prize.validDays) };
    case 'goods':
      return { kind: 'goods', address: 'missing' };
    case 'redeem':
      return { kind: 'redeem', validUntil: validUntil(wonAt, prize.validDays), coPayFen: prize.coPayFen };
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
      return money(progress.payout);
    case 'locked':
      return progress.openedAt ? money(progress.payout) : shut(progress.opensUntil, now);
    case 'coupon':
      return inTime(progress.validUntil, now, (day) => ({
        state: 'usable',
        stateText: '可使用',
        hint: `请在 ${day}前使用，含当天`,
      }));
    case 'goods':
      return GOODS[progress.address];
    case 'redeem':
      return inTime(progress.validUntil, now, (day) => redeem(progress.coPayFen, day));
  }
}

const GOODS: Record<AddressState, AwardStanding> = {
  missing: { state: 'address', stateText: '待填地址', hint: '填好收货地址，我们给您寄去' },
  given: { state: 'packing', stateText: '待发货', hint: '地址收到了，配货前都可以修改' },
  taken: { state: 'packing', stateText: '配货中', hint: '正在配货，很快寄出' },
};

function redeem(coPayFen: number, day: string): AwardStanding {
  const pays = coPayFen > 0 ? `到店补 ${formatYuan(fen(coPayFen))} 元` : '到店免费领';
  return { state: 'redeem', stateText: '待兑付', hint: `${pays}，给店员看兑换码，${day}前有效，含当天` };
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

function money(payout: PayoutView | null): AwardStanding {
  if (!payout) return { state: 'ready', stateText: '待领取', hint: '点一下「收款」，收到微信零钱' };
  return payout.channel === 'redpack_v2' ? redPacket(payout) : transfer(payout);
}

function transfer(payout: PayoutView): AwardStanding {
  switch (payout.state) {
    case 'PENDING':
    case 'SENDING':
      return { state: 'preparing', stateText: '准备中', hint: '正在请微信备好这笔钱，几秒就好' };
    case 'WAIT_USER':
      return { state: 'confirm', stateText: '待确认', hint: confirmHint(payout.billExpiresAt) };
    case 'FAILED':
      return failed(payout.failReason);
    default:
      return underWay(payout);
  }
}

function redPacket(payout: PayoutView): AwardStanding {
  switch (payout.state) {
    case 'WAIT_USER':
      return { state: 'processing', stateText: '已发出', hint: '红包已发到公众号会话，24 小时内拆开就到零钱' };
    case 'FAILED':
      return payout.failReason === 'REFUND'
        ? { state: 'expired', stateText: '待领取', hint: '上次的红包没有拆开，已退回给您留着，点「收款」重新发' }
        : failed(payout.failReason);
    case 'PENDING':
    case 'SENDING':
      return { state: 'preparing', stateText: '准备中', hint: '红包正在路上，几秒就好' };
    default:
      return underWay(payout);
  }
}

function underWay({ state, settledAt }: PayoutView): AwardStanding {
  if (state === 'SETTLED') {
    const when = settledAt ? `${shanghaiWords(settledAt)} ` : '';
    return { state: 'settled', stateText: '已到账', hint: `${when}已存入微信零钱` };
  }
  if (state === 'REFUNDED')
    return { state: 'expired', stateText: '待领取', hint: '上次没有收下，钱还为您留着，点「收款」再来一次' };
  if (state === 'MANUAL')
    return { state: 'processing', stateText: '核实中', hint: '微信还没给出结果，我们正在人工核实，钱不会少' };
  return { state: 'processing', stateText: '到账中', hint: '正在等微信的消息，稍后回来看，钱不会少' };
}

function confirmHint(expiresAt: Date | null): string {
  return expiresAt ? `请在 ${shanghaiWords(expiresAt)} 前点「收款」确认` : '点「收款」，在微信里确认';
}

function failed(reason: string | null): AwardStanding {
  if (reason === 'OVERDUE_CLOSE' || reason === 'MERCHANT_NOT_CONFIRM') {
    return {
      state: 'expired',
      stateText: '待领取',
      hint: '上次超过 24 小时没有确认，钱还为您留着，点「收款」再来一次',
    };
  }
  return { state: 'failed', stateText: '未到账', hint: '微信没能完成这笔转账，钱还为您留着，可以再点一次「收款」' };
}
