import { Injectable } from '@nestjs/common';
import { bulkInsert, placeholders, type Reader, type SqlValue, textOf, type Tx } from '@app/database';
import type { Store, StoreStatus, StoreWish } from './store';

interface Raw {
  id: number;
  distributor_id: number;
  name: string;
  adcode: number;
  address: string;
  latitude: string | null;
  longitude: string | null;
  redeems_all: number;
  status: Buffer;
  created_at: Date;
  updated_at: Date;
}

/** What a list is narrowed to; what is left out does not matter. */
export interface StoreFilter {
  readonly distributorId?: number | undefined;
  /** A region of any level: stores inside it. */
  readonly adcode?: number | undefined;
  readonly status?: StoreStatus | undefined;
  /** Stores that redeem this product. */
  readonly productId?: number | undefined;
  /** Part of the name. */
  readonly name?: string | undefined;
}

/** A store and how far away it is, in metres; null when nobody said from where. */
export interface StoreNear extends Store {
  readonly distanceM: number | null;
}

const KM_A_DEGREE = 111.32;

const SELECT = `SELECT s.id, s.distributor_id, s.name, s.adcode, s.address, s.latitude, s.longitude, s.redeems_all, s.status,
    s.created_at, s.updated_at FROM stores s`;

function store(raw: Raw, products: readonly number[]): Store {
  const { latitude, longitude } = raw;
  return {
    id: raw.id,
    distributorId: raw.distributor_id,
    name: raw.name,
    adcode: raw.adcode,
    address: raw.address,
    location:
      latitude === null || longitude === null ? null : { latitude: Number(latitude), longitude: Number(longitude) },
    redeems: raw.redeems_all === 1 ? 'all' : products,
    status: textOf(raw.status) as StoreStatus,
    createdAt: raw.created_at,
    updatedAt: raw.updated_at,
  };
}

/** The tables `stores` and `store_products`. */
@Injectable()
export class StoresRepository {
  async find(reader: Reader, id: number): Promise<Store | null> {
    const [found] = await withProducts(reader, await reader.query<Raw>(`${SELECT} WHERE s.id = ?`, [id]));
    return found ?? null;
  }

  async lock(tx: Tx, id: number): Promise<Store | null> {
    const [found] = await withProducts(tx, await tx.query<Raw>(`${SELECT} WHERE s.id = ? FOR UPDATE`, [id]));
    return found ?? null;
  }

  async page(reader: Reader, filter: StoreFilter, afterId: number, limit: number): Promise<Store[]> {
    const { where, params } = narrowed(filter);
    const sql = `${SELECT} WHERE ${[...where, 's.id > ?'].join(' AND ')} ORDER BY s.id LIMIT ?`;
    return withProducts(reader, await reader.query<Raw>(sql, [...params, afterId, limit]));
  }

  /** Active stores within a radius, nearest first. Far from the poles a degree of longitude is as long as its cosine says. */
  async around(
    reader: Reader,
    { latitude, longitude }: NonNullable<Store['location']>,
    radiusKm: number,
    productId: number | undefined,
    limit: number,
  ): Promise<StoreNear[]> {
    const cosine = Math.cos((latitude * Math.PI) / 180);
    const [high, wide] = [radiusKm / KM_A_DEGREE, radiusKm / (KM_A_DEGREE * Math.max(cosine, 0.1))];
    const { where, params } = narrowed({ status: 'active', productId });
    const rows = await reader.query<Raw & { distance_m: number }>(
      `SELECT x.* FROM (${SELECT.replace(' FROM stores s', '')}, ROUND(1000 * ${KM_A_DEGREE} *
                SQRT(POW(s.latitude - ?, 2) + POW((s.longitude - ?) * ?, 2))) AS distance_m FROM stores s
         WHERE s.latitude BETWEEN ? AND ? AND s.longitude BETWEEN ? AND ? AND ${where.join(' AND ')}) x
        WHERE x.distance_m <= ? ORDER BY x.distance_m, x.id LIMIT ?`,
      [
        ...[latitude, longitude, cosine],
        ...[latitude - high, latitude + high, longitude - wide, longitude + wide],
        ...params,
        ...[radiusKm * 1000, limit],
      ],
    );
    const distances = new Map(rows.map((row) => [row.id, Number(row.distance_m)]));
    return (await withProducts(reader, rows)).map((near) => ({ ...near, distanceM: distances.get(near.id) ?? null }));
  }

  async insert(tx: Tx, distributorId: number, wish: StoreWish, by: number | null): Promise<number> {
    const { insertId } = await tx.execute(
      `INSERT INTO stores (distributor_id, name, adcode, address, latitude, longitude, redeems_all, created_by, created_at, updated_at)
       VALUES (?,?,?,?,?,?,?,?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [distributorId, ...columnsOf(wish), by],
    );
    await writeProducts(tx, insertId, wish.redeems);
    return insertId;
  }

  /** Of a row that the transaction holds locked. */
  async change(tx: Tx, id: number, wish: StoreWish): Promise<void> {
    await tx.execute(
      `UPDATE stores SET name = ?, adcode = ?, address = ?, latitude = ?, longitude = ?, redeems_all = ?, updated_at = UTC_TIMESTAMP(6)
        WHERE id = ?`,
      [...columnsOf(wish), id],
    );
    await tx.execute('DELETE FROM store_products WHERE store_id = ?', [id]);
    await writeProducts(tx, id, wish.redeems);
  }

  /** False when it has that status already. */
  async setStatus(tx: Tx, id: number, status: StoreStatus): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      'UPDATE stores SET status = ?, updated_at = UTC_TIMESTAMP(6) WHERE id = ? AND status <> ?',
      [status, id, status],
    );
    return affectedRows === 1;
  }

  /** Number of the QR that clerks bind by; of a store that is there. */
  async bindingNo(reader: Reader, id: number): Promise<number> {
    const [row] = await reader.query<{ no: number }>('SELECT binding_no AS no FROM stores WHERE id = ?', [id]);
    return row!.no;
  }

  async renewBinding(tx: Tx, id: number): Promise<void> {
    await tx.execute('UPDATE stores SET binding_no = binding_no + 1 WHERE id = ?', [id]);
  }

  /** Whether a store that names its products names this one. */
  async redeems(reader: Reader, id: number, productId: number): Promise<boolean> {
    const sql = 'SELECT product_id FROM store_products WHERE store_id = ? AND product_id = ?';
    return (await reader.query(sql, [id, productId])).length > 0;
  }

  /** Those of the ids that are no product. */
  async unknownProducts(tx: Tx, ids: readonly number[]): Promise<number[]> {
    if (ids.length === 0) return [];
    const rows = await tx.query<{ id: number }>(`SELECT id FROM products WHERE id IN (${placeholders(ids)})`, ids);
    const known = new Set(rows.map(({ id }) => id));
    return ids.filter((id) => !known.has(id));
  }

  async countActive(reader: Reader): Promise<number> {
    const [row] = await reader.query<{ n: string }>("SELECT COUNT(*) AS n FROM stores WHERE status = 'active'");
    return Number(row!.n);
  }

  /** How many active stores redeem every product, and how many name each of these. */
  async countRedeeming(
    reader: Reader,
    productIds: readonly number[],
  ): Promise<{ all: number; named: Map<number, number> }> {
    const [row] = await reader.query<{ n: string }>(
      "SELECT COUNT(*) AS n FROM stores WHERE status = 'active' AND redeems_all = 1",
    );
    const rows = await reader.query<{ product: number; n: string }>(
      `SELECT p.product_id AS product, COUNT(*) AS n FROM store_products p JOIN stores s ON s.id = p.store_id
        WHERE p.product_id IN (${placeholders(productIds)}) AND s.status = 'active' AND s.redeems_all = 0 GROUP BY p.product_id`,
      productIds,
    );
    return { all: Number(row!.n), named: new Map(rows.map(({ product, n }) => [product, Number(n)])) };
  }
}

async function withProducts(reader: Reader, rows: readonly Raw[]): Promise<Store[]> {
  const naming = rows.filter((row) => row.redeems_all === 0).map(({ id }) => id);
  const products = new Map<number, number[]>();
  if (naming.length > 0) {
    const found = await reader.query<{ store: number; product: number }>(
      `SELECT store_id AS store, product_id AS product FROM store_products WHERE store_id IN (${placeholders(naming)})
        ORDER BY store_id, product_id`,
      naming,
    );
    for (const { store: id, product } of found) products.set(id, [...(products.get(id) ?? []), product]);
  }
  return rows.map((row) => store(row, products.get(row.id) ?? []));
}

async function writeProducts(tx: Tx, id: number, redeems: Store['redeems']): Promise<void> {
  if (redeems === 'all') return;
  const rows = redeems.map((product) => [id, product]);
  await bulkInsert(tx, 'store_products', ['store_id', 'product_id'], rows);
}

function columnsOf({ name, adcode, address, location, redeems }: StoreWish): SqlValue[] {
  return [name, adcode, address, location?.latitude ?? null, location?.longitude ?? null, redeems === 'all'];
}

function narrowed({ distributorId, adcode, status, productId, name }: StoreFilter): {
  where: string[];
  params: SqlValue[];
} {
  const where: string[] = [];
  const params: SqlValue[] = [];
  const add = (sql: string, ...values: SqlValue[]): void => {
    where.push(sql);
    params.push(...values);
  };
  if (distributorId !== undefined) add('s.distributor_id = ?', distributorId);
  if (adcode !== undefined) {
    const unit = adcode % 10_000 === 0 ? 10_000 : adcode % 100 === 0 ? 100 : 1;
    add('s.adcode >= ? AND s.adcode < ?', adcode, adcode + unit);
  }
  if (status !== undefined) add('s.status = ?', status);
  if (name !== undefined) add("s.name LIKE ? ESCAPE '!'", `%${name.replace(/[!%_]/g, '!$&')}%`);
  if (productId !== undefined) {
    add(
      '(s.redeems_all = 1 OR EXISTS (SELECT 1 FROM store_products p WHERE p.store_id = s.id AND p.product_id = ?))',
      productId,
    );
  }
  return { where, params };
}
