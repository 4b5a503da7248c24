import { fen, formatYuan } from '@app/kernel';

/**
 * One difference between two versions, told for a person. `path` is a place in the later document (in the earlier one for `removed`),
 * `before` and `after` are the parts themselves, null where there was or is none.
 */
export interface Change {
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed' | 'moved';
  readonly before: unknown;
  readonly after: unknown;
  /** Plain Chinese. */
  readonly sentence: string;
  readonly favour: Favour;
}

/** For the consumer. What cannot be told counts as worse: after publication only `better` and `neutral` pass by themselves. */
export type Favour = 'better' | 'worse' | 'neutral';

/** A higher number is the better one. */
export function favourOf(before: number, after: number): Favour {
  if (before === after) return 'neutral';
  return after > before ? 'better' : 'worse';
}

/** Several effects of one change together: any worse one decides, and so do two that pull apart. */
export function together(favours: readonly Favour[]): Favour {
  if (favours.includes('worse')) return 'worse';
  return favours.includes('better') ? 'better' : 'neutral';
}

export function changed(path: string, before: unknown, after: unknown, sentence: string, favour: Favour): Change {
  return { path, kind: 'changed', before, after, sentence, favour };
}
export function added(path: string, after: unknown, sentence: string, favour: Favour): Change {
  return { path, kind: 'added', before: null, after, sentence, favour };
}
export function removed(path: string, before: unknown, sentence: string, favour: Favour): Change {
  return { path, kind: 'removed', before, after: null, sentence, favour };
}

/** Equal as documents; the order of keys does not count. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => same(left[key], right[key]));
}

export const yuan = (amountFen: number): string => `${formatYuan(fen(amountFen))} 元`;

/** `2026-06-01T08:00` → `2026-06-01 08:00`, as the notice writes it. */
export const wall = (time: string): string => time.replace('T', ' ');
