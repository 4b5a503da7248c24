import type { SqlValue } from '@app/database';
import type { Run } from './node';
import type { Transaction } from './transaction';

/** Rows as they go out, or what a write says of itself. */
export type Result = readonly unknown[] | { readonly affectedRows: number; readonly insertId: number };

/** What a statement keeps when it has to wait and starts again: numbers once given are never given twice. */
export interface Attempt {
  readonly ids: number[];
}

/** A compiled statement. */
export interface Plan {
  /** What one run knows. */
  run(params: readonly SqlValue[], now: number, reader: Transaction | null): Run;
  /** Throws MustWait, a StatementError, or Defect. Null as transaction: a read of what is committed. */
  apply(run: Run, transaction: Transaction | null, attempt: Attempt): Result;
}
