import { Injectable } from '@nestjs/common';
import { Database, databaseNow } from '@app/database';
import { addDays, shanghaiDay, shanghaiDayStart } from '@app/kernel';
import type { Scope } from '../scope';
import { scopeClause } from './rollup-scope';
import { added, NO_SCANS, SUM_COLUMNS, sumsOf, type RawSums, type ScanSums } from './scan-sums';

export interface LivePlace extends ScanSums {
  /** City or province; null = unknown place. */
  readonly adcode: number | null;
}

export interface LiveHour {
  readonly hour: Date;
  readonly scans: number;
  readonly wins: number;
}

/** One scan as it may be shown to everybody in the room: where and what, never who. */
export interface LatestScan {
  readonly at: Date;
  /** City or province; null = unknown place. */
  readonly adcode: number | null;
  readonly amountFen: number;
}

export interface LiveFigures {
  readonly at: Date;
  /** Shanghai day. */
  readonly day: string;
  readonly today: ScanSums;
  /** Distinct members of today. */
  readonly people: number;
  /** Yesterday from midnight to the same time of the day. */
  readonly before: { readonly scans: number; readonly wins: number; readonly awardedFen: number };
  /** Hours of today so far, the present one included. */
  readonly hours: readonly LiveHour[];
  readonly places: readonly LivePlace[];
  /** Of the last ten minutes, the newest first, at most 20. */
  readonly latest: readonly LatestScan[];
}

const HOUR_MS = 3_600_000;
/** Hours so long past change only when scans are folded late: of the country they are read once a minute. */
const PAST_HOURS = 2;
const PAST_FOR_MS = 60_000;
const LATEST_MS = 600_000;
const MOST_LATEST = 20;
/** Whoever looks for the newest scans of one distributor goes past those of others; not past more than so many. */
const MOST_PASSED = 2_000;

/** Today as it is now, seconds behind the scans: only roll-ups, and the last few scans by their index of time. */
@Injectable()
export class LiveModel {
  private past: { readonly key: string; readonly until: number; readonly hours: Promise<Hour[]> } | null = null;

  constructor(private readonly database: Database) {}

  /** `at` is now unless a test says otherwise. */
  async read(scope: Scope, at?: Date): Promise<LiveFigures> {
    const now = at ?? (await databaseNow(this.database));
    const day = shanghaiDay(now);
    const [places, hours, people, latest] = await Promise.all([
      this.places(scope, day),
      this.hours(scope, shanghaiDayStart(addDays(day, -1)), now),
      this.people(scope, day),
      this.latest(scope, now),
    ]);
    return {
      ...{ at: now, day, places, people, latest },
      today: places.reduce<ScanSums>(added, NO_SCANS),
      before: upTo(hours, new Date(now.getTime() - 24 * HOUR_MS)),
      hours: hoursOf(hours, shanghaiDayStart(day), now),
    };
  }

  private async places(scope: Scope, day: string): Promise<LivePlace[]> {
    const clause = await scopeClause(this.database, scope, 'rollup_places');
    const rows = await this.database.query<RawSums & { city: number }>(
      `SELECT city, ${SUM_COLUMNS} FROM rollup_places WHERE ${clause.sql} AND day = ? GROUP BY city`,
      [...clause.params, day],
    );
    return rows.map((row) => ({ adcode: row.city === 0 ? null : row.city, ...sumsOf(row) }));
  }

  private async people(scope: Scope, day: string): Promise<number> {
    const clause = await scopeClause(this.database, scope, 'people_days');
    const [row] = await this.database.query<{ people: string }>(
      `SELECT COUNT(DISTINCT member_id) AS people FROM people_days WHERE ${clause.sql} AND day = ?`,
      [...clause.params, day],
    );
    return Number(row!.people);
  }

  /** From the hour `from` to the one that holds `to`. */
  private async hours(scope: Scope, from: Date, to: Date): Promise<Hour[]> {
    const end = new Date(to.getTime() + 1);
    if (scope.kind === 'distributor') return this.hoursBetween(scope, from, end);
    const border = new Date(Math.floor(to.getTime() / HOUR_MS - PAST_HOURS) * HOUR_MS);
    const parts = await Promise.all([this.pastHours(scope, from, border), this.hoursBetween(scope, border, end)]);
    return parts.flat();
  }

  private pastHours(scope: Scope, from: Date, to: Date): Promise<Hour[]> {
    const key = `${from.getTime()}-${to.getTime()}`;
    if (this.past?.key === key && performance.now() < this.past.until) return this.past.hours;
    const past = { key, until: performance.now() + PAST_FOR_MS, hours: this.hoursBetween(scope, from, to) };
    past.hours.catch(() => (this.past = this.past === past ? null : this.past));
    this.past = past;
    return past.hours;
  }

  /** `to` is not included. */
  private async hoursBetween(scope: Scope, from: Date, to: Date): Promise<Hour[]> {
    const clause = await scopeClause(this.database, scope, 'rollup_hours');
    const rows = await this.database.query<{ hour: Date; scans: string; wins: string; fen: string }>(
      `SELECT hour, SUM(scans) AS scans, SUM(wins) AS wins, SUM(awarded_fen) AS fen FROM rollup_hours
        WHERE ${clause.sql} AND hour >= ? AND hour < ? GROUP BY hour`,
      [...clause.params, from, to],
    );
    return rows.map(({ hour, scans, wins, fen }) => ({
      ...{ hour, scans: Number(scans), wins: Number(wins), awardedFen: Number(fen) },
    }));
  }

  private async latest(scope: Scope, now: Date): Promise<LatestScan[]> {
    const own = scope.kind === 'distributor' ? ' WHERE distributor_id = ?' : '';
    const rows = await this.database.query<{ at: Date; adcode: number | null; fen: string }>(
      `SELECT at, adcode, amount_fen AS fen FROM (
         SELECT at, adcode, amount_fen, distributor_id FROM scans WHERE at >= ? AND at <= ? ORDER BY at DESC LIMIT ${MOST_PASSED}
       ) newest${own} ORDER BY at DESC LIMIT ${MOST_LATEST}`,
      [new Date(now.getTime() - LATEST_MS), now, ...(scope.kind === 'distributor' ? [scope.distributorId] : [])],
    );
    return rows.map(({ at, adcode, fen }) => ({ at, adcode, amountFen: Number(fen) }));
  }
}

interface Hour extends LiveHour {
  readonly awardedFen: number;
}

/** Sums from the first hour to an instant; of the hour that holds it, as large a part as has passed. */
function upTo(hours: readonly Hour[], instant: Date): LiveFigures['before'] {
  const sums = { scans: 0, wins: 0, awardedFen: 0 };
  for (const { hour, scans, wins, awardedFen } of hours) {
    const part = Math.min(1, Math.max(0, (instant.getTime() - hour.getTime()) / HOUR_MS));
    sums.scans += scans * part;
    sums.wins += wins * part;
    sums.awardedFen += awardedFen * part;
  }
  return {
    scans: Math.round(sums.scans),
    wins: Math.round(sums.wins),
    awardedFen: Math.round(sums.awardedFen),
  };
}

/** Quiet hours included. */
function hoursOf(known: readonly Hour[], from: Date, now: Date): LiveHour[] {
  const byHour = new Map(known.map((row) => [row.hour.getTime(), row]));
  const points: LiveHour[] = [];
  for (let hour = from.getTime(); hour <= now.getTime(); hour += HOUR_MS) {
    const row = byHour.get(hour);
    points.push({ hour: new Date(hour), scans: row?.scans ?? 0, wins: row?.wins ?? 0 });
  }
  return points;
}
