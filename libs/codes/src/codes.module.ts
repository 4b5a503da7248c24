import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { StaffModule } from '@app/staff';
import { BatchList } from './batches/batch-list';
import { BindLot, RecordLot } from './batches/bind-lot';
import { ActivateRange, DeactivateRange, FreezeRange, VoidRange } from './batches/change-range';
import { ChangePrice, CreateProduct } from './batches/create-product';
import { DraftBatch, IssueBatch } from './batches/draft-batch';
import { CloseBatch, FreezeBatch, UnfreezeBatch } from './batches/freeze-batch';
import { EditProduct } from './batches/edit-product';
import { EndRecall } from './batches/end-recall';
import { ProductList } from './batches/product-list';
import { SetLotStages } from './batches/lot-stages';
import { RecallLot } from './batches/recall-lot';
import { SegmentHistory } from './batches/segment-history';
import { CodeCatalog } from './catalog/code-catalog';
import { CodePacks } from './packs/code-packs';
import { CodePacksRepository } from './packs/code-packs.repository';
import { HoneyCodes } from './packs/honey-codes';
import { PackLeaks } from './packs/pack-leaks';
import { CodeSeals } from './printing/code-seals';
import { ExportCodes } from './printing/export-codes';
import { CodeBook } from './text/code-book';

const PROVIDERS = [
  CreateProduct,
  ChangePrice,
  DraftBatch,
  IssueBatch,
  ActivateRange,
  DeactivateRange,
  FreezeRange,
  VoidRange,
  FreezeBatch,
  UnfreezeBatch,
  CloseBatch,
  RecordLot,
  BindLot,
  SetLotStages,
  RecallLot,
  EndRecall,
  BatchList,
  ProductList,
  EditProduct,
  SegmentHistory,
  CodePacks,
  HoneyCodes,
  PackLeaks,
  ExportCodes,
  CodeSeals,
  CodeCatalog,
];

/** Needs the global config, observability and database modules. */
@Module({
  imports: [StaffModule],
  providers: [
    { provide: CodeBook, inject: [CONFIG], useFactory: ({ keys }: Config) => new CodeBook(keys.codes) },
    CodePacksRepository,
    ...PROVIDERS,
  ],
  exports: [CodeBook, ...PROVIDERS],
})
export class CodesModule {}
