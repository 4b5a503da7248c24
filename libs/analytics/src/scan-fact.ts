import { shanghaiDay } from '@app/kernel';
import { cityGrain, provinceGrain } from './place-grain';
import { cellsOf, DAY_TABLES, type DayTable } from './rollup-tables';

/** One scan as it is counted. Made once from the row of `scans` and never changed. */
export interface ScanFact {
  /** Shanghai day, `YYYY-MM-DD`. */
  readonly day: string;
  readonly memberId: number;
  readonly scanId: string;
  readonly at: Date;
  /** Finest known place; 0 = unknown. */
  readonly adcode: number;
  readonly city: number;
  readonly productId: number;
  readonly batchId: number;
  /** 0 = none decided. */
  readonly campaignId: number;
  /** 0 = nobody's territory. */
  readonly distributorId: number;
  readonly verdict: number;
  readonly firstOfCode: boolean;
  /** The first scan of a code that pays consumers: a bottle was opened. Codes that only verify or travel are none. */
  readonly opened: boolean;
  /** This scan consumed the member's first code, so a member is new once. */
  readonly newMember: boolean;
  readonly won: boolean;
  readonly amountFen: number;
}

/** What is read of a row of `scans`. */
export interface ScanRow {
  readonly memberId: number;
  readonly scanId: string;
  readonly at: Date;
  readonly batchId: number;
  readonly verdict: number;
  readonly counted: boolean;
  readonly firstOfCode: boolean;
  /** The layer of the code pays consumers, as far as anybody says. */
  readonly pays: boolean;
  readonly newMember: boolean;
  readonly adcode: number | null;
  readonly productId: number;
  readonly distributorId: number | null;
  readonly campaignId: number | null;
  readonly amountFen: number;
}

export function factOf(row: ScanRow): ScanFact {
  return {
    day: shanghaiDay(row.at),
    memberId: row.memberId,
    scanId: row.scanId,
    at: row.at,
    adcode: row.adcode ?? 0,
    city: cityGrain(row.adcode),
    productId: row.productId,
    batchId: row.batchId,
    campaignId: row.campaignId ?? 0,
    distributorId: row.distributorId ?? 0,
    verdict: row.verdict,
    firstOfCode: row.firstOfCode,
    opened: row.firstOfCode && row.pays,
    newMember: row.newMember && row.counted,
    won: row.amountFen > 0,
    amountFen: row.amountFen,
  };
}

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
