import { enqueue, leave, MustWait, release, take } from './locks';
import { Record, type Holder, type Waiter } from './record';
import type { Table } from './table';
import type { Row } from './values';

interface Change {
  readonly table: Table;
  readonly record: Record;
  readonly before: Row | null;
  /** The record had no change of this transaction before. */
  readonly first: boolean;
}

/** Changes that are not committed, with what is needed to take them back, and the locks that last until the end. */
export class Transaction implements Holder {
  waiting: Waiter | null = null;
  /**
   * How it ended. `given up`: by the server (1213, 1205), and the connection lives: what comes now commits by itself. `rolled back`: with
   * its connection, or by itself. `crashed`: with its process.
   */
  over: 'committed' | 'given up' | 'rolled back' | 'crashed' | null = null;
  /** Set anew for each attempt of a statement; tells which locks the last attempt needed. */
  stamp = 0;
  private readonly locked: Record[] = [];
  private readonly changes: Change[] = [];

  constructor(
    readonly number: number,
    readonly process: string,
  ) {}

  get weight(): number {
    return this.changes.length + this.locked.length;
  }

  get wrote(): boolean {
    return this.changes.length > 0;
  }

  /** Throws MustWait when somebody else is before us. */
  lock(record: Record, mode: 'write' | 'share'): void {
    const got = take(record, this, mode);
    if (got === 'busy') throw new MustWait(enqueue(record, this, mode));
    if (got === 'taken') this.locked.push(record);
    record.stamp = this.stamp;
  }

  /** A lock that was waited for. */
  granted(record: Record): void {
    this.locked.push(record);
  }

  /** The row of a new key, or of one that this transaction deleted. The record must be free or ours. */
  insert(table: Table, row: Row): void {
    const known = table.byPrimary(table.primary.keyOf(row)!);
    const record = known ?? new Record(row);
    this.lock(record, 'write');
    if (!known) table.add(record, row);
    this.change(table, record, row);
  }

  /** Null deletes. The record must be locked. */
  change(table: Table, record: Record, next: Row | null): void {
    const first = record.writer !== this;
    const before = first ? record.committed : record.current;
    this.changes.push({ table, record, before, first });
    record.writer = this;
    record.current = next;
    if (next !== null) table.rekey(record, before);
  }

  /** Where a statement begins, to go back to when it fails. */
  savepoint(): number {
    return this.changes.length;
  }

  undoTo(savepoint: number): void {
    while (this.changes.length > savepoint) undo(this.changes.pop()!);
  }

  /** Returns those who now have the lock they waited for; tells `changed` of each record whose committed row is another now. */
  commit(changed: (table: Table, record: Record, before: Row | null) => void): Waiter[] {
    for (const { table, record } of this.changes) {
      if (record.writer !== this) continue;
      const before = record.committed;
      record.committed = record.current;
      record.writer = null;
      table.version++;
      if (record.committed === null) table.remove(record, this.rowsOf(record, before));
      else table.rekey(record, before);
      if (before !== record.committed) changed(table, record, before);
    }
    this.over = 'committed';
    return this.free();
  }

  rollback(why: 'given up' | 'rolled back' | 'crashed'): Waiter[] {
    this.undoTo(0);
    this.over = why;
    const moved = this.waiting ? leave(this.waiting) : [];
    return [...moved, ...this.free()];
  }

  /** Gives back a lock that was waited for and then not needed. */
  unlock(record: Record): Waiter[] {
    if (record.writer === this) return [];
    this.locked.splice(this.locked.lastIndexOf(record), 1);
    return release(record, this);
  }

  private free(): Waiter[] {
    return this.locked.flatMap((record) => release(record, this));
  }

  private rowsOf(record: Record, committed: Row | null): (Row | null)[] {
    return [committed, ...this.changes.filter((change) => change.record === record).map(({ before }) => before)];
  }
}

function undo({ table, record, before, first }: Change): void {
  const after = record.current;
  record.current = before;
  if (first) record.writer = null;
  if (record.committed === null && first) table.remove(record, [after]);
  else if (after !== null || before !== null) table.rekey(record, after);
}
