import type { CodeTriple, Fen } from '@app/kernel';
import type { BatchStatus } from '../batches/batch-status';
import type { LayerPurpose } from '../batches/layer-purpose';
import type { ToldStages } from '../batches/lot-stages';
import type { StopCause } from '../batches/stop-cause';
import type { Ranges } from './ranges';
import type { Segment, SegmentState, SegmentTimeline } from './segment-timeline';

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

export interface KnownLot extends ToldStages {
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
  readonly frozenCause: StopCause | null;
  readonly expiresAt: Date | null;
}

/**
 * Of a code at an instant. `expired`: the batch's time to redeem is over, or the batch was closed. `recalled`: the segment or the batch was
 * stopped because nobody should drink what is in the bottle.
 */
export type CodeState = SegmentState | 'expired' | 'recalled';

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
      /** The pack that this honey code stands in; null for every code that is printed. It answers as an inactive code does. */
      readonly honeyOf: number | null;
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
  /** Packs by their honey codes, all past the end of the batch. */
  readonly honey: Ranges<number>;
  lastHoneyId: number;
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

/**
 * Pure: what a code is at an instant, by the record of its batch. A serial or layer that was never issued is as unknown as a forgery; a
 * honey code is what any code of the batch is that no segment names.
 */
export function resolveCode(record: BatchRecord | undefined, code: CodeTriple, at: Date): ResolvedCode {
  if (record === undefined || record.batch.status === 'drafted') return UNKNOWN;
  const layer = record.layers.get(code.layer);
  if (layer === undefined) return UNKNOWN;
  const printed = code.serial < record.batch.quantity;
  const honeyOf = printed ? null : layer.honey.at(code.serial);
  if (!printed && honeyOf === null) return UNKNOWN;
  const segment = layer.timeline.at(code.serial, at);
  const state = stateOf(record.batch, segment, at);
  const lotId = layer.lots.at(code.serial);
  return {
    kind: 'known',
    batch: record.batch,
    layer: { layer: layer.layer, name: layer.name, purpose: layer.purpose },
    product: record.product,
    state,
    pays: state === 'active' && layer.purpose === 'prize',
    honeyOf,
    lot: lotId === null ? null : (record.lots.get(lotId) ?? null),
    segmentId: segment?.id ?? null,
    epoch: record.epoch,
    priceFen: priceAt(record.prices, at),
  };
}

/**
 * A recall, of the batch or of the segment, outranks everything: it is about the drinker and not about the code. Then a frozen batch
 * outranks its segments, and a void or frozen segment the batch's end.
 */
function stateOf(batch: KnownBatch, segment: Segment | null, at: Date): CodeState {
  if (batch.frozenCause === 'recall' || segment?.cause === 'recall') return 'recalled';
  if (batch.frozen) return 'frozen';
  const state = segment?.state ?? 'inactive';
  if (state === 'void' || state === 'frozen') return state;
  if (batch.status === 'closed' || (batch.expiresAt !== null && at >= batch.expiresAt)) return 'expired';
  return state;
}

/** The latest price that was in force; before the first one, the first. */
function priceAt(prices: BatchRecord['prices'], at: Date): Fen {
  return (prices.findLast(({ from }) => from <= at) ?? prices[0]!).fen;
}
