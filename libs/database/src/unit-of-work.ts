import { Transient } from '@app/kernel';
import { counter } from '@app/observability';
import type { Connections } from './connections';
import type { SqlValue } from './sql-text';
import { isConnectionLost, isRolledBack, Tx } from './tx';

const ATTEMPTS = 5;
/** No transaction commits later than this after it began: whoever sums up what was written ten minutes ago misses nothing. */
const LONGEST_MS = 300_000;
const retries = counter(
  'db_transaction_retries_total',
  'Transactions run again after a deadlock, lock wait or snapshot conflict',
);

/** Reads outside any transaction. */
export class Database {
  constructor(private readonly connections: Connections) {}

  /** Throws Transient while the database is away. */
  async query<T>(sql: string, params: readonly SqlValue[] = []): Promise<T[]> {
    try {
      return (await this.connections.read(sql, params)) as T[];
    } catch (error) {
      throw awayOr(error);
    }
  }
}

/** Opens transactions. Only use cases and handlers call it; no network call may happen while `work` runs. */
export class UnitOfWork {
  constructor(private readonly connections: Connections) {}

  /**
   * Runs `work` in one transaction and commits. On 1213, 1205 or 1020 the whole closure runs again on a fresh transaction, at
   * most five times, so it must not have effects outside the database. Throws Transient when no connection is free in 2 s, and when
   * the connection breaks: then the work may have been committed or not, and its natural keys must tell.
   */
  async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.connections.transact(async (session) => {
          const tx = new Tx(session);
          const until = performance.now() + LONGEST_MS;
          const result = await work(tx);
          tx.assertAlive();
          if (performance.now() > until) throw new Transient('a transaction stood open for too long');
          return result;
        });
      } catch (error) {
        if (!isRolledBack(error)) throw awayOr(error);
        if (attempt === ATTEMPTS) throw new Transient('the database kept rolling back', 1, { cause: error });
        retries.inc();
        await this.connections.pause(attempt);
      }
    }
  }
}

function awayOr(error: unknown): unknown {
  return isConnectionLost(error) ? new Transient('the database is away', 1, { cause: error }) : error;
}
