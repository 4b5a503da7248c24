import type { Call, Expression, Order, Select } from '../sql/syntax';
import { AGGREGATES, aggregateOf, keyOf, type Aggregate } from './aggregates';
import { as, inOrder } from './coerce';
import { foldedInOrder } from './collation';
import { Compiler, type InnerSelect, type Program } from './compile';
import { From, type Test } from './from';
import { Scope, unsupported, type Frame, type Node, type Run } from './node';
import { keyOfValues, type Table } from './table';
import type { Transaction } from './transaction';
import type { Row, Type, Value } from './values';

interface Sorting {
  readonly node: Node;
  readonly sign: 1 | -1;
}

interface Emitted {
  readonly row: Row;
  readonly keys: readonly Value[];
}

/** A compiled SELECT. Aggregates, groups and orders as in MariaDB, or a Defect when it is compiled. */
export class SelectPlan implements InnerSelect {
  readonly types: readonly Type[];
  readonly names: readonly string[];
  private readonly from: From;
  private readonly aggregates: Aggregate[] = [];
  private readonly items: readonly Node[];
  private readonly sorting: readonly Sorting[];
  private readonly groups: readonly Node[];
  private readonly having: Test | null;
  private readonly limit: Node['run'] | null;
  private readonly offset: Node['run'] | null;
  private readonly grouped: boolean;
  /** Rows come in the wanted order by themselves. */
  private readonly natural: boolean;
  private readonly more: readonly SelectPlan[];

  constructor(
    private readonly program: Program,
    tables: ReadonlyMap<string, Table>,
    private readonly select: Select,
    outer: Scope | null,
  ) {
    const scope = new Scope(outer);
    this.from = new From(program, scope, tables, select);
    const items = this.expanded();
    const named = new Map(items.map(({ name, of }) => [name.toLowerCase(), of]));
    const aggregate = (call: Call): Node | null => this.aggregate(call, scope);
    const compiler = new Compiler(program, scope, aggregate);
    const byName = new Compiler(program, scope, aggregate, named);
    this.items = items.map(({ of }) => compiler.node(of));
    this.names = items.map(({ name }) => name);
    this.types = this.items.map(({ type }) => type);
    const group = (of: Expression): Node =>
      of.is === 'column' && scope.find(of.table, of.name) === null ? byName.node(of) : compiler.node(of);
    this.groups = select.group.map(group);
    this.having = select.having && byName.test(select.having);
    this.natural = this.isNatural(select, items);
    this.sorting = this.natural ? [] : select.order.map((order) => this.sort(order, items, byName));
    this.limit = select.limit && as(compiler.node(select.limit), 'int').run;
    this.offset = select.offset && as(compiler.node(select.offset), 'int').run;
    this.grouped = this.groups.length > 0 || this.aggregates.length > 0;
    this.more = select.unionAll.map((one) => new SelectPlan(program, tables, one, outer));
    if (this.more.length > 0 && (this.sorting.length > 0 || this.limit)) unsupported('an order over UNION ALL');
    if (select.lock && (this.grouped || select.distinct)) unsupported('FOR UPDATE of groups');
  }

  rows(outer: Frame): readonly Row[] {
    return this.read(outer.run, null, outer);
  }

  /** With `lock` the rows are locked. Throws MustWait. */
  read(run: Run, lock: Transaction | null, outer: Frame | null = null): readonly Row[] {
    const frame: Frame = { rows: [], run, outer, sums: NO_SUMS, fresh: null };
    const limit = this.limit ? (this.limit(frame) as number) : Infinity;
    const offset = this.offset ? (this.offset(frame) as number) : 0;
    const early = this.sorting.length === 0 && !this.grouped && !this.select.distinct ? limit + offset : Infinity;
    if (early === 0) return [];
    const emitted: Emitted[] = [];
    if (this.grouped) this.group(frame, emitted);
    else this.from.each(frame, lock, (one) => (this.emit(one, emitted), emitted.length < early));
    const sorted = this.sorted(this.distinct(emitted));
    const page = limit === Infinity && offset === 0 ? sorted : sorted.slice(offset, offset + limit);
    const rows = page.map(({ row }) => row);
    return this.more.length === 0 ? rows : [rows, ...this.more.map((plan) => plan.read(run, lock, outer))].flat();
  }

  private expanded(): { of: Expression; name: string }[] {
    return this.select.items.flatMap((item) => {
      const { of } = item;
      if (of.is !== 'star') return [item];
      const tables = this.from.columns.filter(({ alias }) => of.table === null || of.table === alias);
      return tables.flatMap(({ alias, names }) =>
        names.map((name) => ({ of: { is: 'column', table: alias, name } as const, name })),
      );
    });
  }

  private aggregate(call: Call, scope: Scope): Node | null {
    if (!AGGREGATES.has(call.name)) return null;
    const inner = new Compiler(this.program, scope);
    const aggregate = aggregateOf(call, (of) => inner.node(of));
    const index = this.aggregates.push(aggregate) - 1;
    return { type: aggregate.type, run: (frame) => frame.sums[index]! };
  }

  /** Whether a table's own order is the wanted one: the first columns of its primary key, rising. */
  private isNatural({ order, group, distinct }: Select, items: readonly { of: Expression; name: string }[]): boolean {
    const table = this.from.only;
    if (!table || group.length > 0 || distinct || order.length === 0) return false;
    const { columns } = table.shape.primary;
    return order.every(({ by, descending }, index) => {
      const at = columns[index];
      if (descending || by.is !== 'column' || at === undefined) return false;
      const item = by.table === null ? items.find(({ name }) => name === by.name) : undefined;
      const named = item ? item.of : by;
      return named.is === 'column' && named.name === table.shape.columns[at]!.name;
    });
  }

  private sort({ by, descending }: Order, items: readonly { of: Expression }[], compiler: Compiler): Sorting {
    const of = by.is === 'number' ? items[by.value - 1]!.of : by;
    const node = compiler.node(of);
    const sign = descending ? -1 : 1;
    if (node.type.kind !== 'text') return { node, sign };
    const { run } = node;
    const inFold = (frame: Frame): Value => {
      const value = run(frame);
      return value === null ? null : foldedInOrder(value as string);
    };
    return { node: { type: node.type, run: inFold }, sign };
  }

  private emit(frame: Frame, emitted: Emitted[]): void {
    if (this.having && !this.having(frame)) return;
    const row: Row = [];
    for (const item of this.items) row.push(item.run(frame));
    emitted.push({ row, keys: this.sorting.length === 0 ? NO_SUMS : this.sorting.map(({ node }) => node.run(frame)) });
  }

  private group(frame: Frame, emitted: Emitted[]): void {
    const groups = new Map<Value, { rows: Row[]; running: ReturnType<Aggregate['start']>[] }>();
    const types = this.groups.map(({ type }) => type);
    const keys = types.map(keyOf);
    const open = (rows: Row[]) => ({ rows, running: this.aggregates.map((aggregate) => aggregate.start()) });
    this.from.each(frame, null, (one) => {
      const values = this.groups.map((node, at) => keys[at]!(node.run(one)));
      const key = values.length === 0 ? '' : groupKey(values, types);
      let group = groups.get(key);
      if (!group) groups.set(key, (group = open([...one.rows])));
      for (const running of group.running) running.add(one);
      return true;
    });
    if (groups.size === 0 && this.groups.length === 0) {
      groups.set('', open(this.from.columns.map(({ names }) => new Array<null>(names.length).fill(null))));
    }
    for (const { rows, running } of groups.values()) {
      const sums = running.map((one) => one.result());
      this.emit({ ...frame, rows, sums }, emitted);
    }
  }

  private distinct(emitted: readonly Emitted[]): readonly Emitted[] {
    if (!this.select.distinct) return emitted;
    const seen = new Map<Value, Emitted>();
    for (const one of emitted) {
      const key = groupKey(
        one.row.map((value, at) => keyOf(this.types[at]!)(value)),
        this.types,
      );
      if (!seen.has(key)) seen.set(key, one);
    }
    return [...seen.values()];
  }

  private sorted(emitted: readonly Emitted[]): readonly Emitted[] {
    const { sorting } = this;
    if (sorting.length === 0) return emitted;
    return [...emitted].sort((one, other) => {
      for (let at = 0; at < sorting.length; at++) {
        const order = inOrder(one.keys[at]!, other.keys[at]!);
        if (order !== 0) return order * sorting[at]!.sign;
      }
      return 0;
    });
  }
}

const NO_SUMS: readonly Value[] = [];

/** NULLs of a group are one value, unlike those of a unique key. */
function groupKey(values: readonly Value[], types: readonly Type[]): string {
  return values
    .map((value, at) => (value === null ? 'n' : `v${keyOfValues([value, 0], [types[at]!, types[at]!])}`))
    .join();
}
