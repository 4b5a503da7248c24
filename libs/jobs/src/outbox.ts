import { Injectable } from '@nestjs/common';
import type { Reader, SqlValue, Tx } from '@app/database';
import type { Job } from './job';

/** A row as the relay hands it on. */
export interface OutboxRow {
  readonly id: string;
  readonly job: string;
  readonly payload: string;
  readonly status: number;
  readonly deliveries: number;
  readonly failures: number;
}

export const OPEN = 0;
export const DONE = 1;
export const DEAD = 2;

/** One job with one payload, ready to be appended beside others. */
export interface OutboxEntry {
  readonly job: string;
  readonly key: string;
  readonly payload: string;
}

/** Checks a payload and makes an entry of it. Throws when the job's schema does not admit it. */
export function outboxEntry<P>(job: Job<P>, payload: P): OutboxEntry {
  const parsed = job.payload.parse(payload);
  return { job: job.name, key: job.key(parsed), payload: JSON.stringify(parsed) };
}

const ROWS_PER_STATEMENT = 500;

/** Effects outside the database begin here: a row in the same commit as the change that asks for them. */
@Injectable()
export class Outbox {
  async append<P>(tx: Tx, job: Job<P>, payload: P, options: { dueInMs?: number } = {}): Promise<void> {
    await this.appendEntries(tx, [outboxEntry(job, payload)], options);
  }

  async appendMany<P>(tx: Tx, job: Job<P>, payloads: readonly P[], options: { dueInMs?: number } = {}): Promise<void> {
    const entries = payloads.map((payload) => outboxEntry(job, payload));
    await this.appendEntries(tx, entries, options);
  }

  /** Whether something of this job was asked for more than `ageMs` ago and is not done yet. What is parked does not count. */
  async isBehind<P>(reader: Reader, job: Job<P>, ageMs: number): Promise<boolean> {
    const rows = await reader.query(
      `SELECT id FROM outbox WHERE status = ${OPEN} AND job = ? AND created_at < UTC_TIMESTAMP(6) - INTERVAL ? MICROSECOND LIMIT 1`,
      [job.name, Math.round(ageMs * 1000)],
    );
    return rows.length > 0;
  }

  /** Several jobs in one statement. Due times are the database's. */
  async appendEntries(tx: Tx, entries: readonly OutboxEntry[], { dueInMs = 0 } = {}): Promise<void> {
    const dueInUs = Math.round(dueInMs * 1000);
    for (let start = 0; start < entries.length; start += ROWS_PER_STATEMENT) {
      const part = entries.slice(start, start + ROWS_PER_STATEMENT);
      const tuple = '(UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND, ?, ?, ?, UTC_TIMESTAMP(6))';
      await tx.execute(
        `INSERT INTO outbox (due, job, job_key, payload, created_at) VALUES ${part.map(() => tuple).join(',')}`,
        part.flatMap(({ job, key, payload }): SqlValue[] => [dueInUs, job, key, payload]),
      );
    }
  }
}
