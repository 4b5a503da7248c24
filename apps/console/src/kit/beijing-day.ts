const DAY_MS = 86_400_000;
const OFFSET_MS = 8 * 3_600_000;

/** The Beijing day `ago` days before an instant, `YYYY-MM-DD`; negative = days ahead. */
export function beijingDay(at: Date, ago = 0): string {
  return new Date(at.getTime() + OFFSET_MS - ago * DAY_MS).toISOString().slice(0, 10);
}

/** Half-open range of the last `days` Beijing days, today included. */
export function lastDays(at: Date, days: number): { from: string; to: string } {
  return { from: beijingDay(at, days - 1), to: beijingDay(at, -1) };
}
