import { provinceGrain } from './place-grain';
import { cellsOf, DAY_TABLES, type DayTable } from './rollup-tables';
import type { ScanFact } from './scan-fact';

export interface HourCell {
  readonly distributorId: number;
  /** The instant at which the hour begins. */
  readonly hour: Date;
  readonly province: number;
  readonly campaignId: number;
  scans: number;
  firstScans: number;
  wins: number;
  awardedFen: number;
}

export interface PersonDay {
  readonly distributorId: number;
  readonly day: string;
  readonly city: number;
  readonly memberId: number;
}

export interface RolledUp {
  /** Rows of each roll-up by day: its keys, then its counters. */
  readonly days: readonly { readonly table: DayTable; readonly rows: readonly (string | number)[][] }[];
  readonly hours: readonly HourCell[];
  readonly people: readonly PersonDay[];
  /** The earliest day among the facts. */
  readonly firstDay: string | null;
}

const HOUR_MS = 3_600_000;

/** What a handful of new facts adds to the roll-ups. */
export function rollUp(facts: readonly ScanFact[]): RolledUp {
  const hours = new Map<string, HourCell>();
  const people = new Map<string, PersonDay>();
  let firstDay: string | null = null;
  for (const fact of facts) {
    const { distributorId, day, city, memberId } = fact;
    const cell = hourCell(hours, fact);
    cell.scans += 1;
    cell.firstScans += fact.firstOfCode ? 1 : 0;
    cell.wins += fact.won ? 1 : 0;
    cell.awardedFen += fact.amountFen;
    people.set(`${distributorId}/${day}/${city}/${memberId}`, { distributorId, day, city, memberId });
    if (firstDay === null || day < firstDay) firstDay = day;
  }
  const days = DAY_TABLES.map((table) => ({ table, rows: cellsOf(table, facts) }));
  return { days, hours: [...hours.values()], people: [...people.values()], firstDay };
}

function hourCell(hours: Map<string, HourCell>, { distributorId, at, city, campaignId }: ScanFact): HourCell {
  const hour = new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS);
  const province = provinceGrain(city);
  const key = [distributorId, hour.getTime(), province, campaignId].join('/');
  const known = hours.get(key);
  if (known) return known;
  const empty = { distributorId, hour, province, campaignId, scans: 0, firstScans: 0, wins: 0, awardedFen: 0 };
  hours.set(key, empty);
  return empty;
}
