import { jStat } from 'jstat';

/** 95 %, two-sided. */
const CONFIDENCE = 0.95;
const Z = jStat.normal.inv(1 - (1 - CONFIDENCE) / 2, 0, 1);

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** `hits` out of `of`. */
export interface Proportion {
  readonly hits: number;
  readonly of: number;
}

/** A proportion with Wilson's score interval, 95 %, without continuity correction; null of nothing. */
export function wilson({ hits, of }: Proportion): Interval | null {
  if (of === 0) return null;
  const value = hits / of;
  const z2 = Z * Z;
  const middle = (value + z2 / (2 * of)) / (1 + z2 / of);
  const half = (Z / (1 + z2 / of)) * Math.sqrt((value * (1 - value)) / of + z2 / (4 * of * of));
  return { value, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** `one` − `other` with Newcombe's hybrid score interval (1998, method 10), 95 %; null when either is of nothing. */
export function newcombe(one: Proportion, other: Proportion): Interval | null {
  const a = wilson(one);
  const b = wilson(other);
  if (!a || !b) return null;
  const value = a.value - b.value;
  return {
    value,
    low: value - Math.hypot(a.value - a.low, b.high - b.value),
    high: value + Math.hypot(a.high - a.value, b.value - b.low),
  };
}

/** Sums over members of two quantities x and y, enough for the ratio Σx ÷ Σy and its error. */
export interface RatioSums {
  readonly n: number;
  readonly x: number;
  readonly y: number;
  readonly xx: number;
  readonly yy: number;
  readonly xy: number;
}

export const NO_SUMS: RatioSums = { n: 0, x: 0, y: 0, xx: 0, yy: 0, xy: 0 };

export function addTo(sums: RatioSums, x: number, y: number): RatioSums {
  return {
    n: sums.n + 1,
    ...{ x: sums.x + x, y: sums.y + y },
    ...{ xx: sums.xx + x * x, yy: sums.yy + y * y, xy: sums.xy + x * y },
  };
}

/** Σx ÷ Σy with its standard error by the delta method, members being the units; null without two members or any y. */
export function ratioOf({ n, x, y, xx, yy, xy }: RatioSums): { readonly value: number; readonly error: number } | null {
  if (n < 2 || y === 0) return null;
  const value = x / y;
  const spread = (sumOfProducts: number, a: number, b: number): number => (sumOfProducts - (a * b) / n) / (n - 1);
  const variance = spread(xx, x, x) - 2 * value * spread(xy, x, y) + value * value * spread(yy, y, y);
  return { value, error: Math.sqrt(Math.max(0, variance) / n) / (y / n) };
}

/** `one` − `other` of two ratios, 95 % by the delta method; null when either is not known. */
export function ratioDifference(one: RatioSums, other: RatioSums): Interval | null {
  const a = ratioOf(one);
  const b = ratioOf(other);
  if (!a || !b) return null;
  const half = Z * Math.hypot(a.error, b.error);
  return { value: a.value - b.value, low: a.value - b.value - half, high: a.value - b.value + half };
}

export function ratioInterval(sums: RatioSums): Interval | null {
  const ratio = ratioOf(sums);
  return ratio && { value: ratio.value, low: ratio.value - Z * ratio.error, high: ratio.value + Z * ratio.error };
}

/** Pearson's chi-square of counts against the shares they should have; `p` is the chance of a deviation at least as large. */
export function chiSquare(
  counts: readonly number[],
  weights: readonly number[],
): { readonly statistic: number; readonly degrees: number; readonly p: number } {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const weight = weights.reduce((sum, one) => sum + one, 0);
  const degrees = weights.filter((one) => one > 0).length - 1;
  if (total === 0) return { statistic: 0, degrees, p: 1 };
  const statistic = counts.reduce((sum, count, index) => {
    const expected = (total * weights[index]!) / weight;
    if (expected === 0) return count === 0 ? sum : Infinity;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
  if (statistic === Infinity) return { statistic, degrees, p: 0 };
  return { statistic, degrees, p: degrees < 1 ? 1 : 1 - jStat.chisquare.cdf(statistic, degrees) };
}
