import { Injectable } from '@nestjs/common';
import { Database, type SqlValue } from '@app/database';
import { checkLimit, readCursor, Rejected, writeCursor, type PageRequest } from '@app/kernel';
import type { Scope } from '../scope';
import { checkRange, scopeClause, type DayRange } from './rollup-scope';
import { added, NO_SCANS, SUM_COLUMNS, sumsOf, type RawSums, type ScanSums } from './scan-sums';
import { countedWindow } from './window-people';

export const REGION_LEVELS = ['province', 'city', 'district'] as const;
export const REGION_SORTS = ['scans', 'opened', 'wins', 'awardedFen', 'newMembers'] as const;

export interface RegionQuestion extends DayRange {
  readonly level: (typeof REGION_LEVELS)[number];
  readonly sort: (typeof REGION_SORTS)[number];
  readonly productId?: number | undefined;
  /** Within the scope: somebody else's number finds nothing. 0 = nobody's territory. */
  readonly distributorId?: number | undefined;
}

export interface RegionRow extends ScanSums {
  /** Null = unknown place. */
  readonly adcode: number | null;
  /** Distinct members; null where they were not counted. */
  readonly people: number | null;
}

export interface RegionPage {
  readonly items: readonly RegionRow[];
  readonly nextCursor: string | null;
  /** Of all rows, those of other pages as well. */
  readonly total: ScanSums & { readonly people: number | null };
  readonly regions: number;
}

/** The regional report: every region with scans, sorted and page by page; the unknown place is a row as well, so that totals add up. */
@Injectable()
export class RegionTableModel {
  constructor(private readonly database: Database) {}

  /** Throws Rejected: `bad_range`, `too_fine` (422: districts of one product are not counted), `bad_cursor`, `bad_limit`. */
  async page(scope: Scope, question: RegionQuestion, { limit, cursor }: PageRequest): Promise<RegionPage> {
    checkLimit(limit);
    const { rows, total } = await this.read(scope, question);
    const from = cursor ? 1 + rows.findIndex(({ adcode }) => adcode === readCursor(cursor, 1)[0]) : 0;
    const items = rows.slice(from, from + limit);
    const more = from + limit < rows.length;
    return { items, total, regions: rows.length, nextCursor: more ? writeCursor([items.at(-1)!.adcode]) : null };
  }

  /** All rows, as `page` tells them. There are some 3,000 districts. */
  async read(scope: Scope, question: RegionQuestion): Promise<{ rows: RegionRow[]; total: RegionPage['total'] }> {
    checkRange(question);
    const { sort, level } = question;
    const plain = question.productId === undefined && question.distributorId === undefined;
    const window = plain ? await countedWindow(this.database, scope, question) : null;
    const rows = (await this.rows(scope, question)).map((row) => {
      // Among cities a province stands for what is not known finer, not for all its people.
      const counted = window && level !== 'district' && !(level === 'city' && (row.adcode ?? 1) % 10_000 === 0);
      return { ...row, people: counted ? (window.regions.get(row.adcode ?? 0) ?? 0) : null };
    });
    rows.sort((a, b) => b[sort] - a[sort] || (a.adcode ?? 0) - (b.adcode ?? 0));
    return { rows, total: { ...rows.reduce<ScanSums>(added, NO_SCANS), people: window?.total.people ?? null } };
  }

  private async rows(scope: Scope, question: RegionQuestion): Promise<(ScanSums & { adcode: number | null })[]> {
    const { table, place } = sourceOf(question);
    const clause = await scopeClause(this.database, scope, 'rollup_places');
    const { from, to, productId, distributorId } = question;
    const filters = [
      ...(productId === undefined ? [] : [{ sql: 'AND product_id = ?', value: productId }]),
      ...(distributorId === undefined ? [] : [{ sql: 'AND distributor_id = ?', value: distributorId }]),
    ];
    const params: SqlValue[] = [...clause.params, from, to, ...filters.map(({ value }) => value)];
    const rows = await this.database.query<RawSums & { place: string | number }>(
      `SELECT ${place} AS place, ${SUM_COLUMNS} FROM ${table}
        WHERE ${clause.sql} AND day >= ? AND day < ? ${filters.map(({ sql }) => sql).join(' ')} GROUP BY place`,
      params,
    );
    return rows.map((row) => ({ adcode: Number(row.place) === 0 ? null : Number(row.place), ...sumsOf(row) }));
  }
}

interface Source {
  readonly table: 'rollup_places' | 'rollup_product_places' | 'rollup_districts';
  /** SQL of what rows are told apart by. */
  readonly place: string;
}

function sourceOf({ level, productId }: RegionQuestion): Source {
  const ofProduct = productId !== undefined;
  if (level === 'district') {
    if (ofProduct) throw new Rejected('too_fine', '按产品筛选时，请看到省或市', 422);
    return { table: 'rollup_districts', place: 'adcode' };
  }
  const place = level === 'province' ? 'city - MOD(city, 10000)' : 'city';
  return { table: ofProduct ? 'rollup_product_places' : 'rollup_places', place };
}
