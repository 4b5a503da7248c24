import { Injectable } from '@nestjs/common';
import { Database } from '@app/database';
import type { Scope } from '../scope';
import { checkRange, scopeClause, type DayRange } from './rollup-scope';
import { added, SUM_COLUMNS, sumsOf, type RawSums, type ScanSums } from './scan-sums';

export interface ItemRow extends ScanSums {
  readonly id: number;
  readonly name: string;
}

export interface BatchRow extends ItemRow {
  readonly productName: string;
}

export interface TopItems extends DayRange {
  /** Most scans first, at most ten of each. */
  readonly products: readonly ItemRow[];
  readonly batches: readonly BatchRow[];
}

const MOST = 10;

/** What is scanned most. */
@Injectable()
export class TopItemsModel {
  constructor(private readonly database: Database) {}

  /** Throws Rejected `bad_range` (422). */
  async read(scope: Scope, { from, to }: DayRange): Promise<TopItems> {
    checkRange({ from, to });
    const clause = await scopeClause(this.database, scope, 'rollup_items');
    const rows = await this.database.query<RawSums & { productId: number; batchId: number }>(
      `SELECT product_id AS productId, batch_id AS batchId, ${SUM_COLUMNS} FROM rollup_items
        WHERE ${clause.sql} AND day >= ? AND day < ? GROUP BY product_id, batch_id`,
      [...clause.params, from, to],
    );
    const products = await this.names('products');
    const batches = await this.names('code_batches');
    const byProduct = new Map<number, ItemRow>();
    for (const row of rows) {
      const id = row.productId;
      const known = byProduct.get(id);
      byProduct.set(id, {
        id,
        name: products.get(id) ?? `${id} 号产品`,
        ...(known ? added(known, sumsOf(row)) : sumsOf(row)),
      });
    }
    const all = rows.map((row) => ({
      ...{ id: row.batchId, name: batches.get(row.batchId) ?? `${row.batchId} 号码批次`, ...sumsOf(row) },
      productName: products.get(row.productId) ?? '',
    }));
    return { from, to, products: most([...byProduct.values()]), batches: most(all) };
  }

  /** Products and batches there are hundreds of. */
  private async names(table: 'products' | 'code_batches'): Promise<ReadonlyMap<number, string>> {
    const rows = await this.database.query<{ id: number; name: string }>(`SELECT id, name FROM ${table}`);
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}

function most<T extends ScanSums>(rows: readonly T[]): T[] {
  return [...rows].sort((a, b) => b.scans - a.scans).slice(0, MOST);
}
