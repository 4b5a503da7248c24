/** Instants and dates are whole microseconds since 1970, UTC: below 2^53 until the year 2255. */
export const US_PER_DAY = 86_400_000_000;

const TEXT = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?)?$/;

/** Null for a text that is no date and no instant. */
export function instantOf(text: string): number | null {
  const parts = TEXT.exec(text);
  if (!parts) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0));
  const ms = Date.UTC(year!, month! - 1, day, hour, minute, second);
  const same = new Date(ms).toISOString().startsWith(`${parts[1]}-${parts[2]}-${parts[3]}`);
  if (!same || hour! > 23 || minute! > 59 || second! > 59) return null;
  return ms * 1000 + Number((parts[7] ?? '').padEnd(6, '0'));
}

/** `2026-11-22 03:04:05` with as many digits of the second as asked for. */
export function instantText(us: number, digits: number): string {
  const whole = new Date(Math.floor(us / 1000)).toISOString().slice(0, 19).replace('T', ' ');
  return digits === 0
    ? whole
    : `${whole}.${String(us % 1_000_000)
        .padStart(6, '0')
        .slice(0, digits)}`;
}

export function dateText(us: number): string {
  return new Date(us / 1000).toISOString().slice(0, 10);
}

export function startOfDay(us: number): number {
  return us - (((us % US_PER_DAY) + US_PER_DAY) % US_PER_DAY);
}

const UNITS: Record<string, number> = {
  MICROSECOND: 1,
  SECOND: 1_000_000,
  MINUTE: 60_000_000,
  HOUR: 3_600_000_000,
  DAY: US_PER_DAY,
  WEEK: 7 * US_PER_DAY,
};

/** `unit` in microseconds; undefined for months and years, whose length differs. */
export function unitLength(unit: string): number | undefined {
  return UNITS[unit];
}

/** `count` months later; a day that the month does not have becomes its last one, as in MariaDB. */
export function addMonths(us: number, count: number): number {
  const date = new Date(Math.floor(us / 1000));
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + count);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime() * 1000 + (us % 1000);
}
