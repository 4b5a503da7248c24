import { Defect } from './errors';

/** Money as a whole, non-negative number of fen (1/100 yuan). Safe up to 2^53 - 1 fen, about 90 trillion yuan. */
export type Fen = number & { readonly __unit: 'fen' };

/** Admits a whole, non-negative, safe number as money. Throws Defect for fractions, negatives, NaN and anything beyond 2^53 - 1. */
export function fen(value: number): Fen {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new Defect(`not a whole, non-negative amount of fen: ${String(value)}`);
  }
  return value as Fen;
}

/** Money read from a BIGINT column, which the driver hands over as a decimal string. */
export function fenFromColumn(value: string | number | null | undefined): Fen {
  if (value === null || value === undefined || value === '') throw new Defect('no amount where one must be');
  return fen(Number(value));
}

/** Sum of amounts; the empty sum is 0 fen. */
export function sumFen(amounts: Iterable<number>): Fen {
  let total = 0;
  for (const amount of amounts) total += amount;
  return fen(total);
}

/** `188` → `1.88`, with thousands separators: the form people read, without a unit. */
export function formatYuan(amount: Fen): string {
  const yuan = Math.floor(amount / 100)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
  return `${yuan}.${String(amount % 100).padStart(2, '0')}`;
}
