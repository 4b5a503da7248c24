import { Injectable } from '@nestjs/common';
import { Database } from '@app/database';
import type { Scope } from '../scope';
import { checkRange, scopeClause, type DayRange } from './rollup-scope';
import { added, NO_SCANS, SUM_COLUMNS, sumsOf, type RawSums, type ScanSums } from './scan-sums';
import { countedWindow } from './window-people';

export interface PlaceQuestion extends DayRange {
  /** What is looked into: null = the country, whose provinces are told; a province (its cities) or a city (its districts). */
  readonly parent: number | null;
}

export interface PlaceRow extends ScanSums {
  /** Null = unknown place. The parent itself stands for scans of which nothing finer is known. */
  readonly adcode: number | null;
  /** Distinct members; null where they were not counted. */
  readonly people: number | null;
}

export interface PlaceReport extends PlaceQuestion {
  /** Most scans first; what is not known finer comes last. */
  readonly rows: readonly PlaceRow[];
  readonly total: ScanSums & { readonly people: number | null };
}

/** Scans by place, one level below another. */
@Injectable()
export class PlaceReportModel {
  constructor(private readonly database: Database) {}

  /** Throws Rejected `bad_range` (422). A place outside the scope has no rows. */
  async read(scope: Scope, { from, to, parent }: PlaceQuestion): Promise<PlaceReport> {
    checkRange({ from, to });
    const window = await countedWindow(this.database, scope, { from, to });
    const grain = grainOf(parent);
    const rows = (await this.rows(scope, { from, to }, grain)).map(({ place, ...sums }) => ({
      ...{ adcode: place === 0 ? null : place, ...sums },
      people: window && grain.table === 'rollup_places' && place !== parent ? (window.regions.get(place) ?? 0) : null,
    }));
    const isRest = ({ adcode }: PlaceRow): boolean => adcode === null || adcode === parent;
    rows.sort(
      (a, b) => Number(isRest(a)) - Number(isRest(b)) || b.scans - a.scans || (a.adcode ?? 0) - (b.adcode ?? 0),
    );
    const people =
      window === null ? null : parent === null ? window.total.people : (window.regions.get(parent) ?? null);
    return { from, to, parent, rows, total: { ...rows.reduce<ScanSums>(added, NO_SCANS), people } };
  }

  private async rows(scope: Scope, { from, to }: DayRange, grain: Grain): Promise<(ScanSums & { place: number })[]> {
    const { table, column, place, within } = grain;
    const clause = await scopeClause(this.database, scope, table);
    const rows = await this.database.query<RawSums & { place: string | number }>(
      `SELECT ${place} AS place, ${SUM_COLUMNS} FROM ${table}
        WHERE ${clause.sql} AND day >= ? AND day < ? ${within ? `AND ${column} >= ? AND ${column} < ?` : ''} GROUP BY place`,
      [...clause.params, from, to, ...(within ?? [])],
    );
    return rows.map((row) => ({ place: Number(row.place), ...sumsOf(row) }));
  }
}

interface Grain {
  readonly table: 'rollup_places' | 'rollup_districts';
  readonly column: 'city' | 'adcode';
  /** SQL of what rows are told apart by. */
  readonly place: string;
  /** Adcodes `[from, to)`; null = all. */
  readonly within: readonly [number, number] | null;
}

/** 北京、天津、上海、重庆: what lies below them are districts. */
const MUNICIPALITIES = new Set([110_000, 120_000, 310_000, 500_000]);

function grainOf(parent: number | null): Grain {
  const places = { table: 'rollup_places', column: 'city' } as const;
  if (parent === null) return { ...places, place: 'city - MOD(city, 10000)', within: null };
  const [isProvince, isCity] = [parent % 10_000 === 0, parent % 100 === 0];
  if (isProvince && !MUNICIPALITIES.has(parent)) return { ...places, place: 'city', within: [parent, parent + 10_000] };
  const width = isProvince ? 10_000 : isCity ? 100 : 1;
  const place = `IF(MOD(adcode, 100) = 0, ${parent}, adcode)`;
  return { table: 'rollup_districts', column: 'adcode', place, within: [parent, parent + width] };
}
