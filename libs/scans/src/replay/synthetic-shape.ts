import type { CampaignContent, SyntheticShape } from '@app/campaigns';
import { placeholders, textOf, type Tx } from '@app/database';
import { Rejected } from '@app/kernel';
import { provinces, regionOf } from '@app/regions';

/** How much may be made up: a minute or two of a worker's time, and some 100 MB of its memory. */
export const MADE_UP = {
  people: 200_000,
  fewestCodes: 0.1,
  mostCodes: 200,
  scans: 5_000_000,
  repeatShare: 0.9,
  regions: 100,
} as const;

/** How HQ asks for made-up scans. */
export interface MadeUpScans {
  readonly people: number;
  /** Codes that the average member scans in all these days. */
  readonly codesPerPerson: number;
  readonly days: number;
  /** The same seed always makes up the same scans; 1 when left out. */
  readonly seed?: number | undefined;
  /** Share of scans that repeat a code scanned lately; 0.1 when left out. */
  readonly repeatShare?: number | undefined;
  /** Share of members who bound a phone; 0.3 when left out. */
  readonly phoneShare?: number | undefined;
  /** Weights as shares of 1, what is left comes from unknown places; all provinces alike when left out. */
  readonly regions?: readonly { readonly adcode: number; readonly weight: number }[] | undefined;
}

/** Weights are written by people: a third three times is all of it. */
const ROUNDING = 1e-6;
const MOST_GOODS = 50;
const LARGEST_RUN = 2 ** 30;

/** Throws Rejected `bad_shape` (422) when the figures of one request do not go together. */
export function checkMadeUpScans(asked: MadeUpScans): void {
  const nowhere = (asked.regions ?? []).find(({ adcode }) => regionOf(adcode) === null);
  if (nowhere) throw new Rejected('bad_shape', `没有地区 ${nowhere.adcode}`, 422);
  const placed = (asked.regions ?? []).reduce((sum, { weight }) => sum + weight, 0);
  if (!(placed <= 1 + ROUNDING)) throw new Rejected('bad_shape', '各地区的占比合计不能超过 1', 422);
  const scans = scansOf(asked);
  if (!(scans >= 1 && scans <= MADE_UP.scans)) {
    throw new Rejected('bad_shape', `模拟的扫码共 ${scans} 次，可以是 1 到 ${MADE_UP.scans} 次`, 422);
  }
}

/** The whole shape, with the goods that the draft is about as they are now. Rejected `no_goods` (409). */
export async function syntheticShape(
  tx: Tx,
  asked: MadeUpScans,
  { scope }: CampaignContent,
  firstDay: string,
): Promise<SyntheticShape> {
  const items = await goodsIn(tx, scope);
  if (items.length === 0) throw new Rejected('no_goods', '活动范围内还没有商品，无法模拟扫码', 409);
  const everywhere = provinces().map(({ adcode }, _, { length }) => ({ adcode, weight: 1 / length }));
  return {
    ...{ seed: asked.seed ?? 1, scans: scansOf(asked), firstDay, days: asked.days, people: asked.people },
    ...{ repeatShare: repeatsOf(asked), phoneShare: asked.phoneShare ?? 0.3 },
    regions: (asked.regions ?? everywhere).map(({ adcode, weight }) => ({ adcode, weight })),
    items,
  };
}

/** Repeats come on top of the codes. */
function scansOf(asked: MadeUpScans): number {
  return Math.round((asked.people * asked.codesPerPerson) / (1 - repeatsOf(asked)));
}

function repeatsOf({ repeatShare = 0.1 }: MadeUpScans): number {
  return repeatShare;
}

/**
 * Prize codes of the batches in scope, newest first, sold as they were printed. When nothing is printed yet, products are sold from a
 * pretended batch, number 0, unless the draft names its batches.
 */
async function goodsIn(tx: Tx, { products, batches }: CampaignContent['scope']): Promise<SyntheticShape['items']> {
  const printed = await tx.query<{ product: number; line: Buffer; batch: number; layer: number; quantity: number }>(
    `SELECT b.product_id AS product, p.line, b.id AS batch, MIN(l.layer) AS layer, b.quantity
       FROM code_batches b JOIN products p ON p.id = b.product_id
       JOIN code_batch_layers l ON l.batch_id = b.id AND l.purpose = 'prize'
      WHERE ${among('b.id', batches)} AND ${among('b.product_id', products)}
      GROUP BY b.id ORDER BY b.id DESC LIMIT ${MOST_GOODS}`,
    [...batches, ...products],
  );
  const items = printed.map(({ line, ...goods }) => ({ ...goods, productLine: textOf(line), weight: goods.quantity }));
  if (items.length > 0 || batches.length > 0) return items;
  const unprinted = await tx.query<{ product: number; line: Buffer }>(
    `SELECT id AS product, line FROM products WHERE ${among('id', products)} ORDER BY id DESC LIMIT ${MOST_GOODS}`,
    [...products],
  );
  return unprinted.map(({ product, line }) => ({
    ...{ product, productLine: textOf(line), batch: 0, layer: 0, quantity: LARGEST_RUN, weight: 1 },
  }));
}

/** No names at all means all. */
function among(column: string, ids: readonly number[]): string {
  return ids.length === 0 ? 'TRUE' : `${column} IN (${placeholders(ids)})`;
}
