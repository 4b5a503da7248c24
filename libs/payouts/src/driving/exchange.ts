import type { Meaning, FrozenRequest } from '../channels/payout-channel';
import type { Payout } from '../payout';
import type { Act } from './attempts.repository';
import type { Change } from './payout-change';

/** One exchange that was begun: committed before a byte is sent, recorded only while its attempt number still stands. */
export interface Exchange {
  readonly act: Exclude<Act, 'notify'>;
  readonly payoutKey: string;
  readonly billNo: string;
  readonly attemptNo: number;
  readonly request: FrozenRequest;
  readonly requestHash: Buffer;
  /** This send finds out whether a blocked channel works again. */
  readonly probe: boolean;
}

/** The columns that hold a payout for whoever talks to WeChat about it: its next attempt number and the lease. */
export function leased(payout: Payout, leaseMs: number): Change & { readonly attemptNo: number } {
  return { attemptNo: payout.attemptNo + 1, leaseMs, nextInMs: leaseMs };
}

/** WeChat has the bill, whatever becomes of it. */
export function isAccepted({ kind }: Meaning): boolean {
  return kind === 'succeeded' || kind === 'wait_user' || kind === 'in_flight';
}
