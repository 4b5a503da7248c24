import { Injectable } from '@nestjs/common';
import { bulkInsert, type Tx } from '@app/database';
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

/** Effects outside the database begin here: a row in the same commit as the change that asks for them. */
@Injectable()
export class Outbox {
  async append<P>(tx: Tx, job: Job<P>, payload: P, options: { dueInMs?: number } = {}): Promise<void> {
    await this.appendMany(tx, job, [payload], options);
  }

  async appendMany<P>(tx: Tx, job: Job<P>, payloads: readonly P[], options: { dueInMs?: number } = {}): Promise<void> {
    if (payloads.length === 0) return;
    const [row] = await tx.query<{ at: Date; due: Date }>(
      'SELECT UTC_TIMESTAMP(6) AS at, UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND AS due',
      [Math.round((options.dueInMs ?? 0) * 1000)],
    );
    await bulkInsert(
      tx,
      'outbox',
      ['due', 'job', 'job_key', 'payload', 'created_at'],
      payloads.map((payload) => {
        const parsed = job.payload.parse(payload);
        return [row!.due, job.name, job.key(parsed), JSON.stringify(parsed), row!.at];
      }),
    );
  }
}
