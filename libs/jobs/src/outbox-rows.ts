import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, GroupLine, placeholders, textOf, UnitOfWork, type SqlValue, type Tx } from '@app/database';
import { checkLimit, readCursor, Rejected, writeCursor, type Page } from '@app/kernel';
import { DEAD, DONE, OPEN, type OutboxRow } from './outbox';

const COMPLETIONS = { writers: 2, largest: 200 };

/** A job that was parked: its handler failed too often, or nobody handles it. Its payload holds ids only. */
export interface DeadJob {
  readonly id: string;
  readonly job: string;
  /** Names the work, as `Job.key` does. */
  readonly key: string;
  readonly payload: string;
  readonly deliveries: number;
  readonly failures: number;
  readonly lastError: string | null;
  readonly createdAt: Date;
}

interface DeadRow extends RawRow {
  job_key: Buffer;
  last_error: string | null;
  created_at: Date;
}

interface RawRow {
  id: string;
  job: Buffer;
  payload: string;
  status: number;
  deliveries: number;
  failures: number;
}

/** How the relay and the runner see the outbox. Due times are the database's, so no two clocks can disagree. */
@Injectable()
export class OutboxRows {
  private readonly completions: GroupLine<string, void>;

  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
  ) {
    this.completions = new GroupLine(COMPLETIONS, String, (ids) => this.completeAll(ids));
  }

  /**
   * Takes up to `limit` due rows, pushing their due time ahead: who dies holding them loses nothing, they simply come due again.
   * The claim is one conditional UPDATE in index order, so two relays never hold the same row. `jobs` narrows it to these names.
   */
  async claim(limit: number, redeliverMs: number, jobs: readonly string[] | 'any' = 'any'): Promise<OutboxRow[]> {
    if (limit <= 0 || jobs.length === 0) return [];
    const lease = randomBytes(12).toString('hex');
    const claimed = await this.unitOfWork.run((tx) =>
      tx.execute(
        `UPDATE outbox SET lease_by = ?, deliveries = deliveries + 1, due = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND
         WHERE status = ${OPEN} AND due <= UTC_TIMESTAMP(6) ${jobs === 'any' ? '' : `AND job IN (${placeholders(jobs)})`}
         ORDER BY due, id LIMIT ${limit}`,
        [lease, redeliverMs * 1000, ...(jobs === 'any' ? [] : jobs)],
      ),
    );
    if (claimed.affectedRows === 0) return [];
    return this.read('lease_by = ?', lease);
  }

  async find(id: string): Promise<OutboxRow | null> {
    return (await this.findAll([id]))[0] ?? null;
  }

  /** Rows that do not exist are missing. */
  async findAll(ids: readonly string[]): Promise<OutboxRow[]> {
    return ids.length === 0 ? [] : this.read(`id IN (${placeholders(ids)})`, ...ids);
  }

  /** Marks a row done inside the handler's own transaction. False when somebody else already did. */
  async complete(tx: Tx, id: string): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `UPDATE outbox SET status = ${DONE}, done_at = UTC_TIMESTAMP(6) WHERE id = ? AND status = ${OPEN}`,
      [id],
    );
    return affectedRows === 1;
  }

  /** The same in a transaction of its own, which it shares with whoever else is done at the moment. */
  completeAlone(id: string): Promise<void> {
    return this.completions.submit(id);
  }

  /** Puts a failed row back for later. `counts` is false for Transient: bad luck uses up no attempt. */
  async postpone(id: string, inMs: number, reason: string, counts: boolean): Promise<void> {
    await this.unitOfWork.run((tx) =>
      tx.execute(
        `UPDATE outbox SET due = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND, failures = failures + ?, last_error = ?
         WHERE id = ? AND status = ${OPEN}`,
        [inMs * 1000, counts ? 1 : 0, reason.slice(0, 500), id],
      ),
    );
  }

  /** Parks a row: visible, never lost, replayable. */
  async park(id: string, reason: string): Promise<void> {
    await this.unitOfWork.run((tx) =>
      tx.execute(
        `UPDATE outbox SET status = ${DEAD}, failures = failures + 1, last_error = ? WHERE id = ? AND status = ${OPEN}`,
        [reason.slice(0, 500), id],
      ),
    );
  }

  /** Parked rows, the newest first. Throws Rejected `bad_cursor`. */
  async dead({ limit, cursor, job }: { limit: number; cursor?: string | null; job?: string }): Promise<Page<DeadJob>> {
    const size = checkLimit(limit);
    const where = [`status = ${DEAD}`];
    const values: SqlValue[] = [];
    if (cursor) {
      where.push('id < ?');
      values.push(idOf(cursor));
    }
    if (job) {
      where.push('job = ?');
      values.push(job);
    }
    const rows = await this.database.query<DeadRow>(
      `SELECT id, job, job_key, payload, status, deliveries, failures, last_error, created_at FROM outbox
       WHERE ${where.join(' AND ')} ORDER BY id DESC LIMIT ?`,
      [...values, size + 1],
    );
    const items = rows.slice(0, size).map(deadJobOf);
    return { items, nextCursor: rows.length > size ? writeCursor([items.at(-1)!.id]) : null };
  }

  /**
   * A parked row is due again now, as if it had never failed. Harmless for work that was done meanwhile: every handler bears being run
   * twice. False when the row is not parked (any more).
   */
  async replay(tx: Tx, id: string): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `UPDATE outbox SET status = ${OPEN}, due = UTC_TIMESTAMP(6), failures = 0, lease_by = NULL WHERE id = ? AND status = ${DEAD}`,
      [id],
    );
    return affectedRows === 1;
  }

  /** A parked row; null when there is none of this number, or it is not parked (any more). */
  async deadOne(id: string): Promise<DeadJob | null> {
    const [row] = await this.database.query<DeadRow>(
      `SELECT id, job, job_key, payload, status, deliveries, failures, last_error, created_at FROM outbox
       WHERE id = ? AND status = ${DEAD}`,
      [id],
    );
    return row ? deadJobOf(row) : null;
  }

  /** A person says that this work is not to be done any more: the row ends as if it were done. False when it is not parked. */
  async giveUp(tx: Tx, id: string): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `UPDATE outbox SET status = ${DONE}, done_at = UTC_TIMESTAMP(6) WHERE id = ? AND status = ${DEAD}`,
      [id],
    );
    return affectedRows === 1;
  }

  /** Open and dead rows, and the age in seconds of the oldest open one that is due. */
  async backlog(): Promise<{ open: number; dead: number; oldestSeconds: number }> {
    const [row] = await this.database.query<{ open: string; dead: string; oldest: string | null }>(
      `SELECT SUM(status = ${OPEN}) AS open, SUM(status = ${DEAD}) AS dead,
              MAX(IF(status = ${OPEN}, TIMESTAMPDIFF(SECOND, created_at, UTC_TIMESTAMP(6)), 0)) AS oldest
       FROM outbox WHERE status IN (${OPEN}, ${DEAD})`,
    );
    return { open: Number(row?.open ?? 0), dead: Number(row?.dead ?? 0), oldestSeconds: Number(row?.oldest ?? 0) };
  }

  /** Removes rows done more than `days` ago, at most `limit` of them. */
  async purge(days: number, limit: number): Promise<number> {
    const { affectedRows } = await this.unitOfWork.run((tx) =>
      tx.execute(
        `DELETE FROM outbox WHERE status = ${DONE} AND due < UTC_TIMESTAMP(6) - INTERVAL ? DAY ORDER BY due LIMIT ${limit}`,
        [days],
      ),
    );
    return affectedRows;
  }

  /**
   * Whether what somebody waits for is left lying: open for `seconds`, and either due all that time or handed out again and again in vain.
   */
  async leftLying(jobs: readonly string[], seconds: number): Promise<boolean> {
    if (jobs.length === 0) return false;
    const rows = await this.database.query(
      `SELECT id FROM outbox WHERE status = ${OPEN} AND job IN (${placeholders(jobs)})
         AND created_at < UTC_TIMESTAMP(6) - INTERVAL ? SECOND
         AND (due < UTC_TIMESTAMP(6) - INTERVAL ? SECOND OR (deliveries > 1 AND failures = 0 AND last_error IS NULL)) LIMIT 1`,
      [...jobs, seconds, seconds],
    );
    return rows.length > 0;
  }

  private async completeAll(ids: readonly string[]): Promise<void[]> {
    await this.unitOfWork.run((tx) =>
      tx.execute(
        `UPDATE outbox SET status = ${DONE}, done_at = UTC_TIMESTAMP(6) WHERE id IN (${placeholders(ids)}) AND status = ${OPEN}`,
        ids,
      ),
    );
    return ids.map(() => undefined);
  }

  private async read(where: string, ...values: readonly string[]): Promise<OutboxRow[]> {
    const rows = await this.database.query<RawRow>(
      `SELECT id, job, payload, status, deliveries, failures FROM outbox WHERE ${where} ORDER BY id`,
      values,
    );
    return rows.map((row) => ({ ...row, id: String(row.id), job: textOf(row.job) }));
  }
}

function deadJobOf({ id, job, job_key, payload, deliveries, failures, last_error, created_at }: DeadRow): DeadJob {
  return {
    ...{ id: String(id), job: textOf(job), key: textOf(job_key), payload, deliveries, failures },
    ...{ lastError: last_error, createdAt: created_at },
  };
}

function idOf(cursor: string): string {
  const [id] = readCursor(cursor, 1);
  if (typeof id !== 'string' || !/^\d{1,20}$/.test(id)) {
    throw new Rejected('bad_cursor', '翻页标记无效，请从第一页重新开始', 400);
  }
  return id;
}
