import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { Transient } from '@app/kernel';
import { counter } from '@app/observability';
import { Slots } from './slots';
import { sqlWithValues, type SqlValue } from './sql-text';
import { sendStatement } from './statement';
import { isRolledBack, Tx } from './tx';

const ATTEMPTS = 5;
const retries = counter(
  'db_transaction_retries_total',
  'Transactions run again after a deadlock, lock wait or snapshot conflict',
);

/** Reads outside any transaction. */
export class Database {
  constructor(
    private readonly source: DataSource,
    private readonly slots: Slots,
  ) {}

  async query<T>(sql: string, params: readonly SqlValue[] = []): Promise<T[]> {
    const text = sqlWithValues(sql, params);
    return this.slots.use(async () => {
      const runner = this.source.createQueryRunner();
      try {
        return (await sendStatement(runner, text)) as T[];
      } finally {
        await runner.release();
      }
    });
  }
}

/** Opens transactions. Only use cases and handlers call it; no network call may happen while `work` runs. */
export class UnitOfWork {
  constructor(
    private readonly source: DataSource,
    private readonly slots: Slots,
  ) {}

  /**
   * Runs `work` in one transaction and commits. On 1213, 1205 or 1020 the whole closure runs again on a fresh transaction, at
   * most five times, so it must not have effects outside the database. Throws Transient when no connection is free in 2 s.
   */
  async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.slots.use(() => this.once(work));
      } catch (error) {
        if (!isRolledBack(error)) throw error;
        if (attempt === ATTEMPTS) throw new Transient('the database kept rolling back', 1, { cause: error });
        retries.inc();
        await sleep(5 * 2 ** attempt * (0.5 + jitter()));
      }
    }
  }

  private async once<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const runner = this.source.createQueryRunner();
    try {
      // READ COMMITTED is a setting of every connection of ours: saying it again would cost a round trip a transaction.
      await runner.startTransaction();
      const tx = new Tx(runner);
      const result = await work(tx);
      tx.assertAlive();
      await runner.commitTransaction();
      return result;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await runner.release();
    }
  }
}

/** Spread of the retry waits; timing only, so the process clock's low digits are random enough. */
function jitter(): number {
  return Number(process.hrtime.bigint() % 1000n) / 1000;
}
