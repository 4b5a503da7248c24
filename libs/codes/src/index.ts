import { CodeBatchEntity, CodeBatchLayerEntity } from './batches/code-batch.entity';
import { ProductEntity, ProductPriceEntity } from './batches/product.entity';
import { ProductionLotEntity } from './batches/production-lot.entity';

/** For DatabaseModule.forRoot. */
export const codesEntities = [
  ProductEntity,
  ProductPriceEntity,
  CodeBatchEntity,
  CodeBatchLayerEntity,
  ProductionLotEntity,
];

export { CodesModule } from './codes.module';
export type { Act } from './batches/act';
export { BatchList, type BatchDetail, type BatchItem, type Page } from './batches/batch-list';
export { BATCH_STATUSES, type BatchStatus } from './batches/batch-status';
export { BindLot, RecordLot, type NewLot } from './batches/bind-lot';
export {
  ActivateRange,
  DeactivateRange,
  FreezeRange,
  VoidRange,
  type RangeChange,
  type RangeChanged,
} from './batches/change-range';
export type { SerialRange } from './batches/serial-range';
export { ChangePrice, CreateProduct, type NewProduct } from './batches/create-product';
export { DraftBatch, IssueBatch, type NewBatch } from './batches/draft-batch';
export { CloseBatch, FreezeBatch, UnfreezeBatch } from './batches/freeze-batch';
export { RecallLot } from './batches/recall-lot';
export { EndRecall, type RecallEnded } from './batches/end-recall';
export {
  MOST_STAGES,
  readStagesText,
  SetLotStages,
  STAGE_LENGTHS,
  type LotStage,
  type ToldStages,
} from './batches/lot-stages';
export { STOP_CAUSES, type StopCause } from './batches/stop-cause';
export { LAYER_PURPOSES, type LayerPurpose } from './batches/layer-purpose';
export { EditProduct, type ProductChange } from './batches/edit-product';
export { ProductList, type ProductDetail, type ProductItem } from './batches/product-list';
export { SegmentHistory, type SegmentEvent } from './batches/segment-history';
export type { BatchEpoch } from './catalog/catalog.repository';
export { CodeCatalog } from './catalog/code-catalog';
export type { CodeState, KnownBatch, KnownLot, KnownProduct, ResolvedCode } from './catalog/known-code';
export type { SegmentState } from './catalog/segment-timeline';
export {
  digitalLink,
  LOT_PATTERN,
  parseCarrier,
  parseCarrierPath,
  printedOrigin,
  shortUrl,
  type Carrier,
} from './printing/carrier';
export { CodePacks, MOST_PACK_DOWNLOADS, type PackRoll } from './packs/code-packs';
export { HoneyCodes, type HoneyFile } from './packs/honey-codes';
export { MOST_HONEY, MOST_ROLL_NO } from './packs/pack-files';
export { PackLeaks, type HoneyScan, type LeakScan, type PackLeak } from './packs/pack-leaks';
export type { AskedPack } from './packs/pack-order';
export { PACK_FORMS, PACK_STATES, type CodePack, type PackForm, type PackState } from './packs/code-packs.repository';
export { CodeSeals } from './printing/code-seals';
export type { CodeRange } from './printing/code-range';
export { ExportCodes, MOST_PROOFS } from './printing/export-codes';
export { gtinCheckDigit, parseGtin } from './printing/gtin';
export {
  carrierSize,
  encodeQr,
  qrSvg,
  textQrSvg,
  type CarrierPlan,
  type CarrierSize,
  type ErrorLevel,
} from './printing/qr';
export { qrSheetHtml, type QrSheet, type SheetLabel } from './printing/qr-sheet';
export { CodeBook, type CodeKeys, type DecodedCode } from './text/code-book';
export { CODE_LENGTH, formatCode, MAX_BATCH, MAX_LAYER, MAX_SERIAL, parseCode } from './text/code-text';
export { Ff1 } from './text/ff1';
