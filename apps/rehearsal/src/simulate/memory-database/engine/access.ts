import { conjuncts, type Expression } from '../sql/syntax';
import { as } from './coerce';
import type { Compiler } from './compile';
import type { Frame, Node, Scope } from './node';
import type { Record } from './record';
import { keyOfValues, type KeyValue, type Table, type UniqueIndex } from './table';
import type { Type, Value } from './values';

/** Where to look for rows: never too few, in the order of the primary key. */
export interface Access {
  /** Looks up whole unique keys only, as a search that InnoDB never skips a locked row in. */
  readonly point: boolean;
  readonly records: (frame: Frame) => readonly Record[];
}

/** What conditions say of the columns of one table: `column = value`, `column IN (values)`, `(columns) IN (rows)`. */
interface Bounds {
  readonly equal: Map<number, Node>;
  readonly among: Map<number, readonly Node[]>;
  readonly tuples: { readonly columns: readonly number[]; readonly rows: readonly (readonly Node[])[] }[];
  readonly alternatives: (readonly Expression[])[];
}

/** The best way to the rows of one table of a scope, by conditions that may name tables before it. */
export class AccessPlanner {
  constructor(
    private readonly table: Table,
    private readonly level: number,
    private readonly scope: Scope,
    private readonly compiler: Compiler,
  ) {}

  plan(conditions: readonly Expression[]): Access {
    return this.best(conditions) ?? { point: false, records: () => this.table.ordered };
  }

  private best(conditions: readonly Expression[]): Access | null {
    const bounds: Bounds = { equal: new Map(), among: new Map(), tuples: [], alternatives: [] };
    for (const condition of conditions) this.read(condition, bounds);
    for (const index of this.table.indexes) {
      const found = this.byKey(index, bounds) ?? this.byTuples(index, bounds);
      if (found) return found;
    }
    return this.byAlternatives(bounds) ?? this.byPrefix(bounds);
  }

  private read(condition: Expression, bounds: Bounds): void {
    if (condition.is === 'or') bounds.alternatives.push(condition.parts);
    if (condition.is === 'compare' && condition.sign === '=') {
      this.readEqual(condition.left, condition.right, bounds);
      this.readEqual(condition.right, condition.left, bounds);
    }
    if (condition.is !== 'in') return;
    const { of, list } = condition;
    const column = this.columnOf(of);
    if (column !== null) {
      const values = list.map((item) => this.valueFor(column, item));
      if (values.every((value) => value !== null)) bounds.among.set(column, values);
    }
    if (of.is === 'row') this.readTuples(of.items, list, bounds);
  }

  private readEqual(one: Expression, other: Expression, { equal }: Bounds): void {
    const column = this.columnOf(one);
    const value = column === null ? null : this.valueFor(column, other);
    if (column !== null && value !== null) equal.set(column, value);
  }

  private readTuples(items: readonly Expression[], list: readonly Expression[], { tuples }: Bounds): void {
    const columns = items.map((item) => this.columnOf(item));
    if (columns.includes(null)) return;
    const rows = list.map((row) =>
      row.is === 'row' ? row.items.map((item, at) => this.valueFor(columns[at]!, item)) : [null],
    );
    if (rows.some((row) => row.includes(null))) return;
    tuples.push({ columns: columns as number[], rows: rows as Node[][] });
  }

  /** Index of a column of this table; null for anything else. */
  private columnOf(of: Expression): number | null {
    if (of.is !== 'column') return null;
    const found = this.scope.find(of.table, of.name);
    return found && found.depth === 0 && found.table === this.level ? found.column.index : null;
  }

  /** A value that is known before this table is read; null when it is not, or cannot be looked up. */
  private valueFor(column: number, of: Expression): Node | null {
    this.scope.touched.clear();
    const node = this.compiler.node(of);
    if ([...this.scope.touched].some((table) => table >= this.level)) return null;
    const { kind } = this.table.shape.columns[column]!.type;
    if (kind === 'fixed') return null;
    const comparable = node.type.kind === kind || node.as !== undefined || node.fixed !== undefined;
    return comparable || (kind === 'bytes' && node.type.kind === 'text') ? as(node, kind) : null;
  }

  private byKey(index: UniqueIndex, { equal, among }: Bounds): Access | null {
    const { columns } = index.shape;
    const lists = columns.filter((column) => !equal.has(column));
    if (lists.length > 1 || lists.some((column) => !among.has(column))) return null;
    const [listed] = lists;
    const values = listed === undefined ? [null] : among.get(listed)!;
    const keys = values.map((value) => columns.map((column) => (column === listed ? value! : equal.get(column)!)));
    return this.lookup(index, keys);
  }

  private byTuples(index: UniqueIndex, { tuples }: Bounds): Access | null {
    const { columns } = index.shape;
    const fitting = tuples.find(
      (tuple) => tuple.columns.length === columns.length && columns.every((column) => tuple.columns.includes(column)),
    );
    if (!fitting) return null;
    const places = columns.map((column) => fitting.columns.indexOf(column));
    return this.lookup(
      index,
      fitting.rows.map((row) => places.map((place) => row[place]!)),
    );
  }

  private lookup(index: UniqueIndex, keys: readonly (readonly Node[])[]): Access {
    const types = index.shape.columns.map((column) => this.table.shape.columns[column]!.type);
    if (keys.length === 1) {
      const [key] = keys as [readonly Node[]];
      return {
        point: true,
        records: (frame) => {
          const value = keyAt(key, types, frame);
          return (value !== null && index.records.get(value)) || NONE;
        },
      };
    }
    return {
      point: true,
      records: (frame) => {
        const found = new Set<Record>();
        for (const key of keys) {
          const value = keyAt(key, types, frame);
          if (value !== null) for (const record of index.records.get(value) ?? NONE) found.add(record);
        }
        return this.sorted(found);
      },
    };
  }

  private byAlternatives({ alternatives }: Bounds): Access | null {
    for (const parts of alternatives) {
      const ways = parts.map((part) => this.best(conjuncts(part)));
      if (ways.includes(null)) continue;
      return {
        point: ways.every((way) => way!.point),
        records: (frame) => this.sorted(new Set(ways.flatMap((way) => way!.records(frame)))),
      };
    }
    return null;
  }

  private byPrefix({ equal, among }: Bounds): Access | null {
    const { columns } = this.table.primary.shape;
    const bound = columns.findIndex((column) => !equal.has(column));
    const fixed = columns.slice(0, bound).map((column) => equal.get(column)!);
    const last = among.get(columns[bound]!);
    if (last) {
      return {
        point: false,
        records: (frame) => {
          const found = new Set<Record>();
          for (const value of last) {
            const prefix = [...fixed, value].map((node) => node.run(frame));
            for (const record of this.table.withPrefix(prefix)) found.add(record);
          }
          return this.sorted(found);
        },
      };
    }
    if (fixed.length === 0) return null;
    return { point: false, records: (frame) => this.table.withPrefix(fixed.map((node) => node.run(frame))) };
  }

  private sorted(found: ReadonlySet<Record>): readonly Record[] {
    const records = [...found];
    return records.length < 2 ? records : records.sort((one, other) => this.table.compare(one.key, other.key));
  }
}

const NONE: readonly Record[] = [];

function keyAt(nodes: readonly Node[], types: readonly Type[], frame: Frame): KeyValue | null {
  if (nodes.length === 1) return keyOfValues([nodes[0]!.run(frame)], types);
  const values: Value[] = [];
  for (const node of nodes) values.push(node.run(frame));
  return keyOfValues(values, types);
}
