import { shanghaiWords } from '@app/kernel';
import type { PayoutView } from '@app/payouts';

/** Where the money of a prize is, as its owner sees it. */
export type AwardState = 'ready' | 'preparing' | 'confirm' | 'processing' | 'settled' | 'expired' | 'failed' | 'none';

export interface AwardStanding {
  readonly state: AwardState;
  /** Two to four characters for a badge. */
  readonly stateText: string;
  /** One sentence: where it is, what to tap. */
  readonly hint: string;
}

/** Pure: from the payout (null = nobody asked for the money yet) to what its owner reads. `cash` is false for 谢谢参与. */
export function awardStanding(cash: boolean, payout: PayoutView | null): AwardStanding {
  if (!cash) return { state: 'none', stateText: '谢谢参与', hint: '这次没中，下一瓶再试试' };
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
