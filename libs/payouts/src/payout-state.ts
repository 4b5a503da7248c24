import { Defect } from '@app/kernel';

/**
 * PENDING: to be sent. SENDING: somebody holds the lease and talks to WeChat. WAIT_USER: accepted, the person must take it.
 * UNKNOWN: WeChat may or may not have it; ask, never change the bill. MANUAL: people decide. The others are results.
 */
export const PAYOUT_STATES = [
  'PENDING',
  'SENDING',
  'UNKNOWN',
  'WAIT_USER',
  'MANUAL',
  'SETTLED',
  'FAILED',
  'REFUNDED',
] as const;
export type PayoutState = (typeof PAYOUT_STATES)[number];

/** For sentences that people read; the console's lists say the same. */
export const STATE_WORDS: Readonly<Record<PayoutState, string>> = {
  PENDING: '待发送',
  SENDING: '发送中',
  WAIT_USER: '等本人确认',
  UNKNOWN: '等微信结果',
  MANUAL: '人工核实',
  SETTLED: '已到账',
  FAILED: '未成功',
  REFUNDED: '已退回',
};

/** Every move that machines make. FAILED and REFUNDED go back to PENDING only together with offerNo + 1. */
export const ALLOWED_MOVES: Readonly<Record<PayoutState, readonly PayoutState[]>> = {
  PENDING: ['SENDING'],
  SENDING: ['WAIT_USER', 'UNKNOWN', 'SETTLED', 'FAILED', 'PENDING'],
  UNKNOWN: ['SENDING', 'WAIT_USER', 'SETTLED', 'FAILED', 'MANUAL'],
  WAIT_USER: ['SETTLED', 'FAILED', 'UNKNOWN'],
  MANUAL: ['SETTLED', 'FAILED'],
  SETTLED: ['REFUNDED'],
  FAILED: ['PENDING'],
  REFUNDED: ['PENDING'],
};

/**
 * Moves that no machine ever makes: where WeChat spoke against a result of ours, two people may say that its money arrived after all.
 * The bill stays the one of that offer.
 */
export const PEOPLES_MOVES: Readonly<Partial<Record<PayoutState, readonly PayoutState[]>>> = {
  FAILED: ['SETTLED'],
  REFUNDED: ['SETTLED'],
};

/** States in which the bill is proven to have had no effect, or its effect is proven undone: only here a new offer may begin. */
export type ProvenFailure = Extract<PayoutState, 'FAILED' | 'REFUNDED'>;
/** States that somebody must still drive. MANUAL waits for people. */
export const DRIVEN_STATES = ['PENDING', 'SENDING', 'UNKNOWN', 'WAIT_USER'] as const satisfies readonly PayoutState[];

export function mayMove(from: PayoutState, to: PayoutState, byPeople = false): boolean {
  return ALLOWED_MOVES[from].includes(to) || (byPeople && (PEOPLES_MOVES[from] ?? []).includes(to));
}

/** Throws Defect for a move that does not exist, or that is not a machine's (INVARIANTS I9). */
export function assertMove(from: PayoutState, to: PayoutState, byPeople = false): void {
  if (!mayMove(from, to, byPeople)) throw new Defect(`a payout cannot go from ${from} to ${to}`);
}

export function isProvenFailure(state: PayoutState): state is ProvenFailure {
  return state === 'FAILED' || state === 'REFUNDED';
}

export function payoutState(text: string): PayoutState {
  const state = PAYOUT_STATES.find((known) => known === text);
  if (!state) throw new Defect(`unknown payout state ${text}`);
  return state;
}
