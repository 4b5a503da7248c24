import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { BatchList } from './batches/batch-list';
import { BindLot, RecordLot } from './batches/bind-lot';
import { ActivateRange, DeactivateRange, FreezeRange, VoidRange } from './batches/change-range';
import { ChangePrice, CreateProduct } from './batches/create-product';
import { DraftBatch, IssueBatch } from './batches/draft-batch';
import { CloseBatch, FreezeBatch, UnfreezeBatch } from './batches/freeze-batch';
import { ProductList } from './batches/product-list';
import { CodeCatalog } from './catalog/code-catalog';
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
  BatchList,
  ProductList,
  ExportCodes,
  CodeSeals,
  CodeCatalog,
];

/** Needs the global config, observability and database modules. */
@Module({
  providers: [
    { provide: CodeBook, inject: [CONFIG], useFactory: ({ keys }: Config) => new CodeBook(keys.codes) },
    ...PROVIDERS,
  ],
  exports: [CodeBook, ...PROVIDERS],
})
export class CodesModule {}
