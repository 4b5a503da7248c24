import type { Database, SqlValue } from '@app/database';
import { HyperLogLog } from '../hyperloglog';
import type { Scope } from '../scope';
import { scopeClause, type DayRange } from './rollup-scope';

/** Distinct people. When not `exact` it is an estimate (standard error 1.6 %) and screens put 「约」 in front. */
export interface PeopleCount {
  readonly count: number;
  readonly exact: boolean;
}

/** What people are counted apart by; the expression is over the columns of `people_days`. */
export type PeopleGroup = 'province' | 'city';
const EXPRESSION: Readonly<Record<PeopleGroup, string>> = {
  province: 'city - MOD(city, 10000)',
  city: 'city',
};

export interface PeopleCounts {
  readonly total: PeopleCount;
  of(group: string | number): PeopleCount;
}

/** Distinct people of a scope per group and in all. A person seen in two groups is in both, and once in the total. */
export async function countPeople(
  database: Database,
  scope: Scope,
  { from, to }: DayRange,
  group: PeopleGroup,
): Promise<PeopleCounts> {
  const clause = await scopeClause(database, scope, 'people_sketches');
  const sketches = await database.query<{ part: string | number; registers: Buffer }>(
    `SELECT ${EXPRESSION[group]} AS part, registers FROM people_sketches WHERE ${clause.sql} AND day >= ? AND day < ?`,
    [...clause.params, from, to],
  );
  const exactClause = await scopeClause(database, scope, 'people_days');
  const where = `${exactClause.sql} AND day >= ? AND day < ?`;
  const params = [...exactClause.params, from, to];
  return sketches.length === 0
    ? exactCounts(database, where, params, group)
    : estimatedCounts(database, where, params, group, sketches);
}

async function exactCounts(
  database: Database,
  where: string,
  params: readonly SqlValue[],
  group: PeopleGroup,
): Promise<PeopleCounts> {
  const rows = await database.query<{ part: string | number; people: string }>(
    `SELECT ${EXPRESSION[group]} AS part, COUNT(DISTINCT member_id) AS people FROM people_days WHERE ${where} GROUP BY part`,
    params,
  );
  const [all] = await database.query<{ people: string }>(
    `SELECT COUNT(DISTINCT member_id) AS people FROM people_days WHERE ${where}`,
    params,
  );
  const byPart = new Map(rows.map((row) => [String(row.part), Number(row.people)]));
  return {
    total: { count: Number(all!.people), exact: true },
    of: (part) => ({ count: byPart.get(String(part)) ?? 0, exact: true }),
  };
}

async function estimatedCounts(
  database: Database,
  where: string,
  params: readonly SqlValue[],
  group: PeopleGroup,
  sketches: readonly { part: string | number; registers: Buffer }[],
): Promise<PeopleCounts> {
  const total = new HyperLogLog();
  const parts = new Map<string, HyperLogLog>();
  const partOf = (part: string | number): HyperLogLog => {
    const known = parts.get(String(part)) ?? new HyperLogLog();
    parts.set(String(part), known);
    return known;
  };
  for (const { part, registers } of sketches) {
    total.addSketch(registers);
    partOf(part).addSketch(registers);
  }
  const rows = await database.query<{ part: string | number; member_id: string }>(
    `SELECT DISTINCT ${EXPRESSION[group]} AS part, member_id FROM people_days WHERE ${where}`,
    params,
  );
  for (const { part, member_id } of rows) {
    total.add(Number(member_id));
    partOf(part).add(Number(member_id));
  }
  return {
    total: { count: total.count(), exact: false },
    of: (part) => ({ count: parts.get(String(part))?.count() ?? 0, exact: false }),
  };
}
