import { Injectable } from '@nestjs/common';
import { Database } from '@app/database';
import { addDays } from '@app/kernel';
import type { Scope } from '../scope';
import { checkRange, scopeClause, type DayRange } from './rollup-scope';
import { NO_SCANS, SUM_COLUMNS, sumsOf, type RawSums, type ScanSums } from './scan-sums';
import { countedDays } from './window-people';

export interface TrendDay extends ScanSums {
  /** Shanghai day. */
  readonly day: string;
  /** Distinct members; null for a day that is not over or was not counted yet. */
  readonly people: number | null;
}

/** One point per day, quiet days included. */
@Injectable()
export class TrendModel {
  constructor(private readonly database: Database) {}

  /** Throws Rejected `bad_range` (422). */
  async read(scope: Scope, range: DayRange): Promise<TrendDay[]> {
    checkRange(range);
    const clause = await scopeClause(this.database, scope, 'rollup_places');
    const rows = await this.database.query<RawSums & { day: string }>(
      `SELECT DATE_FORMAT(day, '%Y-%m-%d') AS day, ${SUM_COLUMNS} FROM rollup_places
        WHERE ${clause.sql} AND day >= ? AND day < ? GROUP BY rollup_places.day`,
      [...clause.params, range.from, range.to],
    );
    const people = await countedDays(this.database, scope, range);
    const byDay = new Map(rows.map((row) => [row.day, sumsOf(row)]));
    const points: TrendDay[] = [];
    for (let day = range.from; day < range.to; day = addDays(day, 1)) {
      points.push({ day, ...(byDay.get(day) ?? NO_SCANS), people: people.get(day) ?? null });
    }
    return points;
  }
}
