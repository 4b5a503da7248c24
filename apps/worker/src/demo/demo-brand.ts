import { Injectable } from '@nestjs/common';
import { demoCampaigns } from './demo-campaign';
import { DemoCodes, DemoLots } from './demo-codes';
import { DemoMoney } from './demo-money';
import { DemoPublisher, type TwoPeople } from './demo-publisher';
import { DemoSpecials, type DemoSpecialPair } from './demo-specials';
import { tourCampaign } from './tour-campaign';

/** Codes in each layer of a demo batch. History opens the low serials, newcomers get the high ones. */
export const BATCH_QUANTITY = 400_000;
export const SUMMER = {
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
const PRINTED = new Date('2026-04-20T01:00:00Z');
/** People, shops, money and campaigns: the morning on which the summer begins. */
export const BEGAN = new Date('2026-05-01T01:00:00Z');

const BOTTLE = { spec: '500 ml', unitsPerCase: 15 };
const TEAS = [
  { sku: 'QH-LIME-500', name: '青禾 青柠气泡茶', line: 'lime', gtin: '6901234000016', priceFen: 550 },
  { sku: 'QH-PEACH-500', name: '青禾 白桃气泡茶', line: 'peach', gtin: '6901234000023', priceFen: 550 },
  { sku: 'QH-OOLONG-500', name: '青禾 乌龙气泡茶', line: 'oolong', gtin: '6901234000030', priceFen: 600 },
  // The limited edition that the guided tour opens; it has a campaign of its own.
  { sku: 'QH-OSMANTHUS-500', name: '青禾 桂花乌龙气泡茶', line: 'oolong', gtin: '6901234000047', priceFen: 650 },
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
  readonly specials: DemoSpecialPair;
  readonly budgetId: number;
}

/** Products, codes, lots, money and the campaigns of the demo brand. Every step finds what an earlier run made. */
@Injectable()
export class DemoBrandBuilder {
  constructor(
    private readonly codes: DemoCodes,
    private readonly lots: DemoLots,
    private readonly money: DemoMoney,
    private readonly campaigns: DemoPublisher,
    private readonly specials: DemoSpecials,
  ) {}

  async run(people: TwoPeople): Promise<DemoBrand> {
    const act = { by: people.author, at: PRINTED };
    const quantity = BATCH_QUANTITY;
    const small = await this.specials.budgets(people);
    const teas: DemoTea[] = [];
    for (const tea of TEAS) {
      const productId = await this.codes.product({ ...tea, ...BOTTLE }, act);
      const name = `${tea.name.slice(3)} 夏季第一批`;
      const batchId = await this.codes.batch({ productId, name, onSale: true, quantity }, act);
      await this.lots.run({ productId, batchId, sku: tea.sku, quantity }, act);
      teas.push({ productId, name: tea.name, batchId });
    }
    const forgotten = { productId: teas[1]!.productId, name: '白桃气泡茶 秋季补货', onSale: false, quantity };
    const forgottenBatchId = await this.codes.batch(forgotten, act);
    const budgetId = await this.money.budget(SUMMER, people);
    const limited = teas.at(-1)!;
    const products = teas.slice(0, -1).map(({ productId }) => productId);
    const campaignIds: number[] = [];
    const contents = demoCampaigns(budgetId, products, await this.campaigns.hero(people));
    for (const content of contents) campaignIds.push(await this.campaigns.run(content, people));
    const tourContent = tourCampaign(await this.money.budget(LIMITED, people), limited.productId);
    const tour = { batchId: limited.batchId, campaignId: await this.campaigns.run(tourContent, people) };
    const specials = await this.specials.run(people, act, small);
    return { teas, forgottenBatchId, campaignIds, tour, specials, budgetId };
  }
}
