import { beijingDay } from '../kit/beijing-day';

/** The Beijing month of now, `YYYY-MM`. */
export const thisMonth = (): string => beijingDay(new Date()).slice(0, 7);

export function monthAgo(month: string, months: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 - months, 1)).toISOString().slice(0, 7);
}

/** 2026 年 11 月 */
export function monthWords(month: string): string {
  const [year, number] = month.split('-');
  return `${year} 年 ${Number(number)} 月`;
}
