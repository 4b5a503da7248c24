import { conjuncts, type Delete, type Order, type Update } from '../sql/syntax';
import { AccessPlanner, type Access } from './access';
import { as, inOrder } from './coerce';
import { Compiler, type Program } from './compile';
import { passes, type Test } from './from';
import type { GuardedTable, Setter } from './guarded-table';
import { Scope, unsupported, type Frame, type Node, type Run } from './node';
import type { Result } from './plan';
import type { Record } from './record';
import type { Transaction } from './transaction';
import type { Value } from './values';

/** A compiled UPDATE or DELETE of one table. */
export class ChangePlan {
  private readonly access: Access;
  private readonly tests: readonly Test[];
  private readonly order: readonly { readonly run: Node['run']; readonly sign: 1 | -1 }[];
  private readonly limit: Node['run'] | null;
  private readonly setters: readonly Setter[] | null;

  constructor(
    private readonly table: GuardedTable,
    statement: Update | Delete,
    program: Program,
  ) {
    const { shape } = table.table;
    const scope = new Scope(null);
    const alias = statement.is === 'update' ? statement.alias : shape.name;
    scope.tables.push({ alias, columns: shape.columns });
    const compiler = new Compiler(program, scope);
    const conditions = conjuncts(statement.where);
    this.access = new AccessPlanner(table.table, 0, scope, compiler).plan(conditions);
    this.tests = conditions.map((condition) => compiler.test(condition));
    this.order = statement.order.map((order) => orderOf(order, compiler));
    this.limit = statement.limit && as(compiler.node(statement.limit), 'int').run;
    this.setters = statement.is === 'update' ? statement.set.map((one) => table.setter(one, compiler)) : null;
  }

  apply(run: Run, transaction: Transaction): Result {
    const frame: Frame = { rows: [], run, outer: null, sums: [], fresh: null };
    const limit = this.limit ? (this.limit(frame) as number) : Infinity;
    let affectedRows = 0;
    for (const record of this.inOrder(frame, transaction)) {
      if (affectedRows >= limit) break;
      if (!this.take(record, frame, transaction)) continue;
      affectedRows++;
      if (this.setters) this.table.change(record, this.setters, frame, transaction);
      else transaction.change(this.table.table, record, null);
    }
    return { affectedRows, insertId: 0 };
  }

  /** A copy: rows come and go while they are changed. */
  private inOrder(frame: Frame, transaction: Transaction): readonly Record[] {
    const records = this.access.records(frame);
    if (this.order.length === 0) return [...records];
    const sortable = records.flatMap((record) => {
      const row = record.seenBy(transaction);
      if (row === null) return [];
      frame.rows[0] = row;
      return passes(this.tests, frame) ? [{ record, keys: this.order.map(({ run }) => run(frame)) }] : [];
    });
    return sortable.sort((one, other) => this.compare(one.keys, other.keys)).map(({ record }) => record);
  }

  private compare(one: readonly Value[], other: readonly Value[]): number {
    for (let at = 0; at < this.order.length; at++) {
      const order = inOrder(one[at]!, other[at]!);
      if (order !== 0) return order * this.order[at]!.sign;
    }
    return 0;
  }

  /**
   * Locks a row that is to be changed; false when it is none of them. A row that somebody else holds is waited for when it matches as it
   * was committed, or whatever it holds when it was looked for by a whole unique key; then it is looked at again.
   */
  private take(record: Record, frame: Frame, transaction: Transaction): boolean {
    const held = record.owner !== null && record.owner !== transaction;
    if (!this.matches(record, frame, transaction) && !(held && this.access.point)) return false;
    transaction.lock(record, 'write');
    return this.matches(record, frame, transaction);
  }

  private matches(record: Record, frame: Frame, transaction: Transaction): boolean {
    const row = record.seenBy(transaction);
    if (row === null) return false;
    frame.rows[0] = row;
    return passes(this.tests, frame);
  }
}

function orderOf({ by, descending }: Order, compiler: Compiler): { run: Node['run']; sign: 1 | -1 } {
  const { type, run } = compiler.node(by);
  if (type.kind === 'text') unsupported('a change in the order of texts');
  return { run, sign: descending ? -1 : 1 };
}
