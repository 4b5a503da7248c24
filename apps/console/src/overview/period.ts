import { beijingDay } from '../kit/beijing-day';

/** What the panels of the overview look at. Seven and thirty days are days that are over, so that a whole is compared with a whole. */
export const PERIODS = [
  { key: 'today', label: '今天', days: 1, against: '昨天全天' },
  { key: 'yesterday', label: '昨天', days: 1, against: '前一天' },
  { key: 'week', label: '近 7 天', days: 7, against: '前 7 天' },
  { key: 'month', label: '近 30 天', days: 30, against: '前 30 天' },
] as const;
export type PeriodKey = (typeof PERIODS)[number]['key'];

export interface Days {
  readonly from: string;
  /** Not included. */
  readonly to: string;
}

export function daysOf(key: PeriodKey, now = new Date()): Days {
  const { days } = PERIODS.find((period) => period.key === key)!;
  if (key === 'today') return { from: beijingDay(now), to: beijingDay(now, -1) };
  return { from: beijingDay(now, days), to: beijingDay(now) };
}
