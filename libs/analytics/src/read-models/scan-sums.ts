import type { Database } from '@app/database';
import { fen, fenFromColumn, type Fen } from '@app/kernel';
import type { Scope } from '../scope';
import { scopeClause, type DayRange } from './rollup-scope';

/** What was counted of a number of scans. */
export interface ScanSums {
  readonly scans: number;
  /** Codes that pay consumers, scanned for the first time: bottles opened. */
  readonly opened: number;
  /** Prizes of money. */
  readonly wins: number;
  readonly awardedFen: Fen;
  /** Members who opened their first bottle. */
  readonly newMembers: number;
}

export const SUM_COLUMNS = `COALESCE(SUM(scans), 0) AS scans, COALESCE(SUM(opened), 0) AS opened, COALESCE(SUM(wins), 0) AS wins,
  COALESCE(SUM(awarded_fen), 0) AS awarded_fen, COALESCE(SUM(new_members), 0) AS new_members`;

export interface RawSums {
  readonly scans: string;
  readonly opened: string;
  readonly wins: string;
  readonly awarded_fen: string;
  readonly new_members: string;
}

export const NO_SCANS: ScanSums = { scans: 0, opened: 0, wins: 0, awardedFen: fen(0), newMembers: 0 };

export function sumsOf(raw: RawSums): ScanSums {
  return {
    scans: Number(raw.scans),
    opened: Number(raw.opened),
    wins: Number(raw.wins),
    awardedFen: fenFromColumn(raw.awarded_fen),
    newMembers: Number(raw.new_members),
  };
}

export function added(a: ScanSums, b: ScanSums): ScanSums {
  return {
    scans: a.scans + b.scans,
    opened: a.opened + b.opened,
    wins: a.wins + b.wins,
    awardedFen: fen(a.awardedFen + b.awardedFen),
    newMembers: a.newMembers + b.newMembers,
  };
}

/** Everything of a scope in a range of days. */
export async function readSums(database: Database, scope: Scope, { from, to }: DayRange): Promise<ScanSums> {
  const clause = await scopeClause(database, scope, 'rollup_places');
  const [row] = await database.query<RawSums>(
    `SELECT ${SUM_COLUMNS} FROM rollup_places WHERE ${clause.sql} AND day >= ? AND day < ?`,
    [...clause.params, from, to],
  );
  return sumsOf(row!);
}
