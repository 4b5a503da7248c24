import { placeholders, type SqlValue, type Tx } from '@app/database';
import { Defect } from '@app/kernel';
import type { ChannelName } from '../channels/payout-channel';
import type { Payout } from '../payout';
import { assertMove, isProvenFailure, type PayoutState } from '../payout-state';

/** Columns a move may set besides state. */
export interface Change {
  readonly billNo?: string | null;
  readonly offerNo?: number;
  /** Only with a new offer: a bill keeps its channel for ever. */
  readonly channel?: ChannelName;
  readonly attemptNo?: number;
  readonly leaseMs?: number | null;
  /** Milliseconds from now; null = nobody looks again by itself. */
  readonly nextInMs?: number | null;
  readonly checks?: number;
  readonly unknownSince?: 'now' | null;
  readonly packageSealed?: Buffer | null;
  readonly billExpiresAt?: Date | null;
  readonly failReason?: string | null;
  /** WeChat's own number of the bill. */
  readonly providerNo?: string | null;
  readonly settledAt?: 'now';
  readonly offeredAt?: 'now';
}

/** One payout as it was read, and what becomes of it. `stay`: other columns without a move. */
export interface PayoutWrite {
  readonly payout: Payout;
  readonly to: PayoutState | 'stay';
  readonly reason: string;
  readonly change: Change;
  /** Two people decided it: the moves that are theirs alone are open. */
  readonly byPeople?: boolean;
}

/** What a column is set to: SQL text with places, and the values in them. */
interface Term {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/**
 * Throws Defect for a move that does not exist, for a new offer of a payout that is not proven to have failed, and for another bill number
 * within an offer (I4, I9). Nothing is written to a payout without passing here.
 */
export function assertWrite({ payout, to, change, byPeople }: PayoutWrite): void {
  if (to !== 'stay') assertMove(payout.state, to, byPeople);
  const nextOffer = change.offerNo !== undefined;
  if (to === 'PENDING' && payout.state !== 'SENDING' && change.offerNo !== payout.offerNo + 1) {
    throw new Defect('a payout comes back only with the next offer');
  }
  if (nextOffer && (to !== 'PENDING' || !isProvenFailure(payout.state))) {
    throw new Defect('the bill of a payout cannot change while its outcome is unproven');
  }
  if (change.channel !== undefined && !nextOffer) throw new Defect('a bill keeps its channel for ever');
  if (change.billNo === undefined || payout.billNo === null || change.billNo === payout.billNo) return;
  if (change.billNo !== null || !nextOffer) throw new Defect('the bill number of an offer never changes');
}

/** The payout as it stands after a write, for a further one in the same transaction. `now` is the database's time. */
export function written({ payout, to, change }: PayoutWrite, now: Date): Payout {
  const after = (ms: number | null | undefined, before: Date | null): Date | null =>
    ms === undefined ? before : ms === null ? null : new Date(now.getTime() + ms);
  const unknownSince = change.unknownSince === 'now' ? (payout.unknownSince ?? now) : null;
  return {
    ...payout,
    state: to === 'stay' ? payout.state : to,
    moveNo: to === 'stay' ? payout.moveNo : payout.moveNo + 1,
    offerNo: change.offerNo ?? payout.offerNo,
    channel: change.channel ?? payout.channel,
    attemptNo: change.attemptNo ?? payout.attemptNo,
    billNo: change.billNo === undefined ? payout.billNo : change.billNo,
    checks: change.checks ?? payout.checks,
    leaseUntil: after(change.leaseMs, payout.leaseUntil),
    nextAt: after(change.nextInMs, payout.nextAt),
    unknownSince: change.unknownSince === undefined ? payout.unknownSince : unknownSince,
    packageSealed: change.packageSealed === undefined ? payout.packageSealed : change.packageSealed,
    billExpiresAt: change.billExpiresAt === undefined ? payout.billExpiresAt : change.billExpiresAt,
    failReason: change.failReason === undefined ? payout.failReason : change.failReason,
    offeredAt: change.offeredAt === 'now' ? now : payout.offeredAt,
    settledAt: change.settledAt === 'now' ? now : payout.settledAt,
  };
}

/**
 * One compare-and-set for payouts of one state that change the same columns: state, attempt number and move number of each must be as
 * read (I21). Throws Defect when one is not, or when a payout comes twice.
 */
export async function updatePayouts(tx: Tx, writes: readonly PayoutWrite[]): Promise<void> {
  const keys = writes.map(({ payout }) => payout.payoutKey);
  if (new Set(keys).size !== keys.length) throw new Defect('one payout twice in one write');
  const terms = writes.map(assignments);
  const set: string[] = ['updated_at = UTC_TIMESTAMP(6)'];
  const values: SqlValue[] = [];
  const add = (text: string, column: readonly Term[]): void => {
    const term = byKey(keys, column);
    set.push(`${text} = ${term.sql}`);
    values.push(...term.values);
  };
  for (const column of terms[0]!.keys()) {
    add(
      column,
      terms.map((each) => each.get(column)!),
    );
  }
  const attempts = byKey(
    keys,
    writes.map(({ payout }) => value(payout.attemptNo)),
  );
  const moves = byKey(
    keys,
    writes.map(({ payout }) => value(payout.moveNo)),
  );
  const { affectedRows } = await tx.execute(
    `UPDATE payouts SET ${set.join(', ')}
     WHERE payout_key IN (${placeholders(keys)}) AND state = ? AND attempt_no = ${attempts.sql} AND move_no = ${moves.sql}`,
    [...values, ...keys, writes[0]!.payout.state, ...attempts.values, ...moves.values],
  );
  if (affectedRows !== writes.length) throw new Defect(`payout ${keys.join(', ')} was changed by somebody else`);
}

/** Writes that one statement can carry, together: the same state before and after, and the same columns. */
export function alike(writes: readonly PayoutWrite[]): PayoutWrite[][] {
  const groups = new Map<string, PayoutWrite[]>();
  for (const write of writes) {
    const shape = `${write.payout.state} ${write.to} ${[...assignments(write).keys()].join()}`;
    const group = groups.get(shape);
    if (group) group.push(write);
    else groups.set(shape, [write]);
  }
  return [...groups.values()];
}

/** The same for all, or by the payout's key. */
function byKey(keys: readonly string[], terms: readonly Term[]): Term {
  const first = terms[0]!;
  if (terms.every((term) => sameTerm(term, first))) return first;
  return {
    sql: `CASE payout_key ${terms.map(({ sql }) => `WHEN ? THEN ${sql}`).join(' ')} END`,
    values: terms.flatMap((term, index) => [keys[index]!, ...term.values]),
  };
}

function sameTerm(one: Term, other: Term): boolean {
  return one.sql === other.sql && one.values.every((each, index) => each === other.values[index]);
}

function value(of: SqlValue): Term {
  return { sql: '?', values: [of] };
}

/** Column → what it is set to, always in the same order. */
function assignments({ payout, to, change }: PayoutWrite): Map<string, Term> {
  const set = new Map<string, Term>();
  const plain = (column: string, of: SqlValue | undefined): void => {
    if (of !== undefined) set.set(column, value(of));
  };
  const fromNow = (column: string, ms: number | null | undefined): void => {
    if (ms === undefined) return;
    if (ms === null) set.set(column, { sql: 'NULL', values: [] });
    else set.set(column, { sql: 'UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND', values: [Math.round(ms * 1000)] });
  };
  const now = (column: string, sql = 'UTC_TIMESTAMP(6)'): void => void set.set(column, { sql, values: [] });
  if (to !== 'stay') {
    plain('state', to);
    plain('move_no', payout.moveNo + 1);
  }
  plain('bill_no', change.billNo);
  plain('offer_no', change.offerNo);
  plain('channel', change.channel);
  plain('attempt_no', change.attemptNo);
  plain('checks', change.checks);
  plain('package_sealed', change.packageSealed);
  plain('bill_expires_at', change.billExpiresAt);
  plain('provider_no', change.providerNo?.slice(0, 64) ?? change.providerNo);
  plain('fail_reason', change.failReason?.slice(0, 64) ?? change.failReason);
  fromNow('lease_until', change.leaseMs);
  fromNow('next_at', change.nextInMs);
  if (change.unknownSince === 'now') now('unknown_since', 'COALESCE(unknown_since, UTC_TIMESTAMP(6))');
  if (change.unknownSince === null) now('unknown_since', 'NULL');
  if (change.settledAt === 'now') now('settled_at');
  if (change.offeredAt === 'now') now('offered_at');
  return set;
}
