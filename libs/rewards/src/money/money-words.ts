import { shanghaiWords } from '@app/kernel';
import type { ChannelName, PayoutState, PayoutView } from '@app/payouts';

/** Where money is, also that of a packet once it is open. */
export type MoneyState =
  /** A tap asks for it. */
  | 'ready'
  | 'preparing'
  | 'confirm'
  | 'processing'
  | 'settled'
  | 'expired'
  | 'failed'
  /** Too small to be paid by itself: it waits for more. */
  | 'gathering'
  /** It failed, and people must look at it first. */
  | 'held';

export interface MoneyStanding {
  readonly state: MoneyState;
  /** Two to four characters for a badge. */
  readonly stateText: string;
  /** One sentence: where it is, what to do. */
  readonly hint: string;
}

/** How money comes to a person: confirmed with a tap, silently as agreed once, or as a red packet in the chat. */
type Route = 'tap' | 'silent' | 'packet';

const ROUTES: Readonly<Record<ChannelName, Route>> = {
  transfer_confirm_v3: 'tap',
  transfer_authorized_v3: 'silent',
  redpack_v2: 'packet',
};

type Told = Pick<PayoutView, 'billExpiresAt' | 'settledAt' | 'failReason'>;

interface Words extends Omit<MoneyStanding, 'hint'> {
  readonly hint: string | ((payout: Told) => string);
}

/** What a winner reads while nobody has asked for the money yet. */
export const UNCLAIMED: MoneyStanding = { state: 'ready', stateText: '待领取', hint: '点一下「收款」，收到微信零钱' };

const HELD: Words = {
  state: 'held',
  stateText: '核实中',
  hint: '这笔钱正在由人工核实，核实完就能领。钱还为您留着，不用重复点',
};
const ASKING: Words = {
  state: 'processing',
  stateText: '到账中',
  hint: '正在等微信的消息，稍后回来看，钱不会少',
};
const WITH_PEOPLE: Words = {
  state: 'processing',
  stateText: '核实中',
  hint: '微信还没给出结果，我们正在人工核实，钱不会少',
};
const ARRIVED: Words = {
  state: 'settled',
  stateText: '已到账',
  hint: ({ settledAt }) => `${settledAt ? `${shanghaiWords(settledAt)} ` : ''}已存入微信零钱`,
};
const GAVE_BACK: Words = {
  state: 'expired',
  stateText: '待领取',
  hint: '上次没有收下，钱还为您留着，点「收款」再来一次',
};
const preparing = (hint: string): Words => ({ state: 'preparing', stateText: '准备中', hint });

type NotFailed = Exclude<PayoutState, 'FAILED'>;

/** Every state on every route, but FAILED: that one is told by its reason. */
const WORDS: Readonly<Record<Route, Readonly<Record<NotFailed, Words>>>> = {
  tap: {
    PENDING: preparing('正在请微信备好这笔钱，几秒就好'),
    SENDING: preparing('正在请微信备好这笔钱，几秒就好'),
    UNKNOWN: ASKING,
    WAIT_USER: {
      state: 'confirm',
      stateText: '待确认',
      hint: ({ billExpiresAt }) =>
        billExpiresAt ? `请在 ${shanghaiWords(billExpiresAt)} 前点「收款」确认` : '点「收款」，在微信里确认',
    },
    MANUAL: WITH_PEOPLE,
    SETTLED: ARRIVED,
    REFUNDED: GAVE_BACK,
  },
  silent: {
    PENDING: preparing('正在转到您的微信零钱，不用再点，一般几秒就到'),
    SENDING: preparing('正在转到您的微信零钱，不用再点，一般几秒就到'),
    UNKNOWN: ASKING,
    WAIT_USER: { ...ASKING, hint: '微信正在处理这笔转账，不用再点，到了会存入零钱' },
    MANUAL: WITH_PEOPLE,
    SETTLED: ARRIVED,
    REFUNDED: GAVE_BACK,
  },
  packet: {
    PENDING: preparing('红包正在路上，几秒就好'),
    SENDING: preparing('红包正在路上，几秒就好'),
    UNKNOWN: ASKING,
    WAIT_USER: { state: 'processing', stateText: '已发出', hint: '红包已发到公众号会话，24 小时内拆开就到零钱' },
    MANUAL: WITH_PEOPLE,
    SETTLED: ARRIVED,
    REFUNDED: { ...GAVE_BACK, hint: '红包没有拆开，已退回给您留着，点「收款」重新发' },
  },
};

const again = (hint: string): Words => ({ state: 'expired', stateText: '待领取', hint });
const failed = (hint: string): Words => ({ state: 'failed', stateText: '未到账', hint });

const TOO_LATE = again('上次超过 24 小时没有确认，钱还为您留着，点「收款」再来一次');
const UNFINISHED = again('上次没有办完，钱还为您留着，点「收款」再来一次');
const ACCOUNT = failed('您的微信零钱暂时收不了款，请在微信「服务 - 钱包」里看看，好了再点「收款」，钱还为您留着');
const REAL_NAME = failed('微信支付还没有完成实名，请先在微信里完成，再点「收款」，钱还为您留着');
const DAY_FULL = failed('您今天在微信的收款额度用完了，明天再点「收款」，钱还为您留着');
const RISK = failed('微信出于安全没有放行这笔钱，过一两天再点「收款」试试，钱还为您留着');
const OTHER = failed('微信没能完成这笔转账，钱还为您留着，可以再点一次「收款」');

/** WeChat's words for a proven failure (`WECHAT.md` §4.5, §3.4). What is not listed is told as OTHER. */
const FAILURES: Readonly<Record<string, Words>> = {
  OVERDUE_CLOSE: TOO_LATE,
  MERCHANT_NOT_CONFIRM: TOO_LATE,
  MCH_CANCEL: UNFINISHED,
  CANCELLED: UNFINISHED,
  REFUND: again('上次的红包没有拆开，已退回给您留着，点「收款」重新发'),
  AUTHORISATION_CLOSED: again('免确认收款已关闭，钱还为您留着，点「收款」照常领取'),
  ACCOUNT_FROZEN: ACCOUNT,
  ACCOUNT_NOT_EXIST: ACCOUNT,
  PAYEE_ACCOUNT_ABNORMAL: ACCOUNT,
  REAL_NAME_CHECK_FAIL: REAL_NAME,
  NAME_NOT_CORRECT: REAL_NAME,
  REALNAME_ACCOUNT_RECEIVED_QUOTA_EXCEED: failed('您在微信的收款额度用完了，额度恢复后再点「收款」，钱还为您留着'),
  BLOCK_B2C_USERLIMITAMOUNT_MONTH: failed('您这个月在微信的收款额度用完了，下个月再点「收款」，钱还为您留着'),
  DAY_RECEIVED_QUOTA_EXCEED: DAY_FULL,
  DAY_RECEIVED_COUNT_EXCEED: DAY_FULL,
  TRANSFER_QUOTA_EXCEED: DAY_FULL,
  TRANSFER_RISK: RISK,
  NO_AUTH: RISK,
};

/** Where the money of one payout is, as its owner reads it: pure, for every state on every channel. */
export function moneyStanding(payout: PayoutView): MoneyStanding {
  const { state, stateText, hint } = wordsOf(payout);
  return { state, stateText, hint: typeof hint === 'string' ? hint : hint(payout) };
}

function wordsOf({ state, channel, failReason, frozen }: PayoutView): Words {
  if (frozen) return HELD;
  if (state !== 'FAILED') return WORDS[ROUTES[channel]][state];
  const known = failReason !== null && Object.hasOwn(FAILURES, failReason) ? FAILURES[failReason] : undefined;
  return known ?? OTHER;
}
