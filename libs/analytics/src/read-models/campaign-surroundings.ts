import { placeholders, type Reader, textOf } from '@app/database';
import { fenFromColumn } from '@app/kernel';

/** What a campaign document names. Empty `scope` lists mean every one, as in the document. */
export interface CampaignNames {
  readonly scope: { readonly products: readonly number[]; readonly batches: readonly number[] };
  readonly products: readonly number[];
  readonly batches: readonly number[];
  readonly budgetId: number | null;
  /** Products that stores are to hand over. */
  readonly redeemed: readonly number[];
  readonly couponPools: readonly number[];
  readonly audiences: readonly number[];
}

/** What there is of all that; what does not exist is missing. */
export interface CampaignNamesFound {
  readonly productIds: ReadonlySet<number>;
  readonly batches: ReadonlyMap<number, FoundBatch>;
  readonly budget: FoundBudget | null;
  /** Issued codes in scope on layers that pay consumers. */
  readonly codesInScope: number;
  /** Active stores that hand a product over, by product. */
  readonly storesByProduct: ReadonlyMap<number, number>;
  readonly storesTotal: number;
  /** Codes left, by pool. */
  readonly couponPools: ReadonlyMap<number, number>;
  readonly audienceIds: ReadonlySet<number>;
}

export interface FoundBudget {
  readonly id: number;
  readonly grantedFen: number;
  readonly leftFen: number;
}

export interface FoundBatch {
  readonly productId: number;
  readonly quantity: number;
  readonly layers: readonly { readonly layer: number; readonly purpose: string }[];
}

/** More of one kind than a document can name without being refused for its size. */
const MOST_IDS = 10_000;

/**
 * Looks up everything a campaign document names and counts what it could reach, in eight statements at most, each by primary key or an
 * index. Works inside a transaction, so that an approval sees what it publishes against.
 */
export async function readCampaignNames(reader: Reader, names: CampaignNames): Promise<CampaignNamesFound> {
  return {
    productIds: await existing(reader, 'products', [...names.scope.products, ...names.products, ...names.redeemed]),
    batches: await batchesOf(reader, [...names.scope.batches, ...names.batches]),
    budget: names.budgetId === null ? null : await budgetOf(reader, names.budgetId),
    codesInScope: await countCodes(reader, names.scope),
    storesByProduct: await storesOf(reader, names.redeemed),
    storesTotal: await countStores(reader),
    couponPools: await poolsOf(reader, names.couponPools),
    audienceIds: await existing(reader, 'audiences', names.audiences, 'archived = 0'),
  };
}

async function existing(
  reader: Reader,
  table: 'products' | 'audiences',
  ids: readonly number[],
  condition = '1 = 1',
): Promise<ReadonlySet<number>> {
  const wanted = once(ids);
  if (wanted.length === 0) return new Set();
  const rows = await reader.query<{ id: number }>(
    `SELECT id FROM ${table} WHERE id IN (${placeholders(wanted)}) AND ${condition}`,
    wanted,
  );
  return new Set(rows.map(({ id }) => id));
}

async function batchesOf(reader: Reader, ids: readonly number[]): Promise<ReadonlyMap<number, FoundBatch>> {
  const wanted = once(ids);
  if (wanted.length === 0) return new Map();
  const rows = await reader.query<{
    id: number;
    productId: number;
    quantity: number;
    layer: number | null;
    purpose: Buffer | null;
  }>(
    `SELECT b.id, b.product_id AS productId, b.quantity, l.layer, l.purpose
       FROM code_batches b LEFT JOIN code_batch_layers l ON l.batch_id = b.id
      WHERE b.id IN (${placeholders(wanted)}) ORDER BY b.id, l.layer`,
    wanted,
  );
  const found = new Map<number, FoundBatch & { layers: { layer: number; purpose: string }[] }>();
  for (const { id, productId, quantity, layer, purpose } of rows) {
    const batch = found.get(id) ?? { productId, quantity, layers: [] };
    if (layer !== null && purpose !== null) batch.layers.push({ layer, purpose: textOf(purpose) });
    found.set(id, batch);
  }
  return found;
}

/** What was granted to a budget and is left of it; null when there is none. */
export async function budgetOf(reader: Reader, budgetId: number): Promise<FoundBudget | null> {
  const [row] = await reader.query<{ granted: string; left: string }>(
    'SELECT granted_fen AS granted, available_fen AS `left` FROM budgets WHERE id = ?',
    [budgetId],
  );
  return row ? { id: budgetId, grantedFen: fenFromColumn(row.granted), leftFen: fenFromColumn(row.left) } : null;
}

async function countCodes(reader: Reader, { products, batches }: CampaignNames['scope']): Promise<number> {
  const filters = [
    ...(products.length === 0 ? [] : [{ sql: 'b.product_id', ids: once(products) }]),
    ...(batches.length === 0 ? [] : [{ sql: 'b.id', ids: once(batches) }]),
  ];
  const [row] = await reader.query<{ codes: string }>(
    `SELECT COALESCE(SUM(b.quantity), 0) AS codes
       FROM code_batches b JOIN code_batch_layers l ON l.batch_id = b.id AND l.purpose = 'prize'
      WHERE b.status IN ('issued', 'packed', 'active')
        ${filters.map(({ sql, ids }) => `AND ${sql} IN (${placeholders(ids)})`).join(' ')}`,
    filters.flatMap(({ ids }) => ids),
  );
  return Number(row?.codes ?? 0);
}

async function storesOf(reader: Reader, products: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const wanted = once(products);
  if (wanted.length === 0) return new Map();
  const [all] = await reader.query<{ stores: string }>(
    "SELECT COUNT(*) AS stores FROM stores WHERE status = 'active' AND redeems_all = 1",
  );
  const rows = await reader.query<{ productId: number; stores: string }>(
    `SELECT p.product_id AS productId, COUNT(*) AS stores
       FROM store_products p JOIN stores s ON s.id = p.store_id AND s.status = 'active' AND s.redeems_all = 0
      WHERE p.product_id IN (${placeholders(wanted)}) GROUP BY p.product_id`,
    wanted,
  );
  const named = new Map(rows.map(({ productId, stores }) => [productId, Number(stores)]));
  return new Map(wanted.map((id) => [id, Number(all?.stores ?? 0) + (named.get(id) ?? 0)]));
}

async function countStores(reader: Reader): Promise<number> {
  const [row] = await reader.query<{ stores: string }>("SELECT COUNT(*) AS stores FROM stores WHERE status = 'active'");
  return Number(row?.stores ?? 0);
}

async function poolsOf(reader: Reader, ids: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const wanted = once(ids);
  if (wanted.length === 0) return new Map();
  const rows = await reader.query<{ id: number; left: number | null }>(
    `SELECT p.id, s.total - s.taken AS \`left\` FROM coupon_pools p LEFT JOIN coupon_stock s ON s.pool_id = p.id
      WHERE p.id IN (${placeholders(wanted)})`,
    wanted,
  );
  return new Map(rows.map(({ id, left }) => [id, Number(left ?? 0)]));
}

function once(ids: readonly number[]): number[] {
  return [...new Set(ids)].slice(0, MOST_IDS);
}
