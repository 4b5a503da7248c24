import { Defect } from '@app/kernel';
import type { CheckText, ColumnText, KeyText, TableText } from '../sql/parse-table';
import { stored, type ColumnShape } from './column';
import type { Kind, Type, Value } from './values';

export interface KeyShape {
  readonly name: string;
  readonly columns: readonly number[];
}

export type Right = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';

/** A table as the migrations leave it. */
export interface TableShape {
  readonly name: string;
  readonly columns: readonly ColumnShape[];
  readonly byName: ReadonlyMap<string, ColumnShape>;
  readonly primary: KeyShape;
  /** Beside the primary one, in the order of their making. */
  readonly unique: readonly KeyShape[];
  readonly checks: readonly CheckText[];
  readonly rights: ReadonlySet<Right>;
}

interface TypeText {
  readonly kind: Kind;
  readonly bits?: number;
  readonly length?: number;
  readonly lengthInBytes?: boolean;
}

const TYPES: Record<string, TypeText> = {
  TINYINT: { kind: 'int', bits: 8 },
  SMALLINT: { kind: 'int', bits: 16 },
  MEDIUMINT: { kind: 'int', bits: 24 },
  INT: { kind: 'int', bits: 32 },
  BIGINT: { kind: 'int', bits: 64 },
  DATETIME: { kind: 'instant' },
  DATE: { kind: 'date' },
  VARBINARY: { kind: 'bytes' },
  BINARY: { kind: 'bytes' },
  BLOB: { kind: 'bytes', length: 0xffff },
  MEDIUMBLOB: { kind: 'bytes', length: 0xffffff },
  LONGBLOB: { kind: 'bytes', length: 0xffffffff },
  VARCHAR: { kind: 'text', lengthInBytes: false },
  CHAR: { kind: 'text', lengthInBytes: false },
  TEXT: { kind: 'text', length: 0xffff, lengthInBytes: true },
  MEDIUMTEXT: { kind: 'text', length: 0xffffff, lengthInBytes: true },
  LONGTEXT: { kind: 'text', length: 0xffffffff, lengthInBytes: true },
  DECIMAL: { kind: 'fixed' },
};

/** The texts of one table, put together in the order of the migrations. */
export class TableMaking {
  private readonly columns: ColumnText[] = [];
  private keys: KeyText[] = [];
  private checks: CheckText[] = [];
  private readonly rights = new Set<Right>();

  constructor(private readonly name: string) {}

  add(text: TableText): void {
    for (const column of text.columns) if (!this.has(column.name)) this.columns.push(column);
    for (const change of text.changes) {
      this.columns[this.columns.findIndex(({ name }) => name === change.name)] = change;
    }
    for (const { what, name } of text.dropped) this.drop(what, name);
    for (const key of text.keys) if (!this.keys.some(({ name }) => name === key.name)) this.keys.push(key);
    for (const check of text.checks) if (!this.checks.some(({ name }) => name === check.name)) this.checks.push(check);
  }

  grant(rights: readonly Right[]): void {
    for (const right of rights) this.rights.add(right);
  }

  revoke(rights: readonly Right[]): void {
    for (const right of rights) this.rights.delete(right);
  }

  made(): TableShape {
    const columns = this.columns.map(columnShape);
    const byName = new Map(columns.map((column) => [column.name.toLowerCase(), column]));
    const shapeOf = ({ name, columns: names }: KeyText): KeyShape => ({
      name,
      columns: names.map((column) => byName.get(column.toLowerCase())!.index),
    });
    const primary = this.keys.find(({ name }) => name === 'PRIMARY');
    if (!primary) throw new Defect(`memory database: ${this.name} has no primary key`);
    const unique = this.keys.filter((key) => key.unique && key !== primary).map(shapeOf);
    const { name, checks, rights } = this;
    return { name, columns, byName, primary: shapeOf(primary), unique, checks, rights };
  }

  private has(wanted: string): boolean {
    return this.columns.some(({ name }) => name === wanted);
  }

  private drop(what: 'COLUMN' | 'INDEX' | 'CONSTRAINT', gone: string): void {
    const at = this.columns.findIndex(({ name }) => name === gone);
    if (what === 'COLUMN' && at >= 0) this.columns.splice(at, 1);
    if (what === 'INDEX') this.keys = this.keys.filter(({ name }) => name !== gone);
    if (what === 'CONSTRAINT') this.checks = this.checks.filter(({ name }) => name !== gone);
  }
}

function columnShape(text: ColumnText, index: number): ColumnShape {
  const { name, sizes, unsigned, nullable, autoIncrement } = text;
  const known = TYPES[text.type];
  if (!known) throw new Defect(`memory database: the type ${text.type} of ${name} is not known`);
  const bits = Math.min(known.bits ?? 0, 53);
  const type: Type = { kind: known.kind, unsigned, wide: known.bits === 64 };
  const shape: ColumnShape = {
    name,
    index,
    type,
    nullable,
    autoIncrement,
    byDefault: undefined,
    least: unsigned ? 0 : -(2 ** (bits === 53 ? 53 : bits - 1)),
    most: bits === 53 ? Number.MAX_SAFE_INTEGER : 2 ** (unsigned ? bits : bits - 1) - 1,
    length: known.length ?? sizes[0] ?? 1,
    lengthInBytes: known.lengthInBytes ?? true,
    padded: text.type === 'BINARY',
    digits: (known.kind === 'fixed' ? sizes[1] : sizes[0]) ?? 0,
  };
  return { ...shape, byDefault: defaultOf(shape, text) };
}

function defaultOf(shape: ColumnShape, { byDefault, nullable, name }: ColumnText): Value | undefined {
  if (byDefault === null) return nullable ? null : undefined;
  switch (byDefault.is) {
    case 'null':
      return null;
    case 'text':
      return stored(shape, byDefault.value, 'text');
    case 'number':
      return stored(shape, byDefault.value, 'int');
    default:
      throw new Defect(`memory database: the default of ${name} is not known`);
  }
}
