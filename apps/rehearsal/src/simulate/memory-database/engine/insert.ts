import type { Insert, Select } from '../sql/syntax';
import type { SqlValue } from '@app/database';
import { stored, storedInput, type ColumnShape } from './column';
import { Compiler, type InnerSelect, type Program } from './compile';
import type { GuardedTable, Setter } from './guarded-table';
import { Scope, unsupported, type Frame, type Run } from './node';
import type { Attempt, Result } from './plan';
import { noDefault } from './refusals';
import type { Transaction } from './transaction';
import type { Row, Value } from './values';

/** Rows that bulkInsert brings by themselves. */
export type RawRows = readonly (readonly SqlValue[])[];

/** A compiled INSERT, also ON DUPLICATE KEY UPDATE. */
export class InsertPlan {
  private readonly columns: readonly ColumnShape[];
  private readonly setters: readonly (readonly Setter['value'][])[];
  private readonly source: InnerSelect | null;
  private readonly update: readonly Setter[];
  /** Values of the columns that are not named. */
  private readonly template: Row;
  private readonly counted: ColumnShape | null;

  constructor(
    private readonly table: GuardedTable,
    { columns, rows, update, ignore }: Insert,
    program: Program,
  ) {
    if (ignore) unsupported('INSERT IGNORE');
    const { shape } = table.table;
    const scope = new Scope(null);
    scope.tables.push({ alias: shape.name, columns: shape.columns });
    const compiler = new Compiler(program, scope);
    this.columns = columns.map((name) => table.column(name));
    this.source = isSelect(rows) ? program.select(rows, new Scope(null)) : null;
    this.setters = rows === null || isSelect(rows) ? [] : rows.map((row) => this.setterRow(row, compiler));
    this.update = update.map((assignment) => table.setter(assignment, compiler));
    this.template = shape.columns.map((column) => column.byDefault ?? null);
    this.counted = shape.columns.find(({ autoIncrement }) => autoIncrement) ?? null;
  }

  apply(run: Run, transaction: Transaction, attempt: Attempt, raw: RawRows | null): Result {
    const frame: Frame = { rows: [this.template], run, outer: null, sums: [], fresh: null };
    const rows = this.rows(frame, raw);
    let [affectedRows, insertId] = [0, 0];
    rows.forEach((row, at) => {
      const made = this.number(row, at, attempt);
      if (made !== 0 && insertId === 0) insertId = made;
      affectedRows += this.one(row, frame, transaction);
    });
    return { affectedRows, insertId };
  }

  private setterRow(row: readonly (Parameters<GuardedTable['valueOf']>[1] | 'default')[], compiler: Compiler) {
    if (row.length !== this.columns.length) unsupported('a row with another number of values');
    return row.map((value, at): Setter['value'] => {
      const column = this.columns[at]!;
      if (value === 'default') return () => column.byDefault ?? missing(column);
      // NULL asks for the next number.
      if (column.autoIncrement && value.is === 'null') return () => null;
      return this.table.valueOf(column, value, compiler);
    });
  }

  private rows(frame: Frame, raw: RawRows | null): Row[] {
    if (raw) return raw.map((values) => this.filled((at) => storedInput(this.columns[at]!, values[at]!)));
    if (this.source) {
      const { types } = this.source;
      return this.source
        .rows(frame)
        .map((values) => this.filled((at) => stored(this.columns[at]!, values[at]!, types[at]!.kind)));
    }
    return this.setters.map((values) => this.filled((at) => values[at]!(frame)));
  }

  private filled(value: (at: number) => Value): Row {
    const row = [...this.template];
    for (let at = 0; at < this.columns.length; at++) row[this.columns[at]!.index] = value(at);
    return row;
  }

  /** Gives the next number where none was given. Returns it, or 0. */
  private number(row: Row, at: number, { ids }: Attempt): number {
    const { counted, table } = this;
    if (!counted) return 0;
    const given = row[counted.index] as number | null;
    if (given !== null && given !== 0) {
      table.table.nextId = Math.max(table.table.nextId, given + 1);
      return 0;
    }
    ids[at] ??= table.table.nextId++;
    row[counted.index] = ids[at]!;
    return ids[at]!;
  }

  private one(row: Row, frame: Frame, transaction: Transaction): number {
    this.assertGiven(row);
    this.table.assertChecks(row, frame.run);
    const updates = this.update.length > 0;
    const found = this.table.conflict(row, transaction, updates ? 'write' : 'share');
    if (!found) {
      transaction.insert(this.table.table, row);
      return 1;
    }
    if (!updates) throw this.table.duplicated(row, found.index);
    frame.fresh = row;
    // The pool asks for rows found, not rows changed: a row that already held the values counts as one.
    return this.table.change(found.record, this.update, frame, transaction) ? 2 : 1;
  }

  private assertGiven(row: Row): void {
    for (const column of this.table.table.shape.columns) {
      if (row[column.index] !== null || column.nullable) continue;
      throw noDefault(column.name);
    }
  }
}

function isSelect(rows: Insert['rows']): rows is Select {
  return rows !== null && 'is' in rows;
}

function missing(column: ColumnShape): never {
  throw noDefault(column.name);
}
