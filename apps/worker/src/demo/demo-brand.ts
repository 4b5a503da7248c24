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
} from '@app/codes';
import type { Act } from '@app/codes';
import { UnitOfWork } from '@app/database';
import { ApproveGrant, BudgetList, CreateBudget, RequestGrant } from '@app/payouts';
import { demoCampaigns } from './demo-campaign';
import { DemoPublisher, type TwoPeople } from './demo-publisher';
import { demoStages } from './demo-stages';
import { tourCampaign } from './tour-campaign';

/** Codes in each layer of a demo batch. History opens the low serials, newcomers get the high ones. */
export const BATCH_QUANTITY = 400_000;
const SUMMER = {
  name: '2026 夏季开盖有礼',
  fen: 50_000_000,
  applicationNo: 'FY2026-S-001',
  account: '促销费用-开盖有礼',
};
const LIMITED = {
  name: '2026 桂花乌龙上市',
  fen: 80_000_000,
  applicationNo: 'FY2026-G-003',
  account: '促销费用-新品上市',
};
/** Products and codes are older than the first bottle that anybody opened. */
const BEGAN = new Date('2026-04-20T01:00:00Z');

const TEAS = [
  { sku: 'QH-LIME-500', name: '青禾 青柠气泡茶', line: 'lime', gtin: '6901234000016', priceFen: 550 },
  { sku: 'QH-PEACH-500', name: '青禾 白桃气泡茶', line: 'peach', gtin: '6901234000023', priceFen: 550 },
  { sku: 'QH-OOLONG-500', name: '青禾 乌龙气泡茶', line: 'oolong', gtin: '6901234000030', priceFen: 600 },
  // The limited edition that the guided tour opens; it has a campaign of its own.
  { sku: 'QH-OSMANTHUS-500', name: '青禾 桂花乌龙气泡茶', line: 'oolong', gtin: '6901234000047', priceFen: 650 },
] as const;

const LAYERS = [
  { layer: 0, name: '盖内码', purpose: 'prize' },
  { layer: 1, name: '瓶身码', purpose: 'verify' },
  { layer: 2, name: '箱外码', purpose: 'channel' },
] as const;

/** Two plants fill alternately; the last stretch of each batch has no lot yet, as in real life. */
const LOTS = [
  { suffix: 'HF0603', plant: '合肥工厂', line: 'A1', producedOn: '2026-06-03', from: 0, to: 130_000 },
  { suffix: 'FS0712', plant: '佛山工厂', line: 'B2', producedOn: '2026-07-12', from: 130_000, to: 260_000 },
] as const;

export interface DemoTea {
  readonly productId: number;
  readonly name: string;
  readonly batchId: number;
}

export interface DemoBrand {
  readonly teas: readonly DemoTea[];
  /** Issued and printed, but nobody put it on sale. */
  readonly forgottenBatchId: number;
  readonly campaignIds: readonly number[];
  readonly tour: { readonly batchId: number; readonly campaignId: number };
}

/** Products, codes, lots, money and the campaign of the demo brand. Every step finds what an earlier run made. */
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

  async product(tea: (typeof TEAS)[number], act: Act): Promise<number> {
    const known = (await this.products.page({ limit: 100 })).items.find(({ sku }) => sku === tea.sku);
    if (known) return known.id;
    const made = await this.createProduct.run({ ...tea, spec: '500 ml', unitsPerCase: 15, imageUrl: null }, act);
    return made.id;
  }

  async batch(productId: number, name: string, onSale: boolean, act: Act): Promise<number> {
    const known = (await this.batches.page({ limit: 100, productId })).items.find((batch) => batch.name === name);
    const id =
      known?.id ??
      (await this.draftBatch.run({ productId, name, quantity: BATCH_QUANTITY, layers: [...LAYERS] }, act)).id;
    if (!known || known.status === 'drafted') await this.issueBatch.run(id, act);
    if (!onSale || known?.status === 'active') return id;
    for (const { layer } of LAYERS)
      await this.activateRange.run({ batchId: id, layer, from: 0, to: BATCH_QUANTITY }, act);
    return id;
  }
}

@Injectable()
export class DemoLots {
  constructor(
    private readonly recordLot: RecordLot,
    private readonly bindLot: BindLot,
    private readonly setStages: SetLotStages,
    private readonly batches: BatchList,
  ) {}

  async run(productId: number, batchId: number, sku: string, act: Act): Promise<void> {
    if ((await this.batches.detail(batchId)).lots.length > 0) return;
    const taste = sku.split('-')[1]!;
    for (const { suffix, from, to, ...lot } of LOTS) {
      const expiresOn = lot.producedOn.replace('2026', '2027');
      const { id } = await this.recordLot.run({ ...lot, productId, lotNo: `${taste}-${suffix}`, expiresOn }, act);
      await this.setStages.run(id, demoStages(taste, lot.plant, lot.line, lot.producedOn), act);
      for (const { layer } of LAYERS) await this.bindLot.run({ lotId: id, batchId, layer, from, to }, act);
    }
  }
}

@Injectable()
export class DemoMoney {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly budgets: BudgetList,
    private readonly createBudget: CreateBudget,
    private readonly requestGrant: RequestGrant,
    private readonly approveGrant: ApproveGrant,
  ) {}

  async budget(wanted: typeof SUMMER, { author, approver }: TwoPeople): Promise<number> {
    const known = (await this.budgets.page({ limit: 100 })).items.find(({ name }) => name === wanted.name);
    if (known && known.grantedFen > 0) return known.id;
    return this.unitOfWork.run(async (tx) => {
      const budgetId = known?.id ?? (await this.createBudget.run(tx, { name: wanted.name }));
      const grantId = await this.requestGrant.run(tx, {
        budgetId,
        amountFen: wanted.fen,
        applicationNo: wanted.applicationNo,
        expenseAccount: wanted.account,
        costCenter: '品牌市场部',
        bearer: 'hq',
        requestedBy: author,
      });
      await this.approveGrant.run(tx, { grantId, approvedBy: approver });
      if (wanted !== SUMMER) return budgetId;
      // One more application waits for its second person.
      await this.requestGrant.run(tx, {
        budgetId,
        amountFen: 8_000_000,
        applicationNo: 'FY2026-A-014',
        expenseAccount: '促销费用-秋季追加',
        costCenter: '品牌市场部',
        bearer: 'shared',
        requestedBy: author,
      });
      return budgetId;
    });
  }
}

@Injectable()
export class DemoBrandBuilder {
  constructor(
    private readonly codes: DemoCodes,
    private readonly lots: DemoLots,
    private readonly money: DemoMoney,
    private readonly campaigns: DemoPublisher,
  ) {}

  async run(people: TwoPeople): Promise<DemoBrand> {
    const act = { by: people.author, at: BEGAN };
    const teas: DemoTea[] = [];
    for (const tea of TEAS) {
      const productId = await this.codes.product(tea, act);
      const batchId = await this.codes.batch(productId, `${tea.name.slice(3)} 夏季第一批`, true, act);
      await this.lots.run(productId, batchId, tea.sku, act);
      teas.push({ productId, name: tea.name, batchId });
    }
    const forgottenBatchId = await this.codes.batch(teas[1]!.productId, '白桃气泡茶 秋季补货', false, act);
    const budgetId = await this.money.budget(SUMMER, people);
    const limited = teas.at(-1)!;
    const products = teas.slice(0, -1).map(({ productId }) => productId);
    const campaignIds: number[] = [];
    const contents = demoCampaigns(budgetId, products, await this.campaigns.hero(people));
    for (const content of contents) campaignIds.push(await this.campaigns.run(content, people));
    const tourContent = tourCampaign(await this.money.budget(LIMITED, people), limited.productId);
    const tour = { batchId: limited.batchId, campaignId: await this.campaigns.run(tourContent, people) };
    return { teas, forgottenBatchId, campaignIds, tour };
  }
}
