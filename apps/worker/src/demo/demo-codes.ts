import { Injectable } from '@nestjs/common';
import {
  ActivateRange,
  BatchList,
  BindLot,
  CreateProduct,
  DraftBatch,
  IssueBatch,
  ProductList,
  RecordLot,
  SetLotStages,
  type Act,
} from '@app/codes';
import { demoStages } from './demo-stages';

const LAYERS = [
  { layer: 0, name: '盖内码', purpose: 'prize' },
  { layer: 1, name: '瓶身码', purpose: 'verify' },
  { layer: 2, name: '箱外码', purpose: 'channel' },
] as const;

/** Two plants fill alternately, each so many of a hundred; the last stretch of each batch has no lot yet, as in real life. */
const LOTS = [
  { suffix: 'HF0603', plant: '合肥工厂', line: 'A1', producedOn: '2026-06-03', fromPercent: 0, toPercent: 32.5 },
  { suffix: 'FS0712', plant: '佛山工厂', line: 'B2', producedOn: '2026-07-12', fromPercent: 32.5, toPercent: 65 },
] as const;

export interface WantedProduct {
  readonly sku: string;
  readonly name: string;
  readonly line: string;
  readonly gtin: string;
  readonly priceFen: number;
  readonly spec: string;
  readonly unitsPerCase: number;
}

export interface WantedBatch {
  readonly productId: number;
  readonly name: string;
  readonly onSale: boolean;
  readonly quantity: number;
}

/** Products and printed codes of the demo brand. */
@Injectable()
export class DemoCodes {
  constructor(
    private readonly products: ProductList,
    private readonly batches: BatchList,
    private readonly createProduct: CreateProduct,
    private readonly draftBatch: DraftBatch,
    private readonly issueBatch: IssueBatch,
    private readonly activateRange: ActivateRange,
  ) {}

  async product(wanted: WantedProduct, act: Act): Promise<number> {
    const known = (await this.products.page({ limit: 100 })).items.find(({ sku }) => sku === wanted.sku);
    if (known) return known.id;
    return (await this.createProduct.run({ ...wanted, imageUrl: null }, act)).id;
  }

  async batch({ productId, name, onSale, quantity }: WantedBatch, act: Act): Promise<number> {
    const known = (await this.batches.page({ limit: 100, productId })).items.find((batch) => batch.name === name);
    const id = known?.id ?? (await this.draftBatch.run({ productId, name, quantity, layers: [...LAYERS] }, act)).id;
    if (!known || known.status === 'drafted') await this.issueBatch.run(id, act);
    if (!onSale || known?.status === 'active') return id;
    for (const { layer } of LAYERS) await this.activateRange.run({ batchId: id, layer, from: 0, to: quantity }, act);
    return id;
  }
}

/** What the codes were put on: lots with their way from the garden. */
@Injectable()
export class DemoLots {
  constructor(
    private readonly recordLot: RecordLot,
    private readonly bindLot: BindLot,
    private readonly setStages: SetLotStages,
    private readonly batches: BatchList,
  ) {}

  async run(
    { productId, batchId, sku, quantity }: { productId: number; batchId: number; sku: string; quantity: number },
    act: Act,
  ): Promise<void> {
    if ((await this.batches.detail(batchId)).lots.length > 0) return;
    const taste = sku.split('-')[1]!;
    for (const { suffix, fromPercent, toPercent, ...lot } of LOTS) {
      const expiresOn = lot.producedOn.replace('2026', '2027');
      const { id } = await this.recordLot.run({ ...lot, productId, lotNo: `${taste}-${suffix}`, expiresOn }, act);
      await this.setStages.run(id, demoStages(taste, lot.plant, lot.line, lot.producedOn), act);
      const [from, to] = [(quantity * fromPercent) / 100, (quantity * toPercent) / 100];
      for (const { layer } of LAYERS) await this.bindLot.run({ lotId: id, batchId, layer, from, to }, act);
    }
  }
}
