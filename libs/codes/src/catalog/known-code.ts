import type { CodeTriple, Fen } from '@app/kernel';
import type { BatchStatus } from '../batches/batch-status';
import type { LayerPurpose } from '../batches/layer-purpose';
import type { Ranges } from './ranges';
import type { SegmentState, SegmentTimeline } from './segment-timeline';

export interface KnownProduct {
  readonly id: number;
  readonly sku: string;
  readonly gtin: string | null;
  readonly name: string;
  readonly line: string;
  readonly spec: string;
  readonly unitsPerCase: number;
  readonly imageUrl: string | null;
}

export interface KnownLot {
  readonly id: number;
  readonly lotNo: string;
  readonly plant: string;
  readonly line: string;
  /** Shanghai days, `YYYY-MM-DD`. */
  readonly producedOn: string;
  readonly expiresOn: string | null;
}

export interface KnownBatch {
  readonly id: number;
  readonly name: string;
  readonly quantity: number;
  readonly status: BatchStatus;
  readonly frozen: boolean;
  readonly expiresAt: Date | null;
}

/** Of a code at an instant. `expired`: the batch's time to redeem is over, or the batch was closed. */
export type CodeState = SegmentState | 'expired';

export type ResolvedCode =
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'known';
      readonly batch: KnownBatch;
      readonly layer: { readonly layer: number; readonly name: string; readonly purpose: LayerPurpose };
      readonly product: KnownProduct;
      readonly state: CodeState;
      /** Only active codes of prize layers pay. */
      readonly pays: boolean;
      readonly lot: KnownLot | null;
      /** The segment event that decided; null when none names the code. */
      readonly segmentId: number | null;
      readonly epoch: number;
      /** Suggested retail price at the instant. */
      readonly priceFen: Fen;
    };

export interface LayerRecord {
  readonly layer: number;
  readonly name: string;
  readonly purpose: LayerPurpose;
  readonly timeline: SegmentTimeline;
  readonly lots: Ranges<number>;
  lastBindingId: number;
}

/** Everything about a batch that a scan can notice, as of an epoch. */
export interface BatchRecord {
  readonly epoch: number;
  readonly batch: KnownBatch;
  readonly product: KnownProduct;
  /** Ascending by `from`. */
  readonly prices: readonly { readonly from: Date; readonly fen: Fen }[];
  readonly layers: ReadonlyMap<number, LayerRecord>;
  readonly lots: ReadonlyMap<number, KnownLot>;
}

const UNKNOWN: ResolvedCode = { kind: 'unknown' };

/** Pure: what a code is at an instant, by the record of its batch. A serial or layer that was never issued is as unknown as a forgery. */
export function resolveCode(record: BatchRecord | undefined, code: CodeTriple, at: Date): ResolvedCode {
  if (record === undefined || record.batch.status === 'drafted' || code.serial >= record.batch.quantity) return UNKNOWN;
  const layer = record.layers.get(code.layer);
  if (layer === undefined) return UNKNOWN;
  const segment = layer.timeline.at(code.serial, at);
  const state = stateOf(record.batch, segment?.state ?? 'inactive', at);
  const lotId = layer.lots.at(code.serial);
  return {
    kind: 'known',
    batch: record.batch,
    layer: { layer: layer.layer, name: layer.name, purpose: layer.purpose },
    product: record.product,
    state,
    pays: state === 'active' && layer.purpose === 'prize',
    lot: lotId === null ? null : (record.lots.get(lotId) ?? null),
    segmentId: segment?.id ?? null,
    epoch: record.epoch,
    priceFen: priceAt(record.prices, at),
  };
}

/** A frozen batch outranks its segments; a void or frozen segment outranks the batch's end. */
function stateOf(batch: KnownBatch, segment: SegmentState, at: Date): CodeState {
  if (batch.frozen) return 'frozen';
  if (segment === 'void' || segment === 'frozen') return segment;
  if (batch.status === 'closed' || (batch.expiresAt !== null && at >= batch.expiresAt)) return 'expired';
  return segment;
}

/** The latest price that was in force; before the first one, the first. */
function priceAt(prices: BatchRecord['prices'], at: Date): Fen {
  return (prices.findLast(({ from }) => from <= at) ?? prices[0]!).fen;
}
