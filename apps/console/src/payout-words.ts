import type { Schemas } from './api';

export type PayoutState = Schemas['PayoutDto']['state'];
type Tone = 'good' | 'wait' | 'bad' | 'info' | 'none';

/** Where a payment stands, in the same words on every page that shows one. */
export const PAYOUT_WORDS: Readonly<Record<PayoutState, readonly [Tone, string]>> = {
  PENDING: ['info', '待发送'],
  SENDING: ['info', '发送中'],
  WAIT_USER: ['wait', '等本人确认'],
  UNKNOWN: ['wait', '等微信结果'],
  MANUAL: ['bad', '人工核实'],
  SETTLED: ['good', '已到账'],
  FAILED: ['none', '未成功，可再领'],
  REFUNDED: ['none', '已退回，可再领'],
};

/** The same for a state that arrives as text. */
export function payoutWords(state: string): readonly [Tone, string] {
  return PAYOUT_WORDS[state as PayoutState] ?? ['none', state];
}
