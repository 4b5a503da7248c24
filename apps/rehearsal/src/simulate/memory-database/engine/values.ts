import { Defect } from '@app/kernel';
import type { SqlValue } from '@app/database';
import { instantOf, instantText } from './instants';

/**
 * A value inside the engine, by its kind. int and decimal: a whole number up to 2^53. fixed: a number with a fraction, as text.
 * instant and date: microseconds since 1970. text: characters. bytes: one character per byte, so that they compare as they should.
 */
export type Value = number | string | null;
export type Row = Value[];

/** `null`: nothing but NULL. `any`: a `?` whose neighbours do not tell what it is. */
export type Kind = 'int' | 'decimal' | 'fixed' | 'instant' | 'date' | 'text' | 'bytes' | 'null' | 'any';

export interface Type {
  readonly kind: Kind;
  readonly unsigned: boolean;
  /** Integers of more than 32 bits come out as texts. */
  readonly wide: boolean;
}

export const INT: Type = { kind: 'int', unsigned: false, wide: false };
export const BIGINT: Type = { kind: 'int', unsigned: false, wide: true };
export const DECIMAL: Type = { kind: 'decimal', unsigned: false, wide: true };
export const TEXT: Type = typeOf('text');
export const BYTES: Type = typeOf('bytes');
export const INSTANT: Type = typeOf('instant');
export const DATE: Type = typeOf('date');
export const NULL: Type = typeOf('null');
export const ANY: Type = typeOf('any');

function typeOf(kind: Kind): Type {
  return { kind, unsigned: false, wide: false };
}

export function bytesOfText(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

const SURROGATE = /[\ud800-\udfff]/;

/** A lone surrogate is sent as U+FFFD, as everywhere in Node. */
export function wellFormed(text: string): string {
  return SURROGATE.test(text) ? Buffer.from(text, 'utf8').toString('utf8') : text;
}

const ASCII = /^[\0-\x7f]*$/;

/** Characters as bytes; nearly all of ours are the same. */
export function asBytes(text: string): string {
  return ASCII.test(text) ? text : bytesOfText(text);
}

export function safeInt(value: number): number {
  if (!Number.isSafeInteger(value)) throw new Defect(`memory database: ${value} is beyond whole numbers`);
  return value;
}

/** A value of a `?` as a value of this kind. Throws Defect where MariaDB would compare in some looser way. */
export function inputAs(kind: Kind, value: SqlValue): Value {
  if (value === null) return null;
  switch (kind) {
    case 'int':
    case 'decimal':
      return numberInput(value);
    case 'instant':
    case 'date':
      return instantInput(value);
    case 'bytes':
      if (Buffer.isBuffer(value)) return value.toString('latin1');
      return typeof value === 'string' ? asBytes(wellFormed(value)) : wrong(value, kind);
    case 'text':
      return typeof value === 'string' ? wellFormed(value) : wrong(value, kind);
    default:
      return wrong(value, kind);
  }
}

/** A value of a `?` as MariaDB takes its literal. */
export function plainInput(value: SqlValue): Value {
  if (value === null || typeof value === 'number') return value;
  if (typeof value === 'string') return wellFormed(value);
  return looseText(value);
}

/** What CONCAT makes of it. */
export function looseText(value: SqlValue): string | null {
  if (value === null) return null;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (value instanceof Date) return instantText(value.getTime() * 1000, 3);
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  return String(value);
}

const WHOLE = /^-?\d{1,16}$/;

function numberInput(value: SqlValue): number {
  if (typeof value === 'number') return safeInt(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'bigint' || (typeof value === 'string' && WHOLE.test(value))) return safeInt(Number(value));
  return wrong(value, 'int');
}

function instantInput(value: SqlValue): number {
  if (value instanceof Date) return value.getTime() * 1000;
  const instant = typeof value === 'string' ? instantOf(value) : null;
  return instant ?? wrong(value, 'instant');
}

function wrong(value: unknown, kind: string): never {
  throw new Defect(`memory database: a ${typeof value} where ${kind} is compared or counted`);
}

/** As mysql2 hands values out. */
export function decoded(value: Value, { kind, wide }: Type): unknown {
  if (value === null) return null;
  switch (kind) {
    case 'int':
      return wide ? String(value) : value;
    case 'decimal':
      return String(value);
    case 'instant':
      return new Date(Math.floor((value as number) / 1000));
    case 'date':
      return new Date((value as number) / 1000);
    case 'bytes':
      return Buffer.from(value as string, 'latin1');
    default:
      return value;
  }
}
