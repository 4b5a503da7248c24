import type { KeyShape, TableShape } from './shape';
import { folded } from './collation';
import type { Type, Value, Row } from './values';
import { Record } from './record';

export type KeyValue = string | number;

/** A key as one value to look it up by; null when a column of it is NULL, which makes nothing a duplicate. */
export type KeyOf = (row: readonly Value[]) => KeyValue | null;

/** A unique key of a table; also holds keys of changes that are not committed yet. */
export interface UniqueIndex {
  readonly shape: KeyShape;
  readonly keyOf: KeyOf;
  readonly records: Map<KeyValue, Record[]>;
}

/** The rows of one table, in the order of their primary keys. */
export class Table {
  readonly indexes: readonly UniqueIndex[];
  readonly primary: UniqueIndex;
  readonly ordered: Record[] = [];
  nextId = 1;
  /** Rises with each commit that changed the table, and with each load. */
  version = 0;
  private readonly keyColumns: readonly number[];
  /** Unique keys beside the primary one whose columns a change may touch. */
  private readonly others: readonly UniqueIndex[];

  constructor(readonly shape: TableShape) {
    const index = (key: KeyShape): UniqueIndex => ({ shape: key, keyOf: keyOf(shape, key), records: new Map() });
    this.primary = index(shape.primary);
    // InnoDB looks at unique keys that cannot be NULL before the others.
    const nullable = (key: KeyShape): number => Number(key.columns.some((at) => shape.columns[at]!.nullable));
    this.others = [...shape.unique].sort((one, other) => nullable(one) - nullable(other)).map(index);
    this.indexes = [this.primary, ...this.others];
    this.keyColumns = shape.primary.columns;
  }

  clear(): void {
    if (this.ordered.length === 0 && this.nextId === 1) return;
    this.ordered.length = 0;
    for (const { records } of this.indexes) records.clear();
    this.nextId = 1;
    this.version++;
  }

  /** Committed rows in the order of the primary key. They are never changed, only replaced, so they may be shared. */
  committed(): Row[] {
    return this.ordered.flatMap(({ committed }) => (committed === null ? [] : [committed]));
  }

  /** Holds exactly these rows, as `committed` gave them. */
  load(rows: readonly Row[], nextId: number): void {
    this.clear();
    for (const row of rows) {
      const record = new Record(row);
      record.committed = record.current = row;
      this.add(record, row);
    }
    this.nextId = nextId;
    this.version++;
  }

  byPrimary(key: KeyValue): Record | undefined {
    return this.primary.records.get(key)?.[0];
  }

  /** Adds a record under the keys of `row`, which nobody has committed yet. */
  add(record: Record, row: Row): void {
    const { ordered } = this;
    const last = ordered.at(-1);
    if (!last || this.compare(last.key, record.key) < 0) ordered.push(record);
    else ordered.splice(this.firstFrom(record.key, this.keyColumns.length), 0, record);
    this.primary.records.set(this.primary.keyOf(row)!, [record]);
    for (const index of this.others) enter(index, index.keyOf(row), record);
  }

  /** The unique keys that are others afterwards. */
  movedBy(before: Row, next: Row): readonly UniqueIndex[] {
    let moved: UniqueIndex[] | null = null;
    for (const index of this.indexes) {
      if (!touched(index, before, next) || index.keyOf(next) === index.keyOf(before)) continue;
      moved ??= [];
      moved.push(index);
    }
    return moved ?? NOTHING_MOVED;
  }

  /** Makes the unique keys of a record fit what is committed and what is current. */
  rekey(record: Record, before: Row | null): void {
    for (const index of this.others) {
      const { committed, current } = record;
      if (before !== null && current !== null && !touched(index, before, current)) {
        if (committed === null || committed === before || !touched(index, before, committed)) continue;
      }
      const wanted = [record.committed, record.current].map((row) => (row === null ? null : index.keyOf(row)));
      const old = before === null ? null : index.keyOf(before);
      if (old !== null && !wanted.includes(old)) depart(index, old, record);
      for (const key of wanted) enter(index, key, record);
    }
  }

  remove(record: Record, rows: readonly (Row | null)[]): void {
    const at = this.firstFrom(record.key, this.keyColumns.length);
    if (this.ordered[at] === record) this.ordered.splice(at, 1);
    this.primary.records.delete(this.primary.keyOf(record.key)!);
    for (const index of this.others) {
      for (const row of rows) if (row !== null) depart(index, index.keyOf(row), record);
    }
  }

  /** Records whose primary key begins with these values. */
  withPrefix(prefix: readonly Value[]): Record[] {
    const key: Row = [];
    prefix.forEach((value, at) => (key[this.keyColumns[at]!] = value));
    const found: Record[] = [];
    for (let at = this.firstFrom(key, prefix.length); at < this.ordered.length; at++) {
      const record = this.ordered[at]!;
      if (this.compare(record.key, key, prefix.length) !== 0) break;
      found.push(record);
    }
    return found;
  }

  /** Order of primary keys, by their first columns. */
  compare(one: Row, other: Row, columns = this.keyColumns.length): number {
    for (let at = 0; at < columns; at++) {
      const column = this.keyColumns[at]!;
      const [left, right] = [one[column]!, other[column]!];
      if (left !== right) return left! < right! ? -1 : 1;
    }
    return 0;
  }

  private firstFrom(key: Row, columns: number): number {
    let [low, high] = [0, this.ordered.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.compare(this.ordered[middle]!.key, key, columns) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const NOTHING_MOVED: readonly UniqueIndex[] = [];

/** Did a column of this key change? */
function touched({ shape: { columns } }: UniqueIndex, before: Row, after: Row): boolean {
  if (before === after) return false;
  for (const at of columns) if (before[at] !== after[at]) return true;
  return false;
}

function enter({ records }: UniqueIndex, key: KeyValue | null, record: Record): void {
  if (key === null) return;
  const there = records.get(key);
  if (!there) records.set(key, [record]);
  else if (!there.includes(record)) there.push(record);
}

function depart({ records }: UniqueIndex, key: KeyValue | null, record: Record): void {
  if (key === null) return;
  const left = records.get(key)?.filter((one) => one !== record) ?? [];
  if (left.length === 0) records.delete(key);
  else records.set(key, left);
}

function keyOf(shape: TableShape, { columns }: KeyShape): KeyOf {
  const types = columns.map((at) => shape.columns[at]!.type);
  if (columns.length === 1) {
    const [at] = columns as [number];
    if (types[0]!.kind !== 'text') return (row) => row[at]!;
  }
  return (row) =>
    keyOfValues(
      columns.map((at) => row[at]!),
      types,
    );
}

/** Several values as one: texts tell their length, so that no two lists give the same key. */
export function keyOfValues(values: readonly Value[], types: readonly Type[]): KeyValue | null {
  if (values.length === 1 && types[0]!.kind !== 'text') return values[0]!;
  let key = '';
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (value === null) return null;
    if (typeof value === 'number') key += `${value};`;
    else {
      const text = types[at]!.kind === 'text' ? folded(value) : value;
      key += `${text.length}:${text}`;
    }
  }
  return key;
}
