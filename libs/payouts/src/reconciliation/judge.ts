import type { ChannelName } from '../channels/payout-channel';
import type { PayoutState } from '../payout-state';

/** How one of our bills ended by our own books. `open`: nobody knows yet. */
export type BillEnd = 'paid' | 'failed' | 'refunded' | 'open';

/** One of our bills, as reconciliation needs it. */
export interface OurBill {
  readonly billNo: string;
  readonly payoutKey: string;
  readonly channel: ChannelName;
  readonly amountFen: number;
  readonly end: BillEnd;
  /** State of its payout, which may be at a later bill by now. */
  readonly state: PayoutState;
}

/** Everything the channel's files say about one bill, over all days that were read. */
export interface FileSide {
  readonly outRows: number;
  readonly outFen: number;
  readonly inRows: number;
  readonly inFen: number;
}

/**
 * `missing`: we paid, no file says so. `extra`: money left for a bill we never made. `amount`: another amount. `state`: we say failed, the
 * file says paid, or the reverse. `duplicate`: paid more than once. `payee`: paid to somebody else.
 */
export const DIFFERENCE_KINDS = ['missing', 'extra', 'amount', 'state', 'duplicate', 'payee'] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

export type Judgement =
  | { readonly kind: 'matched' }
  /** Paid out and back again, and we know it as not paid. */
  | { readonly kind: 'returned' }
  /** The other side may still come; `urgent` asks the channel now. */
  | { readonly kind: 'waiting'; readonly urgent: boolean }
  /** Neither side has moved anything. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'differs'; readonly difference: Exclude<DifferenceKind, 'payee'> };

/** So many days after one side named a bill the other side must have, midnight and late answers included. */
export const PATIENCE_DAYS = 1;

export const NO_ROWS: FileSide = { outRows: 0, outFen: 0, inRows: 0, inFen: 0 };

/** What a bill's two sides mean together; `ageDays` counts from the day on which one of them named it first. Pure. */
export function judge(ours: OurBill | null, file: FileSide, ageDays: number): Judgement {
  const net = file.outRows - file.inRows;
  if (ours === null) return file.outRows + file.inRows === 0 ? { kind: 'nothing' } : differs('extra');
  if (net > 1) return differs('duplicate');
  switch (ours.end) {
    case 'paid':
      return judgePaid(ours, file, net, ageDays);
    case 'open':
      return judgeOpen(ours, file, net, ageDays);
    default:
      return judgeUnpaid(ours, file, net, ageDays);
  }
}

function judgePaid(ours: OurBill, file: FileSide, net: number, ageDays: number): Judgement {
  if (file.outRows + file.inRows === 0) return ageDays >= PATIENCE_DAYS ? differs('missing') : waiting();
  if (net < 1) return differs('state');
  return file.outFen - file.inFen === ours.amountFen ? { kind: 'matched' } : differs('amount');
}

/** Failed or refunded: whatever went out must be back. A packet nobody took comes back a while after it failed for us. */
function judgeUnpaid(ours: OurBill, file: FileSide, net: number, ageDays: number): Judgement {
  if (file.outRows + file.inRows === 0) return { kind: 'nothing' };
  if (net === 1 && leavesWhenSent(ours.channel) && ageDays < PATIENCE_DAYS + 1) return waiting();
  if (net !== 0) return differs('state');
  return file.outFen === file.inFen ? { kind: 'returned' } : differs('amount');
}

function judgeOpen(ours: OurBill, file: FileSide, net: number, ageDays: number): Judgement {
  if (file.outRows + file.inRows === 0) return { kind: 'nothing' };
  if (net < 0) return differs('state');
  if (net === 1 && file.outFen - file.inFen !== ours.amountFen) return differs('amount');
  const patience = leavesWhenSent(ours.channel) ? PATIENCE_DAYS + 1 : PATIENCE_DAYS;
  if (ageDays >= patience) return differs('state');
  return waiting(!leavesWhenSent(ours.channel) || net === 0);
}

/** Money of a red packet leaves the account when it is sent, that of a transfer when the person has it. */
export function leavesWhenSent(channel: ChannelName): boolean {
  return channel === 'redpack_v2';
}

function differs(difference: Exclude<DifferenceKind, 'payee'>): Judgement {
  return { kind: 'differs', difference };
}

function waiting(urgent = false): Judgement {
  return { kind: 'waiting', urgent };
}
