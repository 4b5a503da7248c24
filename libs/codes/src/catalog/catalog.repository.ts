import { Defect, fenFromColumn } from '@app/kernel';
import { placeholders, type Reader, textOf } from '@app/database';
import type { BatchStatus } from '../batches/batch-status';
import { causeOf } from '../batches/batches.repository';
import type { LayerPurpose } from '../batches/layer-purpose';
import { STAGES_JOIN, toldStages } from '../batches/lot-stages';
import type { BatchRecord, KnownLot, KnownProduct, LayerRecord } from './known-code';
import { Ranges } from './ranges';
import { SegmentTimeline, type SegmentEvent, type SegmentState } from './segment-timeline';

export interface BatchEpoch {
  readonly epoch: number;
  readonly frozen: boolean;
  readonly status: BatchStatus;
}

/** Epochs as they are committed now; batches that do not exist are missing. */
export async function readEpochs(reader: Reader, batchIds: readonly number[]): Promise<Map<number, BatchEpoch>> {
  if (batchIds.length === 0) return new Map();
  const rows = await reader.query<{ id: number; epoch: number; frozen: number; status: Buffer }>(
    `SELECT id, epoch, frozen, status FROM code_batches WHERE id IN (${placeholders(batchIds)})`,
    batchIds,
  );
  return new Map(
    rows.map(({ id, epoch, frozen, status }) => [
      id,
      { epoch, frozen: frozen === 1, status: textOf(status) as BatchStatus },
    ]),
  );
}

/** Every issued batch with its epoch: what a node compares its cache with. */
export async function readAllEpochs(reader: Reader): Promise<Map<number, number>> {
  const rows = await reader.query<{ id: number; epoch: number }>(
    "SELECT id, epoch FROM code_batches WHERE status <> 'drafted'",
  );
  return new Map(rows.map(({ id, epoch }) => [id, epoch]));
}

interface BatchRow {
  id: number;
  name: string;
  quantity: number;
  status: Buffer;
  frozen: number;
  frozenCause: Buffer | null;
  epoch: number;
  expiresAt: Date | null;
  productId: number;
  sku: Buffer;
  gtin: Buffer | null;
  productName: string;
  line: Buffer;
  spec: string;
  unitsPerCase: number;
  imageUrl: string | null;
}

/**
 * Reads whole records. Segment events, lot bindings and honey codes are append-only, so of a batch in `known` only what came since is read and laid on
 * top. The epoch is read first: whatever is read after it is at least as new.
 */
export async function readBatchRecords(
  reader: Reader,
  batchIds: readonly number[],
  known: ReadonlyMap<number, BatchRecord>,
): Promise<Map<number, BatchRecord>> {
  if (batchIds.length === 0) return new Map();
  const batches = await reader.query<BatchRow>(
    `SELECT b.id, b.name, b.quantity, b.status, b.frozen, b.frozen_cause AS frozenCause, b.epoch, b.expires_at AS expiresAt,
            p.id AS productId, p.sku, p.gtin, p.name AS productName, p.line, p.spec, p.units_per_case AS unitsPerCase, p.image_url AS imageUrl
       FROM code_batches b JOIN products p ON p.id = b.product_id WHERE b.id IN (${placeholders(batchIds)})`,
    batchIds,
  );
  const layers = await readLayers(reader, batchIds, known);
  const prices = await readPrices(reader, [...new Set(batches.map((row) => row.productId))]);
  await readSegmentEvents(reader, layers);
  const lots = await readBindings(reader, layers);
  await readHoney(reader, layers);
  return new Map(
    batches.map((row) => {
      const productPrices = prices.get(row.productId);
      if (productPrices === undefined) throw new Defect(`product ${row.productId} has no price`);
      const record: BatchRecord = {
        epoch: row.epoch,
        batch: {
          id: row.id,
          name: row.name,
          quantity: row.quantity,
          status: textOf(row.status) as BatchStatus,
          frozen: row.frozen === 1,
          frozenCause: causeOf(row.frozenCause),
          expiresAt: row.expiresAt,
        },
        product: productOf(row),
        prices: productPrices,
        layers: layers.get(row.id) ?? new Map(),
        lots,
      };
      return [row.id, record];
    }),
  );
}

function productOf(row: BatchRow): KnownProduct {
  return {
    id: row.productId,
    sku: textOf(row.sku),
    gtin: row.gtin === null ? null : textOf(row.gtin),
    name: row.productName,
    line: textOf(row.line),
    spec: row.spec,
    unitsPerCase: row.unitsPerCase,
    imageUrl: row.imageUrl,
  };
}

type Layers = Map<number, Map<number, LayerRecord>>;

async function readLayers(
  reader: Reader,
  batchIds: readonly number[],
  known: ReadonlyMap<number, BatchRecord>,
): Promise<Layers> {
  const layers: Layers = new Map(batchIds.map((id) => [id, new Map(known.get(id)?.layers)]));
  const fresh = batchIds.filter((id) => !known.has(id));
  if (fresh.length === 0) return layers;
  const rows = await reader.query<{ batch: number; layer: number; name: string; purpose: Buffer }>(
    `SELECT batch_id AS batch, layer, name, purpose FROM code_batch_layers WHERE batch_id IN (${placeholders(fresh)})
      ORDER BY batch_id, layer`,
    fresh,
  );
  for (const { batch, layer, name, purpose } of rows) {
    layers.get(batch)!.set(layer, {
      layer,
      name,
      purpose: textOf(purpose) as LayerPurpose,
      timeline: new SegmentTimeline(),
      lots: new Ranges(),
      lastBindingId: 0,
      honey: new Ranges(),
      lastHoneyId: 0,
    });
  }
  return layers;
}

async function readPrices(reader: Reader, productIds: readonly number[]): Promise<Map<number, BatchRecord['prices']>> {
  if (productIds.length === 0) return new Map();
  const rows = await reader.query<{ product: number; from: Date; fen: string }>(
    `SELECT product_id AS product, from_at AS \`from\`, price_fen AS fen FROM product_prices
      WHERE product_id IN (${placeholders(productIds)}) ORDER BY product_id, from_at`,
    productIds,
  );
  const prices = new Map<number, BatchRecord['prices'][number][]>();
  for (const { product, from, fen } of rows) {
    const price = { from, fen: fenFromColumn(fen) };
    const list = prices.get(product);
    if (list) list.push(price);
    else prices.set(product, [price]);
  }
  return prices;
}

/** `(batch_id = ? AND id > ?) OR …`: what came since, batch by batch. */
function since(layers: Layers, lastOf: (layer: LayerRecord) => number): { where: string; params: number[] } {
  const params: number[] = [];
  for (const [batch, records] of layers) params.push(batch, Math.max(0, ...[...records.values()].map(lastOf)));
  return { where: [...layers].map(() => '(batch_id = ? AND id > ?)').join(' OR '), params };
}

interface EventRow {
  id: number;
  batch: number;
  layer: number;
  from: number;
  to: number;
  state: Buffer;
  cause: Buffer | null;
  effectiveAt: Date;
}

const EVENTS = `SELECT id, batch_id AS batch, layer, serial_from AS \`from\`, serial_to AS \`to\`, state, cause,
    effective_at AS effectiveAt FROM code_segment_events`;

/** Everything that was ever said of the codes of one layer. */
export async function readLayerEvents(
  reader: Pick<Reader, 'query'>,
  batchId: number,
  layer: number,
): Promise<SegmentEvent[]> {
  const rows = await reader.query<EventRow>(`${EVENTS} WHERE batch_id = ? AND layer = ? ORDER BY id`, [batchId, layer]);
  return rows.map(({ id, from, to, state, cause, effectiveAt }) => {
    return { id, from, to, state: textOf(state) as SegmentState, cause: causeOf(cause), effectiveAt };
  });
}

async function readSegmentEvents(reader: Reader, layers: Layers): Promise<void> {
  const { where, params } = since(layers, (layer) => layer.timeline.lastEventId);
  const rows = await reader.query<EventRow>(`${EVENTS} WHERE ${where} ORDER BY batch_id, id`, params);
  const byLayer = new Map<SegmentTimeline, SegmentEvent[]>();
  for (const { batch, layer, state, cause, ...event } of rows) {
    const timeline = layers.get(batch)?.get(layer)?.timeline;
    if (timeline === undefined) continue;
    const told: SegmentEvent = { ...event, state: textOf(state) as SegmentState, cause: causeOf(cause) };
    const events = byLayer.get(timeline);
    if (events) events.push(told);
    else byLayer.set(timeline, [told]);
  }
  for (const [timeline, events] of byLayer) timeline.append(events);
}

async function readBindings(reader: Reader, layers: Layers): Promise<Map<number, KnownLot>> {
  const { where, params } = since(layers, (layer) => layer.lastBindingId);
  const rows = await reader.query<{ id: number; lot: number; batch: number; layer: number; from: number; to: number }>(
    `SELECT id, lot_id AS lot, batch_id AS batch, layer, serial_from AS \`from\`, serial_to AS \`to\`
       FROM lot_bindings WHERE ${where} ORDER BY batch_id, id`,
    params,
  );
  for (const { id, lot, batch, layer, from, to } of rows) {
    const record = layers.get(batch)?.get(layer);
    if (record === undefined || id <= record.lastBindingId) continue;
    record.lots.paint(from, to, lot);
    record.lastBindingId = id;
  }
  const lotIds = [...layers.values()].flatMap((records) =>
    [...records.values()].flatMap((record) => record.lots.list().map((range) => range.value)),
  );
  return readLots(reader, [...new Set(lotIds)]);
}

async function readHoney(reader: Reader, layers: Layers): Promise<void> {
  const { where, params } = since(layers, (layer) => layer.lastHoneyId);
  const rows = await reader.query<{ id: number; batch: number; layer: number; from: number; to: number }>(
    `SELECT id, batch_id AS batch, layer, honey_from AS \`from\`, honey_to AS \`to\` FROM code_packs
      WHERE (${where}) AND honey_from IS NOT NULL ORDER BY batch_id, id`,
    params,
  );
  for (const { id, batch, layer, from, to } of rows) {
    const record = layers.get(batch)?.get(layer);
    if (record === undefined || id <= record.lastHoneyId) continue;
    record.honey.paint(from, to, id);
    record.lastHoneyId = id;
  }
}

async function readLots(reader: Reader, lotIds: readonly number[]): Promise<Map<number, KnownLot>> {
  if (lotIds.length === 0) return new Map();
  const rows = await reader.query<{
    id: number;
    lotNo: Buffer;
    plant: string;
    line: string;
    producedOn: Buffer;
    expiresOn: Buffer | null;
    stagesId: number | null;
    stages: string | null;
  }>(
    `SELECT l.id, l.lot_no AS lotNo, l.plant, l.line, CAST(l.produced_on AS BINARY) AS producedOn,
            CAST(l.expires_on AS BINARY) AS expiresOn, l.stages_id AS stagesId, g.stages
       FROM production_lots l ${STAGES_JOIN} WHERE l.id IN (${placeholders(lotIds)})`,
    lotIds,
  );
  return new Map(
    rows.map((row) => {
      const expiresOn = row.expiresOn === null ? null : textOf(row.expiresOn);
      const lot = { id: row.id, lotNo: textOf(row.lotNo), plant: row.plant, line: row.line };
      return [row.id, { ...lot, producedOn: textOf(row.producedOn), expiresOn, ...toldStages(row) }];
    }),
  );
}
