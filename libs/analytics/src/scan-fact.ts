import { shanghaiDay } from '@app/kernel';
import { cityGrain, provinceGrain } from './place-grain';

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
    newMember: row.newMember && row.counted,
    won: row.amountFen > 0,
    amountFen: row.amountFen,
  };
}

export interface DayCell {
  readonly distributorId: number;
  readonly day: string;
  readonly city: number;
  readonly campaignId: number;
  readonly productId: number;
  readonly batchId: number;
  scans: number;
  firstScans: number;
  wins: number;
  awardedFen: number;
  newMembers: number;
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
  readonly days: DayCell[];
  readonly hours: HourCell[];
  readonly people: PersonDay[];
}

const HOUR_MS = 3_600_000;

/** What a handful of new facts adds to the roll-ups. */
export function rollUp(facts: Iterable<ScanFact>): RolledUp {
  const days = new Map<string, DayCell>();
  const hours = new Map<string, HourCell>();
  const people = new Map<string, PersonDay>();
  for (const fact of facts) {
    count(cellOf(days, dayCell(fact)), fact).newMembers += fact.newMember ? 1 : 0;
    count(cellOf(hours, hourCell(fact)), fact);
    const { distributorId, day, city, memberId } = fact;
    people.set(`${distributorId}/${day}/${city}/${memberId}`, { distributorId, day, city, memberId });
  }
  return { days: [...days.values()], hours: [...hours.values()], people: [...people.values()] };
}

function count<T extends Pick<HourCell, 'scans' | 'firstScans' | 'wins' | 'awardedFen'>>(cell: T, fact: ScanFact): T {
  cell.scans += 1;
  cell.firstScans += fact.firstOfCode ? 1 : 0;
  cell.wins += fact.won ? 1 : 0;
  cell.awardedFen += fact.amountFen;
  return cell;
}

function cellOf<T extends object>(cells: Map<string, T>, [key, empty]: [string, T]): T {
  const known = cells.get(key);
  if (known) return known;
  cells.set(key, empty);
  return empty;
}

function dayCell({ distributorId, day, city, campaignId, productId, batchId }: ScanFact): [string, DayCell] {
  const key = [distributorId, day, city, campaignId, productId, batchId].join('/');
  const zeros = { scans: 0, firstScans: 0, wins: 0, awardedFen: 0, newMembers: 0 };
  return [key, { distributorId, day, city, campaignId, productId, batchId, ...zeros }];
}

function hourCell({ distributorId, at, city, campaignId }: ScanFact): [string, HourCell] {
  const hour = new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS);
  const province = provinceGrain(city);
  const key = [distributorId, hour.getTime(), province, campaignId].join('/');
  return [key, { distributorId, hour, province, campaignId, scans: 0, firstScans: 0, wins: 0, awardedFen: 0 }];
}
