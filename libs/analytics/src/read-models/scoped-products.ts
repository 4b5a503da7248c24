import { Injectable } from '@nestjs/common';
import { Database, databaseNow, placeholders, textOf } from '@app/database';
import { addDays, shanghaiDay } from '@app/kernel';
import type { Scope } from '../scope';
import { scopeClause, type DayRange } from './rollup-scope';
import { NO_SCANS, SUM_COLUMNS, sumsOf, type RawSums, type ScanSums } from './scan-sums';

export interface ScopedProduct extends ScanSums {
  readonly id: number;
  readonly sku: string;
  readonly name: string;
  readonly line: string;
  readonly spec: string;
  readonly imageUrl: string | null;
}

export interface ScopedProducts extends DayRange {
  /** Most scans first; at most 500. */
  readonly items: readonly ScopedProduct[];
}

interface Row {
  id: number;
  sku: Buffer;
  name: string;
  line: Buffer;
  spec: string;
  imageUrl: string | null;
}

const DAYS = 30;
const MOST = 500;

/** The goods that somebody deals with, and how they were scanned in the own scope in the last thirty days, today included. */
@Injectable()
export class ScopedProductsModel {
  constructor(private readonly database: Database) {}

  /** Of a distributor: the lines of its territories, past and to come, and whatever was scanned there. */
  async read(scope: Scope): Promise<ScopedProducts> {
    const today = shanghaiDay(await databaseNow(this.database));
    const range = { from: addDays(today, 1 - DAYS), to: addDays(today, 1) };
    const sums = await this.sums(scope, range);
    const lines = scope.kind === 'distributor' ? await this.linesOf(scope.distributorId) : null;
    const rows = await this.products(lines, [...sums.keys()]);
    const items = rows
      .map((row) => ({
        ...{ ...row, sku: textOf(row.sku), line: textOf(row.line) },
        ...(sums.get(row.id) ?? NO_SCANS),
      }))
      .sort((a, b) => b.scans - a.scans || a.id - b.id);
    return { ...range, items };
  }

  private async sums(scope: Scope, { from, to }: DayRange): Promise<Map<number, ScanSums>> {
    const clause = await scopeClause(this.database, scope, 'rollup_items');
    const rows = await this.database.query<RawSums & { id: number }>(
      `SELECT product_id AS id, ${SUM_COLUMNS} FROM rollup_items WHERE ${clause.sql} AND day >= ? AND day < ? GROUP BY product_id`,
      [...clause.params, from, to],
    );
    return new Map(rows.map((row) => [row.id, sumsOf(row)]));
  }

  /** Null = every line. */
  private async linesOf(distributorId: number): Promise<string[] | null> {
    const rows = await this.database.query<{ line: Buffer | null }>(
      'SELECT DISTINCT product_line AS line FROM territories WHERE distributor_id = ?',
      [distributorId],
    );
    const lines = rows.map(({ line }) => (line === null ? null : textOf(line)));
    return lines.includes(null) ? null : lines.filter((line) => line !== null);
  }

  private products(lines: readonly string[] | null, ids: readonly number[]): Promise<Row[]> {
    const select = 'SELECT id, sku, name, line, spec, image_url AS imageUrl FROM products';
    if (lines === null) return this.database.query<Row>(`${select} ORDER BY id DESC LIMIT ${MOST}`);
    const wanted = [
      ...(lines.length > 0 ? [`line IN (${placeholders(lines)})`] : []),
      ...(ids.length > 0 ? [`id IN (${placeholders(ids)})`] : []),
    ];
    if (wanted.length === 0) return Promise.resolve([]);
    return this.database.query<Row>(`${select} WHERE ${wanted.join(' OR ')} ORDER BY id DESC LIMIT ${MOST}`, [
      ...lines,
      ...ids,
    ]);
  }
}
