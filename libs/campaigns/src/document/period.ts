import type { Period } from './campaign-content';

/** The two instants of a period; null for a day that does not exist (31 February). Shanghai has no daylight saving: a fixed +08:00. */
export function periodOf({ from, to }: Period): { from: Date | null; to: Date | null } {
  return { from: instantOf(from), to: instantOf(to) };
}

function instantOf(wallTime: string): Date | null {
  const at = new Date(`${wallTime}:00+08:00`);
  return Number.isNaN(at.getTime()) || shanghaiWallTime(at) !== wallTime ? null : at;
}

const OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** `2026-06-01T00:00` as a Shanghai clock shows the instant, cut to the minute. */
export function shanghaiWallTime(at: Date): string {
  return new Date(at.getTime() + OFFSET_MS).toISOString().slice(0, 16);
}

/** 0 … 1439. By arithmetic: rules ask for it in every scan, and text is slow to make. */
export function shanghaiMinuteOfDay(at: Date): number {
  return Math.floor((at.getTime() + OFFSET_MS) / 60_000) % 1_440;
}

/** 1 = Monday … 7 = Sunday; 1 January 1970 was a Thursday. */
export function shanghaiWeekday(at: Date): number {
  return ((Math.floor((at.getTime() + OFFSET_MS) / DAY_MS) + 3) % 7) + 1;
}
