import { shanghaiFields } from '@app/kernel';
import type { Dice } from './dice';

/** How a summer drink sells, by month from January. */
const MONTHS = [0.3, 0.3, 0.4, 0.5, 0.8, 1.1, 1.5, 1.6, 1.1, 0.7, 0.5, 0.4];
/** By hour of the day in Shanghai: lunch, then the long evening. */
const HOURS = [
  2, 1, 0.5, 0.3, 0.3, 0.6, 1.5, 2.5, 3, 3.5, 4.5, 6.5, 8, 6.5, 5.5, 5.5, 6, 7.5, 9.5, 11, 11.5, 9.5, 6, 3.5,
];
const WEEKEND = 1.45;
const HOUR_MS = 3_600_000;

/** Moments when somebody opens a bottle, in order: `count` of them in `[from, to)`, like a real summer. */
export function openingTimes(from: Date, to: Date, count: number, dice: Dice): Date[] {
  const hours: number[] = [];
  const weights: number[] = [];
  for (let at = from.getTime(); at < to.getTime(); at += HOUR_MS) {
    const { month, weekday, hour } = shanghaiFields(new Date(at));
    hours.push(at);
    weights.push(MONTHS[Number(month.slice(5)) - 1]! * HOURS[hour]! * (weekday >= 6 ? WEEKEND : 1));
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const times: Date[] = [];
  let owed = 0;
  for (let index = 0; index < hours.length; index++) {
    owed += (count * weights[index]!) / total;
    const width = Math.min(HOUR_MS, to.getTime() - hours[index]!);
    const here = Math.floor(owed);
    owed -= here;
    for (let i = 0; i < here; i++) times.push(new Date(hours[index]! + Math.floor(dice.next() * width)));
  }
  return times.sort((a, b) => a.getTime() - b.getTime());
}

const RECENT_MS = 2 * 24 * HOUR_MS;

/**
 * Scans that are written together: those of an hour in the last two days, which are shown by the hour, and of half a day before that.
 * A group shares one transaction and one moment.
 */
export function groupsOf(times: readonly Date[], to: Date): Date[][] {
  const groups = new Map<string, Date[]>();
  for (const time of times) {
    const { day, hour } = shanghaiFields(time);
    const recent = to.getTime() - time.getTime() < RECENT_MS;
    const key = `${day} ${recent ? hour : hour < 16 ? 'day' : 'evening'}`;
    const group = groups.get(key);
    if (group) group.push(time);
    else groups.set(key, [time]);
  }
  return [...groups.values()];
}
