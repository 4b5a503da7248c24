const DAY_MS = 86_400_000;
const OFFSET_MS = 8 * 3_600_000;

/** The Beijing day `ago` days before an instant, `YYYY-MM-DD`; negative = days ahead. */
export function beijingDay(at: Date, ago = 0): string {
  return new Date(at.getTime() + OFFSET_MS - ago * DAY_MS).toISOString().slice(0, 10);
}

/** The day after `day`: people name the last day of a range, the server counts half-open. */
export function dayAfter(day: string): string {
  return beijingDay(noonOf(day), -1);
}

/** The day before `day`: the last one of a half-open range that ends there. */
export function dayBefore(day: string): string {
  return beijingDay(noonOf(day), 1);
}

const noonOf = (day: string): Date => new Date(`${day}T12:00:00+08:00`);

/** Half-open range of the last `days` Beijing days, today included. */
export function lastDays(at: Date, days: number): { from: string; to: string } {
  return { from: beijingDay(at, days - 1), to: beijingDay(at, -1) };
}
