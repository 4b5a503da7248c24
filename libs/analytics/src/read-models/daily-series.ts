import { Injectable } from '@nestjs/common';
import { Database } from '@app/database';
import { addDays, fen, fenFromColumn, type Fen } from '@app/kernel';
import type { Scope } from '../scope';
import { countPeople, type PeopleCount } from './people-count';
import { checkRange, scopeClause, type DayRange } from './rollup-scope';

export interface DailyPoint {
  /** Shanghai day, `YYYY-MM-DD`. */
  readonly day: string;
  readonly scans: number;
  readonly firstScans: number;
  readonly wins: number;
  readonly awardedFen: Fen;
  readonly newMembers: number;
  readonly people: PeopleCount;
}

interface Raw {
  day: string;
  scans: string;
  first_scans: string;
  wins: string;
  awarded_fen: string;
  new_members: string;
}

/** One point per day, quiet days included. */
@Injectable()
export class DailySeriesModel {
  constructor(private readonly database: Database) {}

  /** Throws Rejected for an impossible range of days. */
  async read(scope: Scope, range: DayRange): Promise<DailyPoint[]> {
    checkRange(range);
    const clause = await scopeClause(this.database, scope, 'rollup_days');
    const rows = await this.database.query<Raw>(
      `SELECT DATE_FORMAT(day, '%Y-%m-%d') AS day, SUM(scans) AS scans, SUM(first_scans) AS first_scans, SUM(wins) AS wins,
              SUM(awarded_fen) AS awarded_fen, SUM(new_members) AS new_members
         FROM rollup_days WHERE ${clause.sql} AND day >= ? AND day < ? GROUP BY rollup_days.day`,
      [...clause.params, range.from, range.to],
    );
    const people = await countPeople(this.database, scope, range, 'day');
    const byDay = new Map(rows.map((row) => [row.day, row]));
    const points: DailyPoint[] = [];
    for (let day = range.from; day < range.to; day = addDays(day, 1)) {
      points.push({ ...pointOf(day, byDay.get(day)), people: people.of(day) });
    }
    return points;
  }
}

function pointOf(day: string, raw: Raw | undefined): Omit<DailyPoint, 'people'> {
  if (!raw) return { day, scans: 0, firstScans: 0, wins: 0, awardedFen: fen(0), newMembers: 0 };
  return {
    day,
    scans: Number(raw.scans),
    firstScans: Number(raw.first_scans),
    wins: Number(raw.wins),
    awardedFen: fenFromColumn(raw.awarded_fen),
    newMembers: Number(raw.new_members),
  };
}
