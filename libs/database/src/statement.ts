import type { QueryRunner } from 'typeorm';

/** What an INSERT, UPDATE or DELETE says of itself. */
export interface WriteHeader {
  readonly affectedRows: number;
  readonly insertId: number | string;
}

/** Rows of a SELECT, or what a write says of itself. */
export type Answer = readonly unknown[] | WriteHeader;

/** The part of a mysql2 connection that we use; `values: null` = the text is complete and is not searched for places. */
interface DriverConnection {
  query(
    statement: { readonly sql: string; readonly values: null },
    done: (error: DriverError | null, answer: Answer) => void,
  ): void;
}

/** An error as the driver gives it. */
export interface DriverError extends Error {
  readonly errno?: number;
  readonly code?: string;
  readonly sqlState?: string;
}

/** A statement that the server refused or that never reached it. Carries no statement text: that would be full of values. */
export class StatementError extends Error {
  override readonly name = 'StatementError';
  /** The server's number, such as 1062; undefined when the connection itself failed. */
  readonly errno: number | undefined;
  /** `ER_DUP_ENTRY`, `PROTOCOL_CONNECTION_LOST`, … */
  readonly code: string | undefined;
  readonly sqlState: string | undefined;

  constructor(error: DriverError) {
    super(error.message);
    this.errno = error.errno;
    this.code = error.code;
    this.sqlState = error.sqlState;
  }
}

/**
 * Sends complete SQL text on a runner's own connection. TypeORM's `runner.query` does the same after events, logging, a stack capture and
 * formatting, which a scan would pay some twenty times over.
 */
export async function sendStatement(runner: QueryRunner, sql: string): Promise<Answer> {
  const connection = (await runner.connect()) as DriverConnection;
  try {
    return await new Promise<Answer>((resolve, reject) => {
      connection.query({ sql, values: null }, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
  } catch (error) {
    // Made anew here, so that its stack leads to the caller.
    throw new StatementError(error as DriverError);
  }
}
