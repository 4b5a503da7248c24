import { Injectable } from '@nestjs/common';
import { fenFromColumn, Rejected, type Fen } from '@app/kernel';
import { Database, placeholders, textOf } from '@app/database';
import type { KnownLot, KnownProduct } from '../catalog/known-code';
import { cursorOf, likeText, type Page } from './batch-list';
import { STAGES_JOIN, toldStages } from './lot-stages';

const MOST_ITEMS = 100;

export interface ProductItem extends KnownProduct {
  /** Suggested retail price now. */
  readonly priceFen: Fen;
  readonly createdAt: Date;
}

export interface ProductDetail extends ProductItem {
  /** Suggested retail prices with the instant each holds from; one of the future is planned. */
  readonly prices: readonly { readonly from: Date; readonly priceFen: Fen }[];
}

interface ProductRow {
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
}

const PRODUCT = `SELECT p.id, p.sku, p.gtin, p.name, p.line, p.spec, p.units_per_case AS unitsPerCase, p.image_url AS imageUrl,
       p.created_at AS createdAt,
       COALESCE(
         (SELECT price_fen FROM product_prices x WHERE x.product_id = p.id AND x.from_at <= UTC_TIMESTAMP(6)
           ORDER BY x.from_at DESC LIMIT 1),
         (SELECT price_fen FROM product_prices y WHERE y.product_id = p.id ORDER BY y.from_at LIMIT 1)) AS priceFen
  FROM products p`;

/** Products and production lots as HQ sees them, newest first. */
@Injectable()
export class ProductList {
  constructor(private readonly database: Database) {}

  /** `q`: part of the name or the beginning of the SKU. */
  async page(query: { limit?: number; cursor?: string | null; q?: string; line?: string }): Promise<Page<ProductItem>> {
    const limit = pageSize(query.limit);
    const where = ['p.id < ?'];
    const params: (string | number)[] = [cursorOf(query.cursor)];
    if (query.q !== undefined) {
      where.push('(p.name LIKE ? OR p.sku LIKE ?)');
      params.push(`%${likeText(query.q)}%`, `${likeText(query.q)}%`);
    }
    if (query.line !== undefined) {
      where.push('p.line = ?');
      params.push(query.line);
    }
    const rows = await this.database.query<ProductRow>(
      `${PRODUCT} WHERE ${where.join(' AND ')} ORDER BY p.id DESC LIMIT ?`,
      [...params, limit + 1],
    );
    const items = rows.slice(0, limit).map(productOf);
    return { items, nextCursor: rows.length > limit ? String(items.at(-1)!.id) : null };
  }

  /** One product with its prices, latest first (at most 100). Throws Rejected (404). */
  async one(productId: number): Promise<ProductDetail> {
    const [row] = await this.database.query<ProductRow>(`${PRODUCT} WHERE p.id = ?`, [productId]);
    if (row === undefined) throw new Rejected('no_such_product', '没有这个产品', 404, { product: productId });
    const prices = await this.database.query<{ fromAt: Date; priceFen: string }>(
      `SELECT from_at AS fromAt, price_fen AS priceFen FROM product_prices WHERE product_id = ? ORDER BY from_at DESC LIMIT ${MOST_ITEMS}`,
      [productId],
    );
    return {
      ...productOf(row),
      prices: prices.map(({ fromAt, priceFen }) => ({ from: fromAt, priceFen: fenFromColumn(priceFen) })),
    };
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
    productId?: number;
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
      stagesId: number | null;
      stages: string | null;
    }>(
      `SELECT l.id, l.lot_no AS lotNo, l.product_id AS productId, l.plant, l.line, CAST(l.produced_on AS BINARY) AS producedOn,
              CAST(l.expires_on AS BINARY) AS expiresOn, l.stages_id AS stagesId, g.stages
         FROM production_lots l ${STAGES_JOIN}
        WHERE l.id < ?${query.productId === undefined ? '' : ' AND l.product_id = ?'} ORDER BY l.id DESC LIMIT ?`,
      [cursorOf(query.cursor), ...(query.productId === undefined ? [] : [query.productId]), limit + 1],
    );
    const items = rows.slice(0, limit).map((row) => ({
      ...row,
      lotNo: textOf(row.lotNo),
      producedOn: textOf(row.producedOn),
      expiresOn: row.expiresOn === null ? null : textOf(row.expiresOn),
      ...toldStages(row),
    }));
    return { items, nextCursor: rows.length > limit ? String(items.at(-1)!.id) : null };
  }
}

function pageSize(limit: number | undefined): number {
  return Math.min(Math.max(Math.trunc(limit ?? 20), 1), MOST_ITEMS);
}

function productOf(row: ProductRow): ProductItem {
  return {
    ...row,
    sku: textOf(row.sku),
    gtin: row.gtin === null ? null : textOf(row.gtin),
    line: textOf(row.line),
    priceFen: fenFromColumn(row.priceFen),
  };
}
