import { Defect } from '@app/kernel';
import type { SqlValue } from '@app/database';
import { instantOf, instantText, startOfDay } from './instants';
import { badInstant, badNumber, nullRefused, outOfRange, tooLong } from './refusals';
import { asBytes, inputAs, looseText, wellFormed, type Kind, type Type, type Value } from './values';

export interface ColumnShape {
  readonly name: string;
  readonly index: number;
  readonly type: Type;
  readonly nullable: boolean;
  readonly autoIncrement: boolean;
  /** Undefined when there is none. */
  readonly byDefault: Value | undefined;
  /** Of integers. */
  readonly least: number;
  readonly most: number;
  /** Bytes of bytes, characters of VARCHAR; of TEXT bytes too. */
  readonly length: number;
  readonly lengthInBytes: boolean;
  /** BINARY(n) is filled up with zero bytes. */
  readonly padded: boolean;
  /** Digits of a second, or after the point. */
  readonly digits: number;
}

/** What a `?` leaves in a column, in strict mode. Throws the StatementError of MariaDB. */
export function storedInput(column: ColumnShape, value: SqlValue): Value {
  if (value === null) return stored(column, null, 'null');
  if (typeof value === 'number') return stored(column, value, 'int');
  if (typeof value === 'string') return stored(column, wellFormed(value), 'text');
  if (typeof value === 'boolean') return stored(column, value ? 1 : 0, 'int');
  if (typeof value === 'bigint') return stored(column, Number(value), 'int');
  if (Buffer.isBuffer(value)) return stored(column, value.toString('latin1'), 'bytes');
  return stored(column, inputAs('instant', value), 'instant');
}

/** The same for a value of the engine. */
export function stored(column: ColumnShape, value: Value, from: Kind): Value {
  if (value === null) {
    if (column.nullable) return null;
    throw nullRefused(column.name);
  }
  switch (column.type.kind) {
    case 'int':
      return storedInt(column, value, from);
    case 'instant':
    case 'date':
      return storedInstant(column, value, from);
    case 'bytes':
      return storedBytes(column, value, from);
    case 'text':
      return storedText(column, value, from);
    case 'fixed':
      return storedFixed(column, value);
    default:
      throw new Defect(`memory database: nothing can be stored in ${column.name}`);
  }
}

const WHOLE = /^-?\d{1,16}$/;

function storedInt(column: ColumnShape, value: number | string, from: Kind): number {
  if (from === 'instant' || from === 'date') throw new Defect(`memory database: a time in ${column.name}`);
  if (typeof value === 'string' && !WHOLE.test(value)) throw badNumber(value, column.name);
  const number = Number(value);
  if (!Number.isInteger(number)) throw new Defect(`memory database: ${value} is not whole, for ${column.name}`);
  if (number < column.least || number > column.most) throw outOfRange(column.name);
  return number;
}

function storedInstant(column: ColumnShape, value: number | string, from: Kind): number {
  if (from === 'int' || from === 'decimal') throw new Defect(`memory database: a number in ${column.name}`);
  const instant = typeof value === 'string' ? instantOf(value) : value;
  if (instant === null) throw badInstant(String(value), column.name);
  if (column.type.kind === 'date') return startOfDay(instant);
  const unit = 10 ** (6 - column.digits);
  return instant - (instant % unit);
}

function storedBytes(column: ColumnShape, value: number | string, from: Kind): string {
  const bytes = from === 'bytes' ? (value as string) : asBytes(wordsOf(value, from));
  if (bytes.length > column.length) throw tooLong(column.name);
  return column.padded ? bytes.padEnd(column.length, '\0') : bytes;
}

function storedText(column: ColumnShape, value: number | string, from: Kind): string {
  const text = from === 'bytes' ? Buffer.from(value as string, 'latin1').toString('utf8') : wordsOf(value, from);
  const length = text.length <= column.length / 4 ? 0 : lengthOf(text, column.lengthInBytes);
  if (length > column.length) throw tooLong(column.name);
  return text;
}

function lengthOf(text: string, inBytes: boolean): number {
  return inBytes ? Buffer.byteLength(text) : [...text].length;
}

function wordsOf(value: number | string, from: Kind): string {
  if (from === 'instant' || from === 'date') return instantText(value as number, from === 'date' ? 0 : 6);
  return looseText(value)!;
}

function storedFixed(column: ColumnShape, value: number | string): string {
  const text = Number(value).toFixed(column.digits);
  if (Number(text) !== Number(value))
    throw new Defect(`memory database: ${value} has too many digits for ${column.name}`);
  return text;
}
