import { Injectable } from '@nestjs/common';
import { fenFromColumn, type Fen } from '@app/kernel';
import { Database, placeholders, textOf } from '@app/database';
import type { KnownLot, KnownProduct } from '../catalog/known-code';
import { cursorOf, type Page } from './batch-list';

const MOST_ITEMS = 100;

export interface ProductItem extends KnownProduct {
  /** Suggested retail price now. */
  readonly priceFen: Fen;
  readonly createdAt: Date;
}

/** Products and production lots as HQ sees them, newest first. */
@Injectable()
export class ProductList {
  constructor(private readonly database: Database) {}

  async page(query: { limit?: number; cursor?: string | null }): Promise<Page<ProductItem>> {
    const limit = pageSize(query.limit);
    const rows = await this.database.query<{
      id: number;
      sku: Buffer;
      gtin: Buffer | null;
      name: string;
      line: Buffer;
      spec: string;
      unitsPerCase: number;
      imageUrl: string | null;
      createdAt: Date;
      priceFen: string;
    }>(
      `SELECT p.id, p.sku, p.gtin, p.name, p.line, p.spec, p.units_per_case AS unitsPerCase, p.image_url AS imageUrl,
              p.created_at AS createdAt,
              COALESCE(
                (SELECT price_fen FROM product_prices x WHERE x.product_id = p.id AND x.from_at <= UTC_TIMESTAMP(6)
                  ORDER BY x.from_at DESC LIMIT 1),
                (SELECT price_fen FROM product_prices y WHERE y.product_id = p.id ORDER BY y.from_at LIMIT 1)) AS priceFen
         FROM products p WHERE p.id < ? ORDER BY p.id DESC LIMIT ?`,
      [cursorOf(query.cursor), limit + 1],
    );
    const items = rows.slice(0, limit).map((row) => ({
      ...row,
      sku: textOf(row.sku),
      gtin: row.gtin === null ? null : textOf(row.gtin),
      line: textOf(row.line),
      priceFen: fenFromColumn(row.priceFen),
    }));
    return { items, nextCursor: rows.length > limit ? String(items.at(-1)!.id) : null };
  }

  /** Names by id; unknown ids are missing. At most a page of ids at a time. */
  async names(productIds: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const ids = [...new Set(productIds)];
    if (ids.length === 0) return new Map();
    const rows = await this.database.query<{ id: number; name: string }>(
      `SELECT id, name FROM products WHERE id IN (${placeholders(ids)})`,
      ids,
    );
    return new Map(rows.map(({ id, name }) => [id, name]));
  }

  async lots(query: {
    limit?: number;
    cursor?: string | null;
  }): Promise<Page<KnownLot & { readonly productId: number }>> {
    const limit = pageSize(query.limit);
    const rows = await this.database.query<{
      id: number;
      lotNo: Buffer;
      productId: number;
      plant: string;
      line: string;
      producedOn: Buffer;
      expiresOn: Buffer | null;
    }>(
      `SELECT id, lot_no AS lotNo, product_id AS productId, plant, line, CAST(produced_on AS BINARY) AS producedOn,
              CAST(expires_on AS BINARY) AS expiresOn
         FROM production_lots WHERE id < ? ORDER BY id DESC LIMIT ?`,
      [cursorOf(query.cursor), limit + 1],
    );
    const items = rows.slice(0, limit).map((row) => ({
      ...row,
      lotNo: textOf(row.lotNo),
      producedOn: textOf(row.producedOn),
      expiresOn: row.expiresOn === null ? null : textOf(row.expiresOn),
    }));
    return { items, nextCursor: rows.length > limit ? String(items.at(-1)!.id) : null };
  }
}

function pageSize(limit: number | undefined): number {
  return Math.min(Math.max(Math.trunc(limit ?? 20), 1), MOST_ITEMS);
}
