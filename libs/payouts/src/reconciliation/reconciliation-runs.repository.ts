import { Injectable } from '@nestjs/common';
import { isDuplicate, textOf, type Reader, type SqlValue, type Tx } from '@app/database';

export const RUN_STATES = ['queued', 'running', 'waiting', 'done', 'failed'] as const;
export type RunState = (typeof RUN_STATES)[number];
export type RunStep = 'fetch' | 'match' | 'payees' | 'confirm';

/** One merchant account and one Shanghai day (`YYYY-MM-DD`). */
export interface RunKey {
  readonly mchId: string;
  readonly day: string;
}

/** A run that somebody works on. Whoever took it up later has a higher number, and the earlier one may write nothing more. */
export interface ClaimedRun extends RunKey {
  readonly runNo: number;
  readonly tries: number;
}

/** What is counted while a run goes on; every number is that of this run alone. */
export interface RunProgress {
  readonly step?: RunStep;
  readonly file_hash?: string | null;
  readonly rows_total?: number;
  readonly rows_ours?: number;
  readonly rows_done?: number;
  readonly matched?: number;
  readonly returned?: number;
  readonly waiting?: number;
  readonly differences?: number;
  readonly payees_asked?: number;
  readonly confirmed?: number;
  readonly confirm_after?: string | null;
  readonly paid_fen?: number;
  readonly returned_fen?: number;
  readonly moved_fen?: number;
  readonly other_fen?: number;
  readonly closing_fen?: number | null;
}

/** Somebody else has taken the run up: stop without a trace. */
export class RunLost extends Error {}

/** Dead workers lose their run after this long; a living one says so more often. */
const LEASE_S = 60;

/** One row per merchant and day, and who works on it. */
@Injectable()
export class ReconciliationRuns {
  /** A day that is to be gone through, for the first time. Returns false when it is known already. */
  async add(tx: Tx, { mchId, day }: RunKey, requestedBy: number | null): Promise<boolean> {
    try {
      await tx.execute(
        `INSERT INTO reconciliation_runs (mch_id, day, state, next_at, requested_by, created_at)
         VALUES (?, ?, 'queued', UTC_TIMESTAMP(6), ?, UTC_TIMESTAMP(6))`,
        [mchId, day, requestedBy],
      );
      return true;
    } catch (error) {
      if (isDuplicate(error, 'PRIMARY')) return false;
      throw error;
    }
  }

  /** A known day once more. Returns false while somebody works on it. */
  async again(tx: Tx, { mchId, day }: RunKey, requestedBy: number | null): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `UPDATE reconciliation_runs SET state = 'queued', next_at = UTC_TIMESTAMP(6), tries = 0, why = NULL, requested_by = ?
       WHERE mch_id = ? AND day = ? AND state <> 'running'`,
      [requestedBy, mchId, day],
    );
    return affectedRows === 1;
  }

  async daysOf(reader: Reader, mchId: string, from: string): Promise<Set<string>> {
    const rows = await reader.query<{ day: string }>(
      `SELECT CAST(day AS CHAR) AS day FROM reconciliation_runs WHERE mch_id = ? AND day >= ?`,
      [mchId, from],
    );
    return new Set(rows.map(({ day }) => day));
  }

  /** Runs that ended before their day's file can have been whole: to be made again. */
  async tooEarly(reader: Reader, mchId: string, hoursAfterDay: number): Promise<string[]> {
    const rows = await reader.query<{ day: string }>(
      `SELECT CAST(day AS CHAR) AS day FROM reconciliation_runs WHERE mch_id = ? AND state = 'done'
         AND started_at < day + INTERVAL (16 + ?) HOUR AND UTC_TIMESTAMP(6) >= day + INTERVAL (16 + ?) HOUR LIMIT 100`,
      [mchId, hoursAfterDay, hoursAfterDay],
    );
    return rows.map(({ day }) => day);
  }

  /** The earliest day that is due, taken up by the caller; null when there is none. */
  async claim(tx: Tx): Promise<ClaimedRun | null> {
    const [row] = await tx.query<{ mch_id: Buffer; day: string; run_no: number; tries: number }>(
      `SELECT mch_id, CAST(day AS CHAR) AS day, run_no, tries FROM reconciliation_runs
       WHERE next_at <= UTC_TIMESTAMP(6) ORDER BY day, mch_id LIMIT 1`,
    );
    if (!row) return null;
    const mchId = textOf(row.mch_id);
    const { affectedRows } = await tx.execute(
      `UPDATE reconciliation_runs SET state = 'running', step = 'fetch', run_no = run_no + 1, started_at = UTC_TIMESTAMP(6), why = NULL,
         next_at = UTC_TIMESTAMP(6) + INTERVAL ? SECOND, tries = tries + 1, file_hash = NULL, rows_total = 0, rows_ours = 0,
         rows_done = 0, matched = 0, returned = 0, waiting = 0, payees_asked = 0, confirmed = 0, confirm_after = NULL, paid_fen = 0,
         returned_fen = 0, moved_fen = 0, other_fen = 0, closing_fen = NULL
       WHERE mch_id = ? AND day = ? AND run_no = ? AND next_at <= UTC_TIMESTAMP(6)`,
      [LEASE_S, mchId, row.day, row.run_no],
    );
    return affectedRows === 1 ? { mchId, day: row.day, runNo: row.run_no + 1, tries: row.tries + 1 } : null;
  }

  /** Writes numbers and keeps the run. Throws RunLost when it is somebody else's by now. */
  async progress(tx: Tx, run: ClaimedRun, progress: RunProgress = {}): Promise<void> {
    const entries = Object.entries(progress).filter((entry): entry is [string, SqlValue] => entry[1] !== undefined);
    const sets = ['next_at = UTC_TIMESTAMP(6) + INTERVAL ? SECOND', ...entries.map(([column]) => `${column} = ?`)];
    await this.mine(tx, run, sets, [LEASE_S, ...entries.map(([, value]) => value)]);
  }

  /** Its rows are about to be replaced: until it is done again the day counts as one nobody went through. */
  async opened(tx: Tx, run: ClaimedRun): Promise<void> {
    await this.mine(tx, run, ['finished_at = NULL'], []);
  }

  async done(tx: Tx, run: ClaimedRun): Promise<void> {
    const sets = ["state = 'done'", 'step = NULL', 'next_at = NULL', 'tries = 0', 'finished_at = UTC_TIMESTAMP(6)'];
    await this.mine(tx, run, sets, []);
  }

  /** Comes again after `inMs`, or never by itself. */
  async putOff(
    tx: Tx,
    run: ClaimedRun,
    state: 'waiting' | 'failed',
    { why, inMs }: { why: string; inMs: number | null },
  ): Promise<void> {
    const next = inMs === null ? 'next_at = NULL' : 'next_at = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND';
    const values = inMs === null ? [] : [Math.round(inMs * 1000)];
    await this.mine(tx, run, ['state = ?', 'why = ?', next], [state, why.slice(0, 500), ...values]);
  }

  /**
   * The last day up to which every known day before it was gone through, `day` itself counted as done: what a side does not name by then,
   * it will not.
   */
  async frontier(reader: Reader, { mchId, day }: RunKey): Promise<string> {
    const [row] = await reader.query<{ undone: string | null; last: string | null }>(
      `SELECT CAST(MIN(CASE WHEN finished_at IS NULL THEN day END) - INTERVAL 1 DAY AS CHAR) AS undone,
         CAST(MAX(CASE WHEN finished_at IS NOT NULL THEN day END) AS CHAR) AS last
       FROM reconciliation_runs WHERE mch_id = ? AND day <> ?`,
      [mchId, day],
    );
    if (row?.undone) return row.undone;
    return row?.last && row.last > day ? row.last : day;
  }

  /** Days of which rows may be kept, `day` left out, from `from` on. */
  async loadedDays(reader: Reader, { mchId, day }: RunKey, from: string): Promise<string[]> {
    const rows = await reader.query<{ day: string }>(
      `SELECT CAST(day AS CHAR) AS day FROM reconciliation_runs WHERE mch_id = ? AND day >= ? AND day <> ?
         AND (rows_ours > 0 OR finished_at IS NOT NULL)
       ORDER BY day`,
      [mchId, from, day],
    );
    return rows.map((row) => row.day);
  }

  private async mine(tx: Tx, run: ClaimedRun, sets: readonly string[], values: readonly SqlValue[]): Promise<void> {
    const { affectedRows } = await tx.execute(
      `UPDATE reconciliation_runs SET ${sets.join(', ')} WHERE mch_id = ? AND day = ? AND run_no = ? AND state = 'running'`,
      [...values, run.mchId, run.day, run.runNo],
    );
    if (affectedRows !== 1) throw new RunLost(`run ${run.runNo} of ${run.mchId} ${run.day} was taken over`);
  }
}
