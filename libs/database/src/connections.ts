import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { Slots } from './slots';
import { sqlWithValues, tuplesText, type SqlValue } from './sql-text';
import { sendStatement, type Answer } from './statement';

/** One open transaction as the server sees it. */
export interface Session {
  readonly manager: EntityManager;
  statement(sql: string, params: readonly SqlValue[]): Promise<Answer>;
  /** `INSERT INTO table (columns) VALUES …ending`. `table`, `columns` and `ending` are code, never input. */
  insertRows(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly SqlValue[])[],
    ending: string,
  ): Promise<Answer>;
}

/** Where statements go: a pool of connections, or the memory of the simulator. */
export interface Connections {
  /** One statement outside any transaction. */
  read(sql: string, params: readonly SqlValue[]): Promise<Answer>;
  /** Runs `work` in a transaction of its own: commits when it returns, rolls back when it throws. */
  transact<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** The wait before a transaction that was rolled back runs for the next time; `attempt` counts from 1. */
  pause(attempt: number): Promise<void>;
}

/** The connections of a process. Throws Transient when none is free in 2 s. */
export class Pool implements Connections {
  constructor(
    private readonly source: DataSource,
    private readonly slots: Slots,
  ) {}

  read(sql: string, params: readonly SqlValue[]): Promise<Answer> {
    const text = sqlWithValues(sql, params);
    return this.slots.use(async () => {
      const runner = this.source.createQueryRunner();
      try {
        return await sendStatement(runner, text);
      } finally {
        await runner.release();
      }
    });
  }

  transact<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.slots.use(async () => {
      const runner = this.source.createQueryRunner();
      try {
        // READ COMMITTED is a setting of every connection of ours: saying it again would cost a round trip a transaction.
        await runner.startTransaction();
        const result = await work(new RunnerSession(runner));
        await runner.commitTransaction();
        return result;
      } catch (error) {
        if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
        throw error;
      } finally {
        await runner.release();
      }
    });
  }

  async pause(attempt: number): Promise<void> {
    await sleep(5 * 2 ** attempt * (0.5 + jitter()));
  }
}

class RunnerSession implements Session {
  constructor(private readonly runner: QueryRunner) {}

  get manager(): EntityManager {
    return this.runner.manager;
  }

  statement(sql: string, params: readonly SqlValue[]): Promise<Answer> {
    return sendStatement(this.runner, sqlWithValues(sql, params));
  }

  insertRows(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly SqlValue[])[],
    ending: string,
  ): Promise<Answer> {
    const tuples = tuplesText(columns.length, rows);
    return sendStatement(this.runner, `INSERT INTO ${table} (${columns.join(',')}) VALUES ${tuples}${ending}`);
  }
}

/** Spread of the retry waits; timing only, so the process clock's low digits are random enough. */
function jitter(): number {
  return Number(process.hrtime.bigint() % 1000n) / 1000;
}
