import { Injectable } from '@nestjs/common';
import { Database } from '@app/database';
import { checkRange, type DayRange } from './rollup-scope';

/** With fewer, a mean and one's own figure tell what a neighbour has. */
export const FEWEST_COMPARED = 5;

export interface Standing extends DayRange {
  /** 1 = most scans. */
  readonly rank: number;
  readonly of: number;
  readonly scans: number;
  /** Mean of all, the asker among them, in whole scans. */
  readonly averageScans: number;
}

/** Where a distributor stands among all. The one read that goes beyond a scope, and it tells a rank and a mean, no other row. */
@Injectable()
export class NeighboursModel {
  constructor(private readonly database: Database) {}

  /** Active distributors who could be compared. */
  async count(): Promise<number> {
    const [row] = await this.database.query<{ count: string }>(
      "SELECT COUNT(*) AS count FROM distributors WHERE status = 'active'",
    );
    return Number(row!.count);
  }

  /** Null when fewer than five had scans in these days, the asker among them. Throws Rejected `bad_range` (422). */
  async standing(distributorId: number, { from, to }: DayRange): Promise<Standing | null> {
    checkRange({ from, to });
    const rows = await this.database.query<{ id: number; scans: string }>(
      `SELECT p.distributor_id AS id, SUM(p.scans) AS scans FROM rollup_places p JOIN distributors d ON d.id = p.distributor_id
        WHERE p.day >= ? AND p.day < ? AND d.status = 'active' GROUP BY p.distributor_id`,
      [from, to],
    );
    const mine = rows.find(({ id }) => id === distributorId);
    if (!mine || rows.length < FEWEST_COMPARED) return null;
    const scans = Number(mine.scans);
    return {
      ...{ from, to, scans, of: rows.length },
      rank: 1 + rows.filter((row) => Number(row.scans) > scans).length,
      averageScans: Math.round(rows.reduce((sum, row) => sum + Number(row.scans), 0) / rows.length),
    };
  }
}
