import { addDays, shanghaiDay, shanghaiDayStart, shanghaiFields } from '@app/kernel';

/** The end (not included) of a prize won at `wonAt` that is good for `days` days: the end of that Shanghai day. */
export function validUntil(wonAt: Date, days: number): Date {
  return shanghaiDayStart(addDays(shanghaiDay(wonAt), days + 1));
}

/** The last whole day before an end that is not included, as consumers read it: `11 月 10 日`. */
export function lastDayWords(until: Date): string {
  const { day } = shanghaiFields(new Date(until.getTime() - 1));
  const [, month, date] = day.split('-');
  return `${Number(month)} 月 ${Number(date)} 日`;
}
