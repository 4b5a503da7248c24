import type { SqlValue } from '@app/database';
import { circle, MustWait, victimOf } from './engine/locks';
import type { Record as TableRecord, Waiter } from './engine/record';
import type { Attempt, Plan, Result } from './engine/plan';
import { connectionLost, deadlock, lockWait } from './engine/refusals';
import { Statements, type BulkPlan } from './engine/statements';
import { Table } from './engine/table';
import { Transaction } from './engine/transaction';
import { decoded, type Row } from './engine/values';
import type { CommitFault, Faults, StatementFault } from './faults';
import type { Schema } from './schema';
import type { Scheduler } from './scheduler';

type ShownRow = Readonly<Record<string, unknown>>;

/** What one commit did to one row, as `rows` shows rows. */
export interface CommittedChange {
  readonly table: string;
  readonly before: ShownRow | null;
  readonly after: ShownRow | null;
}

/** Everything that was committed at one moment. */
export interface Snapshot {
  readonly tables: ReadonlyMap<string, { readonly rows: readonly Row[]; readonly nextId: number }>;
}

/** innodb_lock_wait_timeout of every session of ours. */
const LOCK_WAIT_MS = 3000;

/**
 * MariaDB as our code relies on it, in memory: the real schema, READ COMMITTED with row locks that are waited for in line, deadlocks
 * that roll one transaction back, and commits that nobody may learn of. Deterministic: time and turns come from the scheduler.
 */
export class MemoryDatabase {
  /** Told of each commit that changed something, at once; also of what is planted. */
  onCommit: ((changes: readonly CommittedChange[]) => void) | null = null;
  /** Tables whose changes it is told of; null = all. */
  watched: ReadonlySet<string> | null = null;
  private readonly tables: ReadonlyMap<string, Table>;
  private readonly statements: Statements;
  private readonly asOwner: Statements;
  private readonly open = new Set<Transaction>();
  private readonly loaded = new Map<Table, { readonly rows: readonly Row[]; readonly version: number }>();
  private transactions = 0;
  private attempts = 0;

  constructor(
    private readonly schema: Schema,
    public scheduler: Scheduler,
    private faults: Faults = {},
  ) {
    this.tables = new Map(schema.tables.map((shape) => [shape.name, new Table(shape)]));
    this.statements = new Statements(this.tables, true);
    this.asOwner = new Statements(this.tables, false);
    this.reset();
  }

  /** An empty database, but for what the migrations plant. */
  reset(scheduler = this.scheduler, faults = this.faults): void {
    this.changeWorld(scheduler, faults);
    for (const table of this.tables.values()) table.clear();
    for (const sql of this.schema.planted) this.plant(sql);
  }

  /** Another world begins with what this snapshot holds. Tables that still hold it are left alone. */
  startFrom(snapshot: Snapshot, scheduler: Scheduler, faults: Faults): void {
    this.changeWorld(scheduler, faults);
    this.restore(snapshot);
  }

  private changeWorld(scheduler: Scheduler, faults: Faults): void {
    for (const transaction of [...this.open]) this.end(transaction, 'crashed');
    this.scheduler = scheduler;
    this.faults = faults;
    this.transactions = 0;
  }

  snapshot(): Snapshot {
    const tables = [...this.tables.values()].map(
      (table) => [table.shape.name, { rows: table.committed(), nextId: table.nextId }] as const,
    );
    return { tables: new Map(tables) };
  }

  /** The database as it was then. Every connection is lost, also those that wait. */
  restore(snapshot: Snapshot): void {
    for (const transaction of [...this.open]) {
      const { waiting } = transaction;
      this.end(transaction, 'rolled back');
      if (waiting) waiting.outcome = 'lost';
      waiting?.parked?.wake();
    }
    for (const [name, { rows, nextId }] of snapshot.tables) {
      const table = this.table(name);
      const known = this.loaded.get(table);
      // Nobody wrote to it since.
      if (known?.rows === rows && known.version === table.version && table.nextId === nextId) continue;
      table.load(rows, nextId);
      this.loaded.set(table, { rows, version: table.version });
    }
  }

  /** The process is gone: what it had open rolls back, and none of its waiting steps goes on. */
  crash(process: string): void {
    for (const transaction of [...this.open]) {
      if (transaction.process === process) this.end(transaction, 'crashed');
    }
  }

  /** Open transactions, of one process or of all. */
  openTransactions(process?: string): number {
    return [...this.open].filter((one) => process === undefined || one.process === process).length;
  }

  /** A SELECT over what is committed: at once, without a turn. */
  peek<T>(sql: string, params: readonly SqlValue[] = []): T[] {
    const plan = this.asOwner.plan(sql);
    return plan.apply(plan.run(params, this.now(), null), null, { ids: [] }) as T[];
  }

  /** A committed write with the rights of the owner: at once. Throws when somebody holds a lock on its rows. */
  plant(sql: string, params: readonly SqlValue[] = []): { affectedRows: number; insertId: number } {
    const transaction = new Transaction(0, 'owner');
    const plan = this.asOwner.plan(sql);
    try {
      const result = plan.apply(plan.run(params, this.now(), transaction), transaction, { ids: [] });
      this.settle(transaction);
      return result as { affectedRows: number; insertId: number };
    } catch (error) {
      this.wake(transaction.rollback('rolled back'));
      throw error instanceof MustWait ? new Error(`somebody holds a row that is to be planted by ${sql}`) : error;
    }
  }

  /** Committed rows of a table in the order of its primary key, as a SELECT * would give them. */
  rows(name: string): ShownRow[] {
    const table = this.table(name);
    return table.ordered.flatMap((record) => (record.committed === null ? [] : [shown(table, record)]));
  }

  /** Rises with every commit that changed the table. */
  versionOf(name: string): number {
    return this.table(name).version;
  }

  begin(process: string): Transaction {
    const transaction = new Transaction(++this.transactions, process);
    this.open.add(transaction);
    return transaction;
  }

  plan(sql: string): Plan {
    return this.statements.plan(sql);
  }

  bulk(table: string, columns: readonly string[], ending: string): BulkPlan {
    return this.statements.bulk(table, columns, ending);
  }

  /** One statement, with its turn and its faults. Never settles when the process is gone. */
  async send(
    process: string,
    transaction: Transaction | null,
    sql: string,
    plan: () => Plan,
    params: readonly SqlValue[],
  ): Promise<Result> {
    await this.scheduler.turn(process, sql);
    if (transaction?.over === 'given up') return this.alone(process, plan(), params);
    if (transaction?.over) return this.afterEnd(transaction);
    const fault = this.faults.beforeStatement?.({ process, transaction: transaction?.number ?? null, sql }) ?? null;
    if (fault && fault !== 'lost_reply') throw this.failed(fault, transaction);
    const compiled = plan();
    const result = transaction
      ? await this.within(transaction, compiled, params)
      : compiled.apply(compiled.run(params, this.now(), null), null, { ids: [] });
    if (!fault) return result;
    if (transaction) this.end(transaction, 'rolled back');
    throw connectionLost();
  }

  /** The error of a fault, with what the server does then. */
  private failed(fault: Exclude<StatementFault, 'lost_reply'>, transaction: Transaction | null): Error {
    if (transaction) this.end(transaction, fault === 'lost' ? 'rolled back' : 'given up');
    return fault === 'deadlock' ? deadlock() : fault === 'lock_wait' ? lockWait() : connectionLost();
  }

  /** A statement in a transaction that the server gave up, by one who did not notice: it commits by itself. */
  private async alone(process: string, plan: Plan, params: readonly SqlValue[]): Promise<Result> {
    const transaction = this.begin(process);
    try {
      const result = await this.within(transaction, plan, params);
      this.settle(transaction);
      return result;
    } catch (error) {
      this.rollback(transaction);
      throw error;
    }
  }

  async commit(transaction: Transaction): Promise<void> {
    const { process, number, wrote } = transaction;
    // Nobody can tell when a transaction ended that changed nothing, but those who wait for its locks.
    if (!wrote && transaction.over === null) return this.settle(transaction);
    // No turn before it: whoever dies or waits between the last statement and the commit might as well before that statement.
    if (transaction.over === 'given up') return;
    if (transaction.over) return void (await this.afterEnd(transaction));
    const fault: CommitFault | null = this.faults.atCommit?.({ process, transaction: number, wrote }) ?? null;
    if (fault === 'lost_before') this.end(transaction, 'rolled back');
    else this.settle(transaction);
    // The reply is under way: who dies here never learns of the commit.
    await this.scheduler.turn(process, 'committed');
    if (fault) throw connectionLost();
  }

  rollback(transaction: Transaction): void {
    if (transaction.over === null) this.end(transaction, 'rolled back');
  }

  /** A statement on a transaction that the server has ended. */
  private afterEnd(transaction: Transaction): Promise<never> {
    if (transaction.over === 'crashed') return new Promise<never>(() => undefined);
    throw connectionLost();
  }

  /** Runs a statement, again after each lock that it had to wait for. A failed one leaves no change, but keeps its locks. */
  private async within(transaction: Transaction, plan: Plan, params: readonly SqlValue[]): Promise<Result> {
    const attempt: Attempt = { ids: [] };
    const savepoint = transaction.savepoint();
    const run = plan.run(params, this.now(), transaction);
    const waited: Waiter[] = [];
    for (;;) {
      transaction.stamp = ++this.attempts;
      try {
        const result = plan.apply(run, transaction, attempt);
        this.unlockUnused(transaction, waited);
        return result;
      } catch (error) {
        transaction.undoTo(savepoint);
        if (!(error instanceof MustWait)) throw error;
        await this.wait(transaction, error.waiter);
        waited.push(error.waiter);
      }
    }
  }

  private async wait(transaction: Transaction, waiter: Waiter): Promise<void> {
    this.breakCircles(transaction, waiter);
    waiter.parked = this.scheduler.park(transaction.process, 'lock', LOCK_WAIT_MS);
    // The victim of a circle may have set us free already.
    if (waiter.outcome !== 'waiting') waiter.parked.wake();
    const how = await waiter.parked.done;
    if (waiter.outcome === 'deadlock') throw deadlock();
    if (waiter.outcome === 'lost') throw connectionLost();
    if (transaction.over) return void (await this.afterEnd(transaction));
    if (waiter.outcome === 'granted') return;
    if (how === 'woken') throw new Error('memory database: a waiting statement was woken without its lock');
    this.end(transaction, 'given up');
    throw lockWait();
  }

  private breakCircles(transaction: Transaction, waiter: Waiter): void {
    while (waiter.outcome === 'waiting') {
      const holders = circle(waiter);
      if (!holders) return;
      const victim = victimOf(holders) as Transaction;
      const lost = victim.waiting!;
      lost.outcome = 'deadlock';
      this.end(victim, 'given up');
      if (victim === transaction) throw deadlock();
      lost.parked?.wake();
    }
  }

  private unlockUnused(transaction: Transaction, waited: readonly Waiter[]): void {
    for (const { record } of waited) {
      if (record.stamp !== transaction.stamp) this.wake(transaction.unlock(record));
    }
  }

  private settle(transaction: Transaction): void {
    const changes: CommittedChange[] = [];
    const { onCommit: tell, watched } = this;
    const woken = transaction.commit((table, record, before) => {
      if (!tell || watched?.has(table.shape.name) === false) {
        record.shown = null;
        return;
      }
      const old = before === null ? null : (record.shown ?? shownRow(table, before));
      record.shown = null;
      const after = record.committed === null ? null : shown(table, record);
      changes.push({ table: table.shape.name, before: old, after });
    });
    this.open.delete(transaction);
    this.wake(woken);
    if (tell && changes.length > 0) tell(changes);
  }

  private end(transaction: Transaction, why: 'given up' | 'rolled back' | 'crashed'): void {
    this.open.delete(transaction);
    this.wake(transaction.rollback(why));
  }

  private wake(waiters: readonly Waiter[]): void {
    for (const waiter of waiters) waiter.parked?.wake();
  }

  private now(): number {
    return Math.round(this.scheduler.now() * 1000);
  }

  private table(name: string): Table {
    const table = this.tables.get(name);
    if (!table) throw new Error(`no table ${name}`);
    return table;
  }
}

/** Made once for each committed row. */
function shown(table: Table, record: TableRecord): ShownRow {
  return (record.shown ??= shownRow(table, record.committed!));
}

function shownRow({ shape }: Table, row: Row): ShownRow {
  const object: Record<string, unknown> = {};
  for (const { name, index, type } of shape.columns) object[name] = decoded(row[index]!, type);
  return object;
}
