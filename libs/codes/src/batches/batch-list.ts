import { Injectable } from '@nestjs/common';
import { Rejected } from '@app/kernel';
import { Database, databaseNow, placeholders, textOf } from '@app/database';
import { readBatchRecords } from '../catalog/catalog.repository';
import type { KnownLot, KnownProduct } from '../catalog/known-code';
import type { SegmentState } from '../catalog/segment-timeline';
import type { BatchStatus } from './batch-status';
import { causeOf, noSuchBatch } from './batches.repository';
import type { LayerPurpose } from './layer-purpose';
import type { StopCause } from './stop-cause';

const MOST_ITEMS = 100;

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export interface BatchItem {
  readonly id: number;
  readonly name: string;
  readonly product: { readonly id: number; readonly sku: string; readonly name: string };
  readonly quantity: number;
  readonly layers: readonly { readonly layer: number; readonly name: string; readonly purpose: LayerPurpose }[];
  readonly carrier: 'short' | 'gs1';
  readonly status: BatchStatus;
  readonly frozen: boolean;
  readonly frozenCause: StopCause | null;
  readonly epoch: number;
  readonly keyChar: string;
  readonly expiresAt: Date | null;
  readonly createdAt: Date;
  readonly issuedAt: Date | null;
}

export interface BatchDetail extends BatchItem {
  readonly product: KnownProduct;
  /** Segments in effect now, ascending; what no segment names is inactive. */
  readonly segments: readonly {
    layer: number;
    from: number;
    to: number;
    state: SegmentState;
    cause: StopCause | null;
    segmentId: number;
  }[];
  readonly lots: readonly { layer: number; from: number; to: number; lot: KnownLot }[];
  /** Codes in each state now, by layer. */
  readonly counts: readonly ({ readonly layer: number } & Readonly<Record<SegmentState, number>>)[];
}

interface Row {
  id: number;
  name: string;
  productId: number;
  sku: Buffer;
  productName: string;
  quantity: number;
  carrier: Buffer;
  status: Buffer;
  frozen: number;
  frozenCause: Buffer | null;
  epoch: number;
  keyChar: Buffer;
  expiresAt: Date | null;
  createdAt: Date;
  issuedAt: Date | null;
}

const SELECT = `SELECT b.id, b.name, b.product_id AS productId, p.sku, p.name AS productName, b.quantity, b.carrier, b.status, b.frozen,
  b.frozen_cause AS frozenCause, b.epoch, b.key_char AS keyChar, b.expires_at AS expiresAt, b.created_at AS createdAt, b.issued_at AS issuedAt
  FROM code_batches b JOIN products p ON p.id = b.product_id`;

/** Batches as HQ sees them: newest first, page by page. */
@Injectable()
export class BatchList {
  constructor(private readonly database: Database) {}

  /** `limit` 1 … 100. `cursor` is what the page before gave. Throws Rejected (400) for another cursor. */
  async page(query: {
    limit?: number;
    cursor?: string | null;
    productId?: number;
    status?: BatchStatus;
    /** Part of the name. */
    q?: string;
  }): Promise<Page<BatchItem>> {
    const limit = Math.min(Math.max(Math.trunc(query.limit ?? 20), 1), MOST_ITEMS);
    const conditions = ['b.id < ?'];
    const params: (number | string)[] = [cursorOf(query.cursor)];
    if (query.productId !== undefined) {
      conditions.push('b.product_id = ?');
      params.push(query.productId);
    }
    if (query.status !== undefined) {
      conditions.push('b.status = ?');
      params.push(query.status);
    }
    if (query.q !== undefined) {
      conditions.push('b.name LIKE ?');
      params.push(`%${likeText(query.q)}%`);
    }
    const rows = await this.database.query<Row>(
      `${SELECT} WHERE ${conditions.join(' AND ')} ORDER BY b.id DESC LIMIT ?`,
      [...params, limit + 1],
    );
    const items = await this.withLayers(rows.slice(0, limit));
    return { items, nextCursor: rows.length > limit ? String(items.at(-1)!.id) : null };
  }

  /** One batch with its segments and lots as they are now. Throws Rejected (404). */
  async detail(batchId: number): Promise<BatchDetail> {
    const found = await this.find(batchId);
    if (found === null) throw noSuchBatch(batchId);
    return found;
  }

  /** The same, null for a batch that is not there. */
  async find(batchId: number): Promise<BatchDetail | null> {
    const [item] = await this.withLayers(await this.database.query<Row>(`${SELECT} WHERE b.id = ?`, [batchId]));
    const record = (await readBatchRecords(this.database, [batchId], new Map())).get(batchId);
    if (item === undefined || record === undefined) return null;
    const now = await databaseNow(this.database);
    const layers = [...record.layers.values()];
    const segments = layers.flatMap(({ layer, timeline }) =>
      timeline
        .foldAt(now)
        .list()
        .map(({ from, to, value }) => ({
          layer,
          from,
          to,
          state: value.state,
          cause: value.cause,
          segmentId: value.id,
        })),
    );
    const lots = layers.flatMap(({ layer, lots: bound }) =>
      bound.list().map(({ from, to, value }) => ({ layer, from, to, lot: record.lots.get(value)! })),
    );
    const counts = layers.map(({ layer }) => countStates(layer, item.quantity, segments));
    return { ...item, product: record.product, segments, lots, counts };
  }

  private async withLayers(rows: readonly Row[]): Promise<BatchItem[]> {
    if (rows.length === 0) return [];
    const ids = rows.map((row) => row.id);
    const layers = await this.database.query<{ batch: number; layer: number; name: string; purpose: Buffer }>(
      `SELECT batch_id AS batch, layer, name, purpose FROM code_batch_layers WHERE batch_id IN (${placeholders(ids)})
        ORDER BY batch_id, layer`,
      ids,
    );
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      product: { id: row.productId, sku: textOf(row.sku), name: row.productName },
      quantity: row.quantity,
      layers: layers
        .filter(({ batch }) => batch === row.id)
        .map(({ layer, name, purpose }) => ({ layer, name, purpose: textOf(purpose) as LayerPurpose })),
      carrier: textOf(row.carrier) as 'short' | 'gs1',
      status: textOf(row.status) as BatchStatus,
      frozen: row.frozen === 1,
      frozenCause: causeOf(row.frozenCause),
      epoch: row.epoch,
      keyChar: textOf(row.keyChar),
      expiresAt: row.expiresAt,
      createdAt: row.createdAt,
      issuedAt: row.issuedAt,
    }));
  }
}

function countStates(
  layer: number,
  quantity: number,
  segments: readonly { layer: number; from: number; to: number; state: SegmentState }[],
): BatchDetail['counts'][number] {
  const counts = { layer, inactive: quantity, active: 0, frozen: 0, void: 0 };
  for (const segment of segments) {
    if (segment.layer !== layer) continue;
    counts.inactive -= segment.to - segment.from;
    counts[segment.state] += segment.to - segment.from;
  }
  return counts;
}

/** Ids go down page by page; without a cursor the list begins above the largest. */
export function cursorOf(cursor: string | null | undefined): number {
  if (cursor === null || cursor === undefined) return 2 ** 32;
  if (!/^\d{1,10}$/.test(cursor)) throw new Rejected('bad_cursor', '翻页标记无效，请从第一页开始', 400, { cursor });
  return Number(cursor);
}

/** A page of what is counted out and not stored: the cursor is the position of the first of the next page. */
export function readPage<T>(
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | null },
  read: (first: number, end: number) => readonly T[],
): { rows: readonly T[]; nextCursor: string | null } {
  const first = cursor ? cursorOf(cursor) : 0;
  const found = read(first, first + limit + 1);
  return { rows: found.slice(0, limit), nextCursor: found.length > limit ? String(first + limit) : null };
}

/** Text in which LIKE finds no wildcard. */
export function likeText(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`);
}
