/** A statement that is about to run. */
export interface StatementAt {
  readonly process: string;
  /** Numbered per database from 1; null outside a transaction. */
  readonly transaction: number | null;
  /** Text with its places (`?`), or `INSERT INTO table …` for rows of bulkInsert and bulkUpsert. */
  readonly sql: string;
}

export interface CommitAt {
  readonly process: string;
  readonly transaction: number;
  /** Whether anything was written. */
  readonly wrote: boolean;
}

/**
 * Instead of running the statement: `deadlock` (1213) and `lock_wait` (1205) end the transaction as the server would; `lost` breaks the
 * connection (code PROTOCOL_CONNECTION_LOST, no number), which rolls back; `lost_reply` runs it and then breaks the connection.
 */
export type StatementFault = 'deadlock' | 'lock_wait' | 'lost' | 'lost_reply';

/** The connection breaks at the commit: the caller sees the same error, and whether the commit was applied it cannot know. */
export type CommitFault = 'lost_before' | 'lost_after';

/** Asked by the memory database before each step; null lets it run. */
export interface Faults {
  beforeStatement?(at: StatementAt): StatementFault | null;
  atCommit?(at: CommitAt): CommitFault | null;
}
