import type { ColumnOptions, ValueTransformer } from 'typeorm';
import { fenFromColumn, type Fen } from '@app/kernel';

const fenTransformer: ValueTransformer = {
  to: (value: Fen | null) => value,
  from: (value: string | null) => (value === null ? null : fenFromColumn(value)),
};

const numberTransformer: ValueTransformer = {
  to: (value: number | null) => value,
  from: (value: string | null) => (value === null ? null : Number(value)),
};

/** Money: BIGINT, read back as Fen. */
export const fenColumn: ColumnOptions = { type: 'bigint', transformer: fenTransformer };
/** A whole number up to 2^53 kept in BIGINT, read back as a number. */
export const bigIntegerColumn: ColumnOptions = { type: 'bigint', unsigned: true, transformer: numberTransformer };
/** An identifier: bytes, so that case, accents and trailing spaces count. */
export const identifierColumn = (length: number): ColumnOptions => ({
  type: 'varbinary',
  length,
  transformer: {
    to: (value: string | null) => (value === null ? null : Buffer.from(value, 'utf8')),
    from: (value: Buffer | null) => (value === null ? null : value.toString('utf8')),
  },
});
/** An instant with microseconds, UTC. */
export const instantColumn: ColumnOptions = { type: 'datetime', precision: 6 };

/** Text of a VARBINARY column in a raw row. */
export function textOf(value: Buffer | string): string {
  return typeof value === 'string' ? value : value.toString('utf8');
}
