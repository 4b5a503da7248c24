import { dayWords, yuan } from '../kit/words';
import type { MyTier } from './member-api';

/** A day such as 2026-12-01: 「12 月 1 日」. */
export function shortDay(day: string): string {
  const [, month, date] = day.split('-').map(Number) as [number, number, number];
  return `${month} 月 ${date} 日`;
}

/** The last day that still counts, of an end that is not included. */
export function lastDayBefore(day: string): string {
  const before = new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000);
  return dayWords(before.toISOString());
}

/** Where somebody stands on the way to the next tier; null when there is nothing above, or no line this month. */
export function progressWords({ next, key }: Pick<MyTier, 'next' | 'key'>): string | null {
  if (next === null) return key === 'platinum' ? '已经是最高等级' : null;
  if (next.missingFen === 0) return `已经达到本月的${next.name}线`;
  return `离本月的${next.name}线还差 ${yuan(next.missingFen)} 元`;
}

/** 0 … 100, of the way to the next line. */
export function progressPercent({ spendFen, next }: Pick<MyTier, 'spendFen' | 'next'>): number {
  if (next === null || next.leastFen === 0) return 100;
  return Math.min(100, Math.floor((spendFen * 100) / next.leastFen));
}
