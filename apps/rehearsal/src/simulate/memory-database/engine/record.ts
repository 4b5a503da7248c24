import type { Parked } from '../scheduler';
import type { Row } from './values';

/** A transaction as the locks see it. */
export interface Holder {
  readonly number: number;
  readonly process: string;
  /** The lock it waits for, one at a time. */
  waiting: Waiter | null;
  /** Changes and locks: of a circle the lightest is given up. */
  readonly weight: number;
  /** A lock that was waited for is its own from now on, also when it does not get to go on. */
  granted(record: Record): void;
}

export interface Waiter {
  readonly holder: Holder;
  readonly record: Record;
  readonly mode: 'write' | 'share';
  parked: Parked | null;
  outcome: 'waiting' | 'granted' | 'deadlock' | 'lost';
}

/**
 * One row of a table with what was committed last and what its writer made of it. Its primary key never changes: an UPDATE of it
 * deletes one record and inserts another.
 */
export class Record {
  /** Null while nothing is committed, or no longer. */
  committed: Row | null = null;
  /** As the writer sees it; the same as `committed` without one. */
  current: Row | null = null;
  /** Whose change is not committed yet. */
  writer: Holder | null = null;
  owner: Holder | null = null;
  sharers: Holder[] = [];
  waiters: Waiter[] = [];
  /** The committed row as it goes out, once somebody asked for it. */
  shown: Readonly<{ [column: string]: unknown }> | null = null;
  /** Run of the statement that asked for this row last. */
  stamp = 0;

  constructor(readonly key: Row) {}

  /** What a reader sees: its own change, else what is committed. */
  seenBy(reader: Holder | null): Row | null {
    return this.writer !== null && this.writer === reader ? this.current : this.committed;
  }
}
