import type { Schemas } from '../api';

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

export const WRITE_OFF_WORDS: Readonly<Record<string, readonly [Tone, string]>> = {
  draft: ['info', '草稿'],
  signed: ['wait', '待复核'],
  closed: ['good', '已核销'],
  void: ['none', '已作废'],
};
