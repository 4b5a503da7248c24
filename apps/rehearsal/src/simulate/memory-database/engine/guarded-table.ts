import { stored, storedInput, type ColumnShape } from './column';
import { Compiler, type Program } from './compile';
import { Scope, unsupported, type Frame, type Node, type Run } from './node';
import type { Record } from './record';
import { checkFailed, duplicate } from './refusals';
import type { Table, UniqueIndex } from './table';
import type { Transaction } from './transaction';
import type { Row, Value } from './values';
import type { Assignment, Expression } from '../sql/syntax';

/** A value on its way into a column. */
export interface Setter {
  readonly column: ColumnShape;
  readonly value: (frame: Frame) => Value;
}

/** A table as writes see it: rows that the constraints of the migrations allow, and no others. */
export class GuardedTable {
  private readonly checks: readonly { readonly name: string; readonly run: Node['run'] }[];
  private readonly scope = new Scope(null);

  constructor(readonly table: Table) {
    const { name, columns, checks } = table.shape;
    this.scope.tables.push({ alias: name, columns });
    const program: Program = { slots: [], select: () => unsupported('a SELECT in a CHECK') };
    const compiler = new Compiler(program, this.scope);
    this.checks = checks.map((check) => ({ name: check.name, run: compiler.node(check.condition).run }));
  }

  column(name: string): ColumnShape {
    return this.table.shape.byName.get(name.toLowerCase()) ?? unsupported(`the unknown column ${name}`);
  }

  /** `compiler` belongs to the statement, whose first table this is. */
  setter({ column: name, value }: Assignment, compiler: Compiler): Setter {
    const column = this.column(name);
    return { column, value: this.valueOf(column, value, compiler) };
  }

  valueOf(column: ColumnShape, value: Expression, compiler: Compiler): Setter['value'] {
    if (value.is === 'place') return ({ run }) => storedInput(column, given(run, value.index));
    const node = compiler.node(value);
    const { kind } = column.type;
    const typed = node.type.kind === 'any' && node.as && kind !== 'fixed' ? node.as(kind) : node;
    return (frame) => stored(column, typed.run(frame), typed.type.kind);
  }

  /** Throws the refusal of the first CHECK that is FALSE. */
  assertChecks(row: Row, run: Run): void {
    if (this.checks.length === 0) return;
    const frame: Frame = { rows: [row], run, outer: null, sums: [], fresh: null };
    for (const check of this.checks) if (check.run(frame) === 0) throw checkFailed(check.name, this.table.shape.name);
  }

  /** The record that has a unique key of this row already, other than `but`. Waits for changes that are not committed. */
  conflict(
    row: Row,
    transaction: Transaction,
    mode: 'write' | 'share',
    but: Record | null = null,
  ): { index: UniqueIndex; record: Record } | null {
    for (const index of this.table.indexes) {
      const key = index.keyOf(row);
      if (key === null) continue;
      for (const record of index.records.get(key) ?? NONE) {
        if (record === but) continue;
        // Deleted by ourselves: its key is free for us.
        if (record.writer === transaction && record.current === null) continue;
        if (record.writer === transaction && index.keyOf(record.current!) !== key) continue;
        transaction.lock(record, mode);
        if (record.current !== null && index.keyOf(record.current) === key) return { index, record };
      }
    }
    return null;
  }

  /** The words of MariaDB: values of the key with hyphens between. */
  duplicated(row: Row, { shape }: UniqueIndex): Error {
    return duplicate(shape.columns.map((at) => String(row[at])).join('-'), shape.name);
  }

  /** Gives a locked record new values by assignments, from left to right. Returns whether anything changed. */
  change(record: Record, setters: readonly Setter[], frame: Frame, transaction: Transaction): boolean {
    const before = record.current!;
    const next = [...before];
    frame.rows[0] = next;
    for (const { column, value } of setters) next[column.index] = value(frame);
    if (same(next, before)) return false;
    this.assertChecks(next, frame.run);
    const { table } = this;
    const moved = table.movedBy(before, next);
    if (moved.length > 0) {
      const found = this.conflict(next, transaction, 'share', record);
      if (found) throw this.duplicated(next, found.index);
    }
    if (!moved.includes(table.primary)) transaction.change(table, record, next);
    else {
      transaction.change(table, record, null);
      transaction.insert(table, next);
    }
    return true;
  }
}

const NONE: readonly Record[] = [];

function given(run: Run, place: number) {
  const value = run.params[place];
  return value === undefined ? unsupported('a place without a value') : value;
}

function same(one: Row, other: Row): boolean {
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}
