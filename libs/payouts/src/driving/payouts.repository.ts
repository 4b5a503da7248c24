import { Injectable } from '@nestjs/common';
import { placeholders, type Reader, type SqlValue, textOf, type Tx } from '@app/database';
import { Defect } from '@app/kernel';
import { PAYOUT_COLUMNS, payoutOf, type FailedPayout, type Payout, type PayoutRow } from '../payout';
import { assertMove, type PayoutState } from '../payout-state';

/** Columns a move may set besides state. */
export interface Change {
  readonly billNo?: string | null;
  readonly offerNo?: number;
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

/** Payout rows and their history. Every change is a compare-and-set on state and attempt number. */
@Injectable()
export class PayoutsRepository {
  async find(reader: Reader, payoutKey: string): Promise<Payout | null> {
    const [row] = await reader.query<PayoutRow>(`SELECT ${PAYOUT_COLUMNS} FROM payouts WHERE payout_key = ?`, [
      payoutKey,
    ]);
    return row ? payoutOf(row) : null;
  }

  async lock(tx: Tx, payoutKey: string): Promise<Payout | null> {
    const [row] = await tx.query<PayoutRow>(`SELECT ${PAYOUT_COLUMNS} FROM payouts WHERE payout_key = ? FOR UPDATE`, [
      payoutKey,
    ]);
    return row ? payoutOf(row) : null;
  }

  async many(reader: Reader, payoutKeys: readonly string[]): Promise<Payout[]> {
    if (payoutKeys.length === 0) return [];
    const rows = await reader.query<PayoutRow>(
      `SELECT ${PAYOUT_COLUMNS} FROM payouts WHERE payout_key IN (${placeholders(payoutKeys)})`,
      payoutKeys,
    );
    return rows.map(payoutOf);
  }

  /** Keys of payouts that somebody must look at now, the longest waiting first. */
  async due(reader: Reader, states: readonly PayoutState[], limit: number): Promise<string[]> {
    const rows = await reader.query<{ payout_key: Buffer }>(
      `SELECT payout_key FROM payouts WHERE state IN (${placeholders(states)}) AND next_at <= UTC_TIMESTAMP(6)
       ORDER BY next_at LIMIT ${Math.trunc(limit)}`,
      states,
    );
    return rows.map((row) => textOf(row.payout_key));
  }

  /** The move and its audit row. Throws Defect for a move that does not exist, or when the row is not as it was read (I9, I21). */
  async move(tx: Tx, payout: Payout, to: PayoutState, reason: string, change: Change = {}): Promise<Payout> {
    assertMove(payout.state, to);
    if (to === 'PENDING' && payout.state !== 'SENDING' && change.offerNo !== payout.offerNo + 1) {
      throw new Defect('a payout comes back only with the next offer');
    }
    if (change.offerNo !== undefined && payout.state !== 'FAILED' && payout.state !== 'REFUNDED') {
      throw new Defect('the bill of a payout cannot change while its outcome is unproven');
    }
    if (
      change.billNo !== undefined &&
      change.billNo !== null &&
      payout.billNo !== null &&
      change.billNo !== payout.billNo
    ) {
      throw new Defect('the bill number of an offer never changes');
    }
    return this.write(tx, payout, to, reason, change);
  }

  /** The next offer of a payout that is proven to have failed. No other payout fits the parameter. */
  nextOffer(tx: Tx, payout: FailedPayout): Promise<Payout> {
    return this.move(tx, payout, 'PENDING', 'next_offer', {
      offerNo: payout.offerNo + 1,
      offeredAt: 'now',
      billNo: null,
      nextInMs: 0,
      checks: 0,
      unknownSince: null,
      packageSealed: null,
      billExpiresAt: null,
      failReason: null,
      providerNo: null,
    });
  }

  /** Other columns without a move; same compare-and-set. */
  async touch(tx: Tx, payout: Payout, change: Omit<Change, 'offerNo'>): Promise<Payout> {
    await this.update(tx, payout, payout.state, payout.moveNo, change);
    return (await this.lock(tx, payout.payoutKey))!;
  }

  private async write(tx: Tx, payout: Payout, to: PayoutState, reason: string, change: Change): Promise<Payout> {
    const moveNo = payout.moveNo + 1;
    const billNo = change.billNo === undefined ? payout.billNo : change.billNo;
    await this.update(tx, payout, to, moveNo, change);
    await tx.execute(
      `INSERT INTO payout_moves (payout_key, move_no, from_state, to_state, bill_no, reason, at)
       VALUES (?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6))`,
      [payout.payoutKey, moveNo, payout.state, to, billNo, reason.slice(0, 64)],
    );
    return (await this.lock(tx, payout.payoutKey))!;
  }

  private async update(tx: Tx, payout: Payout, state: PayoutState, moveNo: number, change: Change): Promise<void> {
    const { sets, values } = assignments(change);
    const { affectedRows } = await tx.execute(
      `UPDATE payouts SET ${['state = ?', 'move_no = ?', 'updated_at = UTC_TIMESTAMP(6)', ...sets].join(', ')}
       WHERE payout_key = ? AND state = ? AND attempt_no = ? AND move_no = ?`,
      [state, moveNo, ...values, payout.payoutKey, payout.state, payout.attemptNo, payout.moveNo],
    );
    if (affectedRows !== 1) throw new Defect(`payout ${payout.payoutKey} was changed by somebody else`);
  }
}

function assignments(change: Change): { sets: string[]; values: SqlValue[] } {
  const sets: string[] = [];
  const values: SqlValue[] = [];
  const plain = (column: string, value: SqlValue | undefined): void => {
    if (value === undefined) return;
    sets.push(`${column} = ?`);
    values.push(value);
  };
  const fromNow = (column: string, ms: number | null | undefined): void => {
    if (ms === undefined) return;
    if (ms === null) sets.push(`${column} = NULL`);
    else {
      sets.push(`${column} = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND`);
      values.push(Math.round(ms * 1000));
    }
  };
  plain('bill_no', change.billNo);
  plain('offer_no', change.offerNo);
  plain('attempt_no', change.attemptNo);
  plain('checks', change.checks);
  plain('package_sealed', change.packageSealed);
  plain('bill_expires_at', change.billExpiresAt);
  plain('provider_no', change.providerNo?.slice(0, 64) ?? change.providerNo);
  plain('fail_reason', change.failReason === undefined ? undefined : (change.failReason?.slice(0, 64) ?? null));
  fromNow('lease_until', change.leaseMs);
  fromNow('next_at', change.nextInMs);
  if (change.unknownSince === 'now') sets.push('unknown_since = COALESCE(unknown_since, UTC_TIMESTAMP(6))');
  if (change.unknownSince === null) sets.push('unknown_since = NULL');
  if (change.settledAt === 'now') sets.push('settled_at = UTC_TIMESTAMP(6)');
  if (change.offeredAt === 'now') sets.push('offered_at = UTC_TIMESTAMP(6)');
  return { sets, values };
}
