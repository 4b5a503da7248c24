import { Injectable } from '@nestjs/common';
import { placeholders, textOf, type Reader, type Tx } from '@app/database';
import type { Payout } from '../payout';

/** A recovery under way: why, since when bills are asked about, and how many of them were not answered yet. */
export interface OpenRecovery {
  readonly id: number;
  readonly reason: string;
  readonly sinceAt: Date;
  readonly openedAt: Date;
}

interface RecoveryRow {
  id: number;
  reason: Buffer;
  since_at: Date;
  opened_at: Date;
}

/** How long before the newest thing the database remembers WeChat may have moved on without us knowing. */
const LOOK_BACK_HOURS = 2;

/** What must not be sent: all of it, or the payouts of these keys. */
export type RecoveryHolds = 'all' | ReadonlySet<string>;

/**
 * Whether the database was set back and its bills are still being compared with WeChat. Nothing is sent meanwhile. When two people end the
 * standstill, only what was not asked about yet stays held, each payout until its own answer.
 */
@Injectable()
export class RecoveryState {
  async isOpen(reader: Reader): Promise<boolean> {
    return (await this.current(reader)) !== null;
  }

  async current(reader: Reader): Promise<OpenRecovery | null> {
    const [row] = await reader.query<RecoveryRow>(
      'SELECT id, reason, since_at, opened_at FROM payout_recoveries WHERE closed_at IS NULL ORDER BY id LIMIT 1',
    );
    return row ? recoveryOf(row) : null;
  }

  /** One that people ended before its last bill was asked about: the asking goes on. */
  async ended(reader: Reader): Promise<OpenRecovery | null> {
    const [row] = await reader.query<RecoveryRow>(
      `SELECT id, reason, since_at, opened_at FROM payout_recoveries
        WHERE ended_by IS NOT NULL AND finished_at IS NULL ORDER BY id LIMIT 1`,
    );
    return row ? recoveryOf(row) : null;
  }

  async holds(reader: Reader, payouts: readonly Pick<Payout, 'payoutKey' | 'billNo'>[]): Promise<RecoveryHolds> {
    const known = await reader.query<{ id: number; closed: number }>(
      `SELECT id, closed_at IS NOT NULL AS closed FROM payout_recoveries
        WHERE closed_at IS NULL OR (ended_by IS NOT NULL AND finished_at IS NULL)`,
    );
    if (known.length === 0) return new Set();
    if (known.some(({ closed }) => Number(closed) === 0)) return 'all';
    const ids = known.map(({ id }) => id);
    const bills = payouts.flatMap(({ billNo }) => (billNo === null ? [] : [billNo]));
    if (bills.length === 0) return new Set();
    const rows = await reader.query<{ payout_key: Buffer }>(
      `SELECT payout_key FROM payout_recovery_bills
        WHERE recovery_id IN (${placeholders(ids)}) AND bill_no IN (${placeholders(bills)}) AND done_at IS NULL`,
      [...ids, ...bills],
    );
    return new Set(rows.map((row) => textOf(row.payout_key)));
  }

  /** The second of two people ends the standstill. False when it was over by itself. Every bill to be asked about is noted first. */
  async end(tx: Tx, id: number, by: number): Promise<boolean> {
    const open = await this.current(tx);
    if (open?.id !== id) return false;
    await this.list(tx, open);
    const { affectedRows } = await tx.execute(
      'UPDATE payout_recoveries SET closed_at = UTC_TIMESTAMP(6), ended_by = ? WHERE id = ? AND closed_at IS NULL',
      [by, id],
    );
    return affectedRows === 1;
  }

  /** The last bill of one that people ended was asked about, or was given up as a riddle. */
  async finish(tx: Tx, { id }: OpenRecovery): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `UPDATE payout_recoveries SET finished_at = UTC_TIMESTAMP(6)
        WHERE id = ? AND ended_by IS NOT NULL AND finished_at IS NULL`,
      [id],
    );
    return affectedRows === 1;
  }

  /** Opens one, or returns the one that is open. */
  async open(tx: Tx, reason: string): Promise<OpenRecovery> {
    // Two workers that notice it together queue here.
    await tx.execute('INSERT INTO payout_beats (id, beats) VALUES (1, 0) ON DUPLICATE KEY UPDATE beats = beats');
    const known = await this.current(tx);
    if (known) return known;
    await tx.execute(
      `INSERT INTO payout_recoveries (reason, since_at, opened_at)
       SELECT ?, LEAST(UTC_TIMESTAMP(6), GREATEST(
           COALESCE((SELECT MAX(created_at) FROM payout_bills), UTC_TIMESTAMP(6)),
           COALESCE((SELECT MAX(at) FROM ledger_journals), UTC_TIMESTAMP(6) - INTERVAL 1 DAY)))
         - INTERVAL ${LOOK_BACK_HOURS} HOUR, UTC_TIMESTAMP(6)`,
      [reason.slice(0, 64)],
    );
    return (await this.current(tx))!;
  }

  /**
   * Notes every bill to be asked about: those whose payout is open, and all since the look-back whatever their state. Returns how many
   * were not noted before.
   */
  async list(tx: Tx, { id, sinceAt }: OpenRecovery): Promise<number> {
    const bills =
      'INSERT INTO payout_recovery_bills (recovery_id, bill_no, payout_key) SELECT ?, b.bill_no, b.payout_key';
    const unless = `NOT EXISTS (SELECT 1 FROM payout_recovery_bills n WHERE n.recovery_id = ? AND n.bill_no = b.bill_no)`;
    const open = await tx.execute(
      `${bills} FROM payouts p JOIN payout_bills b ON b.bill_no = p.bill_no
       WHERE p.state IN ('PENDING', 'SENDING', 'UNKNOWN', 'WAIT_USER', 'MANUAL') AND ${unless}`,
      [id, id],
    );
    const recent = await tx.execute(`${bills} FROM payout_bills b WHERE b.created_at >= ? AND ${unless}`, [
      ...[id, sinceAt, id],
    ]);
    return open.affectedRows + recent.affectedRows;
  }

  /** Bills that WeChat has not answered about, the least often asked first. */
  async unanswered(
    reader: Reader,
    { id }: OpenRecovery,
    limit: number,
  ): Promise<readonly { billNo: string; payoutKey: string; tries: number }[]> {
    const rows = await reader.query<{ bill_no: Buffer; payout_key: Buffer; tries: number }>(
      `SELECT bill_no, payout_key, tries FROM payout_recovery_bills
       WHERE recovery_id = ? AND done_at IS NULL ORDER BY tries, bill_no LIMIT ?`,
      [id, limit],
    );
    return rows.map((row) => ({
      ...{ billNo: textOf(row.bill_no), payoutKey: textOf(row.payout_key), tries: row.tries },
    }));
  }

  /** A bill that was answered about, the last one; null while there is none. */
  async answered(reader: Reader, { id }: OpenRecovery): Promise<string | null> {
    const [row] = await reader.query<{ bill_no: Buffer }>(
      `SELECT bill_no FROM payout_recovery_bills WHERE recovery_id = ? AND done_at IS NOT NULL ORDER BY done_at DESC LIMIT 1`,
      [id],
    );
    return row ? textOf(row.bill_no) : null;
  }

  /**
   * Notes which of these bills WeChat answered about since the recovery began: with anything but silence, a refusal to talk, or a riddle.
   * `spoke`: it answered about others meanwhile, so for the rest this was a try in vain.
   */
  async noteAnswers(tx: Tx, { id, openedAt }: OpenRecovery, billNos: readonly string[], spoke: boolean): Promise<void> {
    const places = placeholders(billNos);
    if (spoke) {
      await tx.execute(
        `UPDATE payout_recovery_bills SET tries = LEAST(tries + 1, 250) WHERE recovery_id = ? AND bill_no IN (${places})`,
        [id, ...billNos],
      );
    }
    await tx.execute(
      `UPDATE payout_recovery_bills r SET r.done_at = UTC_TIMESTAMP(6)
       WHERE r.recovery_id = ? AND r.bill_no IN (${places}) AND r.done_at IS NULL AND EXISTS (
         SELECT 1 FROM payout_attempts a WHERE a.bill_no = r.bill_no AND a.act = 'query' AND a.started_at >= ?
           AND a.outcome NOT IN ('unknown', 'retry_same_id', 'channel_blocked'))`,
      [id, ...billNos, openedAt],
    );
  }

  async counts(reader: Reader, { id }: OpenRecovery): Promise<{ asked: number; open: number }> {
    const [row] = await reader.query<{ done: string | null; open: string | null }>(
      `SELECT SUM(done_at IS NOT NULL) AS done, SUM(done_at IS NULL) AS open FROM payout_recovery_bills WHERE recovery_id = ?`,
      [id],
    );
    return { asked: Number(row?.done ?? 0), open: Number(row?.open ?? 0) };
  }

  async close(tx: Tx, { id }: OpenRecovery): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      'UPDATE payout_recoveries SET closed_at = UTC_TIMESTAMP(6) WHERE id = ? AND closed_at IS NULL',
      [id],
    );
    return affectedRows === 1;
  }
}

function recoveryOf(row: RecoveryRow): OpenRecovery {
  return { id: row.id, reason: textOf(row.reason), sinceAt: row.since_at, openedAt: row.opened_at };
}
