import type { EntityManager } from 'typeorm';
import { Defect } from '@app/kernel';
import type { Session } from './connections';
import type { SqlValue } from './sql-text';
import type { Answer, WriteHeader } from './statement';

/** A transaction, or the reader outside of one: whatever a SELECT may be sent to. */
export interface Reader {
  query<T>(sql: string, params?: readonly SqlValue[]): Promise<T[]>;
}

export interface ExecuteResult {
  readonly affectedRows: number;
  readonly insertId: number;
}

/** Error numbers after which the server has given up the whole transaction: 1213 deadlock, 1205 lock wait, 1020 snapshot. */
const ROLLED_BACK = new Set([1213, 1205, 1020]);

export function errorNumber(error: unknown): number | null {
  const candidate = error as { errno?: unknown; driverError?: { errno?: unknown } } | null;
  const number = candidate?.errno ?? candidate?.driverError?.errno;
  return typeof number === 'number' ? number : null;
}

export function isRolledBack(error: unknown): boolean {
  const number = errorNumber(error);
  return number !== null && ROLLED_BACK.has(number);
}

const LOST_CODES = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['PROTOCOL_CONNECTION_LOST', 'PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR', 'PROTOCOL_ENQUEUE_AFTER_QUIT'],
]);
/** 1040 too many connections, 1053 shutting down, 1077 shut down, 1927 killed. */
const LOST_NUMBERS = new Set([1040, 1053, 1077, 1927]);

/** True when the connection failed and not the statement: nobody knows whether what was under way happened. */
export function isConnectionLost(error: unknown): boolean {
  type Trouble = { code?: unknown; fatal?: unknown; driverError?: Trouble };
  const trouble = error as Trouble | null;
  const number = errorNumber(error);
  if (number !== null && LOST_NUMBERS.has(number)) return true;
  return [trouble, trouble?.driverError].some(
    (one) => typeof one?.code === 'string' && (LOST_CODES.has(one.code) || (one.fatal === true && number === null)),
  );
}

/** True for a duplicate key (1062), on the named key only when a name is given. */
export function isDuplicate(error: unknown, keyName?: string): boolean {
  if (errorNumber(error) !== 1062) return false;
  return keyName === undefined || String((error as Error).message).includes(keyName);
}

/**
 * One open transaction. Writing demands one, so nothing that matters happens outside. A statement that failed with 1213, 1205
 * or 1020 kills it for good: whoever swallowed that error would go on in autocommit, so commit then refuses.
 */
export class Tx {
  private dead: unknown = null;

  constructor(private readonly session: Session) {}

  /** For repositories of tables that consoles edit. Never for money or hot tables. */
  get manager(): EntityManager {
    return this.session.manager;
  }

  /** Rows of a SELECT. BIGINT and DECIMAL come as strings, DATETIME as Date. */
  async query<T>(sql: string, params: readonly SqlValue[] = []): Promise<T[]> {
    this.assertAlive();
    return (await this.answered(this.session.statement(sql, params))) as T[];
  }

  /** An INSERT, UPDATE or DELETE. `affectedRows` counts rows found, also those that already held the new values. */
  async execute(sql: string, params: readonly SqlValue[] = []): Promise<ExecuteResult> {
    this.assertAlive();
    return result(await this.answered(this.session.statement(sql, params)));
  }

  /** Rows whose number is known only at run time; bulkInsert and bulkUpsert are the way to it. */
  async insertRows(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly SqlValue[])[],
    ending: string,
  ): Promise<ExecuteResult> {
    this.assertAlive();
    return result(await this.answered(this.session.insertRows(table, columns, rows, ending)));
  }

  /** Ends the use of this transaction: whatever comes next, commit included, throws `why`, and so everything is rolled back. */
  refuse(why: Error): void {
    this.dead ??= why;
  }

  /** Throws when the server has already rolled this transaction back, or it was refused. */
  assertAlive(): void {
    if (this.dead !== null) throw this.dead;
  }

  private async answered(answer: Promise<Answer>): Promise<Answer> {
    try {
      return await answer;
    } catch (error) {
      if (isRolledBack(error)) this.dead = error;
      throw error;
    }
  }
}

function result(answer: Answer): ExecuteResult {
  const header = answer as WriteHeader;
  return { affectedRows: header.affectedRows, insertId: Number(header.insertId) };
}

/** The database's time, the only clock for money and campaign edges. */
export async function databaseNow(tx: { query<T>(sql: string): Promise<T[]> }): Promise<Date> {
  const [row] = await tx.query<{ at: Date }>('SELECT UTC_TIMESTAMP(6) AS at');
  return row!.at;
}

const ROWS_PER_STATEMENT = 500;

/** Multi-row INSERT in statements of at most 500 rows. `table` and `columns` are code, never input. */
export async function bulkInsert(
  tx: Tx,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly SqlValue[])[],
): Promise<void> {
  await bulk(tx, table, columns, rows, '');
}

/**
 * Multi-row INSERT that changes the rows whose key is there already. Each `update` is a column, which takes the new row's value, or an
 * assignment such as `scans = scans + VALUES(scans)`; all of it is code, never input. In statements of at most 500 rows.
 */
export async function bulkUpsert(
  tx: Tx,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly SqlValue[])[],
  { update }: { readonly update: readonly string[] },
): Promise<void> {
  const changes = update.map((change) => (change.includes('=') ? change : `${change} = VALUES(${change})`));
  await bulk(tx, table, columns, rows, ` ON DUPLICATE KEY UPDATE ${changes.join(', ')}`);
}

async function bulk(
  tx: Tx,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly SqlValue[])[],
  ending: string,
): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    const part = rows.length <= ROWS_PER_STATEMENT ? rows : rows.slice(start, start + ROWS_PER_STATEMENT);
    await tx.insertRows(table, columns, part, ending);
  }
}

/** `?,?,?` for an IN list. Throws Defect for an empty list, which SQL has no word for. */
export function placeholders(values: readonly unknown[]): string {
  if (values.length === 0) throw new Defect('an empty IN list');
  return values.map(() => '?').join(',');
}
