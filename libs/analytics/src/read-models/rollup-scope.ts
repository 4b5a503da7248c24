import { placeholders, type Database, type SqlValue } from '@app/database';
import { addDays, Rejected } from '@app/kernel';
import type { Scope } from '../scope';

const MAX_DAYS = 400;

/** Shanghai days `[from, to)`, each `YYYY-MM-DD`. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

/** Throws Rejected for days that are none, an empty range, or more than 400 days. */
export function checkRange({ from, to }: DayRange): void {
  const length = (dayNumber(to) - dayNumber(from)) / 86_400_000;
  if (!(length >= 1 && length <= MAX_DAYS)) {
    throw new Rejected('bad_range', `日期范围须为 1 至 ${MAX_DAYS} 天，结束日期不含在内`, 422);
  }
}

/** One day as a range. Throws Rejected `bad_day` (422) for what is none. */
export function rangeOfDay(day: string): DayRange {
  if (Number.isNaN(dayNumber(day))) throw new Rejected('bad_day', '没有这一天', 422, { field: 'day' });
  return { from: day, to: addDays(day, 1) };
}

/** NaN for what is not a day, 30 February included. */
function dayNumber(day: string): number {
  const at = new Date(`${day}T00:00:00.000Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString() === `${day}T00:00:00.000Z` ? at.getTime() : NaN;
}

/** A WHERE condition on `distributor_id`, and its values. */
export interface ScopeClause {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

/**
 * Restricts a read of a roll-up table to a scope. National reads name every distributor there is: the tables' primary keys begin
 * with it, and walking each one's stretch of days is far cheaper than going through a second index.
 */
export async function scopeClause(database: Database, scope: Scope, table: RollupTable): Promise<ScopeClause> {
  if (scope.kind === 'distributor') return { sql: 'distributor_id = ?', params: [scope.distributorId] };
  const rows = await database.query<{ id: number }>(`SELECT DISTINCT distributor_id AS id FROM ${table}`);
  if (rows.length === 0) return { sql: '1 = 1', params: [] };
  const ids = rows.map((row) => row.id);
  return { sql: `distributor_id IN (${placeholders(ids)})`, params: ids };
}

export type RollupTable =
  | 'rollup_days'
  | 'rollup_hours'
  | 'rollup_places'
  | 'rollup_districts'
  | 'rollup_items'
  | 'people_days'
  | 'people_sketches'
  | 'payout_days';
