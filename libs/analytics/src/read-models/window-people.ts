import type { Database } from '@app/database';
import { addDays } from '@app/kernel';
import type { Scope } from '../scope';
import type { DayRange } from './rollup-scope';

/** The region of a window that stands for all places. */
const ALL_PLACES = 100_000;
const SPANS: readonly number[] = [1, 7, 30];

export interface WindowPeople {
  /** Distinct members who scanned. */
  readonly people: number;
  /** Of them, who opened a bottle, and who opened bottles on two days or more. Null where that was not counted. */
  readonly openers: number | null;
  readonly repeaters: number | null;
}

/** People of a range of days, counted when the days were over. */
export interface CountedWindow {
  readonly total: WindowPeople;
  /** By adcode of province and city, 0 = unknown place. */
  readonly regions: ReadonlyMap<number, number>;
}

/** Null when the range is no window (1, 7 or 30 days), or is not over, or was not counted yet. */
export async function countedWindow(
  database: Database,
  scope: Scope,
  { from, to }: DayRange,
): Promise<CountedWindow | null> {
  const [day, span] = [addDays(to, -1), daysBetween(from, to)];
  if (!SPANS.includes(span)) return null;
  const [run] = await database.query(
    'SELECT 1 FROM people_window_runs WHERE span = ? AND day = ? AND counted_at IS NOT NULL',
    [span, day],
  );
  if (!run) return null;
  const rows = await database.query<{ region: number; people: number; openers: number; repeaters: number }>(
    'SELECT region, people, openers, repeaters FROM people_windows WHERE scope = ? AND span = ? AND day = ?',
    [scopeName(scope), span, day],
  );
  const all = rows.find(({ region }) => region === ALL_PLACES);
  return {
    total: { people: all?.people ?? 0, openers: all?.openers ?? 0, repeaters: all?.repeaters ?? 0 },
    regions: new Map(rows.filter(({ region }) => region !== ALL_PLACES).map((row) => [row.region, row.people])),
  };
}

/** People day by day of a range, as far as the days were counted. */
export async function countedDays(
  database: Database,
  scope: Scope,
  { from, to }: DayRange,
): Promise<ReadonlyMap<string, number>> {
  const rows = await database.query<{ day: string; people: number | null }>(
    `SELECT DATE_FORMAT(r.day, '%Y-%m-%d') AS day, w.people FROM people_window_runs r
       LEFT JOIN people_windows w ON w.scope = ? AND w.span = 1 AND w.day = r.day AND w.region = ${ALL_PLACES}
      WHERE r.span = 1 AND r.day >= ? AND r.day < ? AND r.counted_at IS NOT NULL`,
    [scopeName(scope), from, to],
  );
  return new Map(rows.map((row) => [row.day, row.people ?? 0]));
}

/** How `people_windows` names a scope. */
function scopeName(scope: Scope): string {
  return scope.kind === 'national' ? 'all' : `d${scope.distributorId}`;
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}
