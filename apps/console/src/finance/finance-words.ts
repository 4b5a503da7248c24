import type { Schemas } from '../api';
import type { PayoutState } from '../payout-words';

type Tone = 'good' | 'wait' | 'bad' | 'info' | 'none';
type Words<K extends string> = Readonly<Record<K, readonly [Tone, string]>>;

export type CaseState = Schemas['MoneyCaseDto']['state'];
export const CASE_WORDS: Words<CaseState> = {
  open: ['bad', '待处理'],
  working: ['wait', '处理中'],
  closed: ['none', '已关闭'],
};

export const GRANT_WORDS: Readonly<Record<string, readonly [Tone, string]>> = {
  requested: ['wait', '待审批'],
  approved: ['good', '已批准'],
  rejected: ['none', '已驳回'],
  withdrawn: ['none', '已撤回'],
};

export const BEARERS = [
  { value: 'hq', label: '总部承担' },
  { value: 'distributor', label: '经销商承担' },
  { value: 'shared', label: '双方分担' },
] as const;
export const bearerWords = (value: string): string => BEARERS.find((one) => one.value === value)?.label ?? value;

const CHANNELS: Readonly<Record<string, string>> = {
  transfer_confirm_v3: '转账（本人确认）',
  transfer_authorized_v3: '转账（免确认）',
  redpack_v2: '现金红包',
};
export const channelWords = (channel: string): string => CHANNELS[channel] ?? channel;

export const BREAKER_WORDS = {
  open: ['good', '畅通'],
  shut: ['bad', '已暂停'],
  probing: ['wait', '试探中'],
} as const satisfies Words<'open' | 'shut' | 'probing'>;

export type RunState = Schemas['ReconciliationRunDto']['state'];
export const RUN_WORDS: Readonly<Record<string, readonly [Tone, string]>> = {
  queued: ['info', '排队中'],
  running: ['info', '核对中'],
  waiting: ['wait', '等账单'],
  done: ['good', '已核对'],
  failed: ['bad', '没有完成'],
};

export const DIFFERENCE_WORDS: Readonly<Record<string, string>> = {
  missing: '账单里没有',
  extra: '账单里多出',
  amount: '金额不符',
  state: '结果相反',
  duplicate: '重复付款',
  payee: '收款人不符',
};

export const CORRECTION_WORDS: Readonly<Record<string, readonly [Tone, string]>> = {
  requested: ['wait', '待审批'],
  approved: ['good', '已入账'],
  rejected: ['none', '已驳回'],
  withdrawn: ['none', '已撤回'],
};

export type DecisionState = Schemas['MoneyDecisionDto']['state'];
export const DECISION_STATE_WORDS: Words<DecisionState> = {
  pending: ['wait', '等第二人'],
  approved: ['good', '已同意'],
  refused: ['none', '没有同意'],
  withdrawn: ['none', '已撤回'],
};
/** What somebody asks a second person to agree to. Of money that had arrived a no means that it came back (REFUNDED). */
export function decisionWords(kind: Schemas['MoneyDecisionDto']['kind'], state: PayoutState | null): string {
  if (kind === 'settle') return '认定已到账';
  if (kind === 'close') return '关闭异常';
  return state === 'SETTLED' || state === 'REFUNDED' ? '认定已退回' : '认定没有到账';
}

/** What was done with a case, line by line. */
export const TRAIL_WORDS: Readonly<Record<string, string>> = {
  assigned: '交给',
  noted: '记录',
  asked_wechat: '问了微信',
  close_asked: '申请关闭',
  close_refused: '没有同意关闭',
  close_withdrawn: '撤回了关闭申请',
  closed: '关闭',
  decided: '两个人作了结论',
  resolved: '原因消失，自动关闭',
};

export const WRITE_OFF_WORDS: Readonly<Record<string, readonly [Tone, string]>> = {
  draft: ['info', '草稿'],
  signed: ['wait', '待复核'],
  closed: ['good', '已核销'],
  void: ['none', '已作废'],
};
