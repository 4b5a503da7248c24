import { Injectable } from '@nestjs/common';
import { placeholders, type Reader, textOf, type Tx } from '@app/database';
import type { ChannelName } from '../channels/payout-channel';
import { PAYOUT_COLUMNS, payoutOf, type FailedPayout, type Payout, type PayoutRow } from '../payout';
import type { PayoutState } from '../payout-state';
import { alike, assertWrite, updatePayouts, type Change, type PayoutWrite } from './payout-change';

/** Locked rows by key, and the database's time when they were read. */
export interface LockedPayouts {
  readonly payouts: ReadonlyMap<string, Payout>;
  readonly now: Date;
}

/** Payout rows and their history. Every change is a compare-and-set on state, attempt and move number. */
@Injectable()
export class PayoutsRepository {
  async find(reader: Reader, payoutKey: string): Promise<Payout | null> {
    return (await this.many(reader, [payoutKey]))[0] ?? null;
  }

  async lock(tx: Tx, payoutKey: string): Promise<Payout | null> {
    return (await this.lockAll(tx, [payoutKey])).payouts.get(payoutKey) ?? null;
  }

  /** Locks in the order of the keys, whatever the order of the question. Keys that do not exist are missing. */
  async lockAll(tx: Tx, payoutKeys: readonly string[]): Promise<LockedPayouts> {
    const rows = await tx.query<PayoutRow & { locked_at: Date }>(
      `SELECT ${PAYOUT_COLUMNS}, UTC_TIMESTAMP(6) AS locked_at FROM payouts
       WHERE payout_key IN (${placeholders(payoutKeys)}) ORDER BY payout_key FOR UPDATE`,
      payoutKeys,
    );
    const payouts = new Map(rows.map((row) => [textOf(row.payout_key), payoutOf(row)]));
    return { payouts, now: rows[0]?.locked_at ?? new Date(0) };
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
    await this.writeAll(tx, [{ payout, to, reason, change }]);
    return (await this.lock(tx, payout.payoutKey))!;
  }

  /** The next offer of a payout that is proven to have failed, on this channel. No other payout fits the parameter. */
  nextOffer(tx: Tx, payout: FailedPayout, channel: ChannelName = payout.channel): Promise<Payout> {
    return this.move(tx, payout, 'PENDING', 'next_offer', {
      offerNo: payout.offerNo + 1,
      channel,
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
    await this.writeAll(tx, [{ payout, to: 'stay', reason: '', change }]);
    return (await this.lock(tx, payout.payoutKey))!;
  }

  /** A payout that is due is looked at later. Nothing else of it changes, so this needs no compare-and-set. */
  async defer(tx: Tx, payoutKey: string, byMs: number): Promise<void> {
    await tx.execute(
      `UPDATE payouts SET next_at = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND
       WHERE payout_key = ? AND next_at <= UTC_TIMESTAMP(6)`,
      [byMs * 1000, payoutKey],
    );
  }

  /** Moves and touches of several payouts, one statement per kind of change. The same checks as for one. */
  async writeAll(tx: Tx, writes: readonly PayoutWrite[]): Promise<void> {
    writes.forEach(assertWrite);
    for (const group of alike(writes)) await updatePayouts(tx, group);
    const moves = writes.flatMap(({ payout, to, reason, change }) => {
      if (to === 'stay') return [];
      const billNo = change.billNo === undefined ? payout.billNo : change.billNo;
      return [{ payout, to, reason: reason.slice(0, 64), billNo }];
    });
    if (moves.length === 0) return;
    await tx.execute(
      `INSERT INTO payout_moves (payout_key, move_no, from_state, to_state, bill_no, reason, at)
       VALUES ${moves.map(() => '(?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6))').join(', ')}`,
      moves.flatMap(({ payout, to, reason, billNo }) => [
        ...[payout.payoutKey, payout.moveNo + 1, payout.state, to],
        ...[billNo, reason],
      ]),
    );
  }
}
