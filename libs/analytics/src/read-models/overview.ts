import { Injectable } from '@nestjs/common';
import { Database, databaseNow } from '@app/database';
import { addDays, fen, shanghaiDay, shanghaiDayStart, type Fen } from '@app/kernel';
import type { Scope } from '../scope';
import { DailySeriesModel, type DailyPoint } from './daily-series';
import { scopeClause } from './rollup-scope';

export interface HourPoint {
  /** The instant at which the hour begins. */
  readonly hour: Date;
  readonly scans: number;
  readonly wins: number;
}

export interface Overview {
  readonly at: Date;
  readonly today: DailyPoint;
  readonly yesterday: DailyPoint;
  /** Hours of today so far, the present one included. */
  readonly hours: readonly HourPoint[];
  /** Fen per award of today; null when nothing was won. */
  readonly averageAwardFen: Fen | null;
}

const HOUR_MS = 3_600_000;

/** What happened today, in Shanghai's day. */
@Injectable()
export class OverviewModel {
  constructor(
    private readonly database: Database,
    private readonly series: DailySeriesModel,
  ) {}

  /** `at` is now unless a test says otherwise. */
  async read(scope: Scope, at?: Date): Promise<Overview> {
    const now = at ?? (await databaseNow(this.database));
    const day = shanghaiDay(now);
    const [yesterday, today] = await this.series.read(scope, { from: addDays(day, -1), to: addDays(day, 1) });
    return {
      at: now,
      today: today!,
      yesterday: yesterday!,
      hours: await this.hours(scope, shanghaiDayStart(day), now),
      averageAwardFen: today!.wins === 0 ? null : fen(Math.round(today!.awardedFen / today!.wins)),
    };
  }

  private async hours(scope: Scope, from: Date, now: Date): Promise<HourPoint[]> {
    const clause = await scopeClause(this.database, scope, 'rollup_hours');
    const rows = await this.database.query<{ hour: Date; scans: string; wins: string }>(
      `SELECT hour, SUM(scans) AS scans, SUM(wins) AS wins FROM rollup_hours
        WHERE ${clause.sql} AND hour >= ? AND hour <= ? GROUP BY hour`,
      [...clause.params, from, now],
    );
    const byHour = new Map(rows.map((row) => [row.hour.getTime(), row]));
    const points: HourPoint[] = [];
    for (let hour = from.getTime(); hour <= now.getTime(); hour += HOUR_MS) {
      const row = byHour.get(hour);
      points.push({ hour: new Date(hour), scans: Number(row?.scans ?? 0), wins: Number(row?.wins ?? 0) });
    }
    return points;
  }
}
