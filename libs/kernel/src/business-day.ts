/** Business days are cut in Asia/Shanghai, which has had no daylight saving since 1991: a fixed +08:00. */
const SHANGHAI_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** `2026-11-21`: the Shanghai calendar day that contains the instant. */
export function shanghaiDay(at: Date): string {
  return new Date(at.getTime() + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10);
}

/** Calendar fields of an instant in Shanghai. `weekday` 1 = Monday … 7 = Sunday; `minute` is the minute of the hour. */
export function shanghaiFields(at: Date): {
  day: string;
  month: string;
  weekday: number;
  hour: number;
  minute: number;
} {
  const local = new Date(at.getTime() + SHANGHAI_OFFSET_MS);
  const iso = local.toISOString();
  return {
    day: iso.slice(0, 10),
    month: iso.slice(0, 7),
    weekday: local.getUTCDay() === 0 ? 7 : local.getUTCDay(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
  };
}

/** The instant at which a Shanghai calendar day (`YYYY-MM-DD`) begins. */
export function shanghaiDayStart(day: string): Date {
  return new Date(Date.parse(`${day}T00:00:00.000Z`) - SHANGHAI_OFFSET_MS);
}

/** The Shanghai day `days` later (or earlier, when negative). */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00.000Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** `11 月 3 日 19:42`, Shanghai time, as consumers read it. */
export function shanghaiWords(at: Date): string {
  const local = new Date(at.getTime() + SHANGHAI_OFFSET_MS);
  const minutes = String(local.getUTCMinutes()).padStart(2, '0');
  return `${local.getUTCMonth() + 1} 月 ${local.getUTCDate()} 日 ${String(local.getUTCHours()).padStart(2, '0')}:${minutes}`;
}
