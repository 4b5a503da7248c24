import { Injectable } from '@nestjs/common';
import type { Act } from '@app/codes';
import { DemoCodes, DemoLots, type WantedProduct } from './demo-codes';
import { DemoMoney, type WantedBudget } from './demo-money';
import { DemoPublisher, type TwoPeople } from './demo-publisher';
import { dealtCampaign, DEALT_QUANTITY, experimentCampaign } from './special-campaigns';

const JASMINE: WantedProduct = {
  ...{ sku: 'QH-JASMINE-500', name: '青禾 茉莉气泡茶', line: 'jasmine', gtin: '6901234000054', priceFen: 550 },
  ...{ spec: '500 ml', unitsPerCase: 15 },
};
const PEAR: WantedProduct = {
  ...{ sku: 'QH-PEAR-330', name: '青禾 雪梨气泡茶', line: 'pear', gtin: '6901234000061', priceFen: 450 },
  ...{ spec: '330 ml', unitsPerCase: 24 },
};
const JASMINE_QUANTITY = 100_000;
const JASMINE_MONEY: WantedBudget = {
  ...{ name: '2026 茉莉气泡茶上市', fen: 13_000_000 },
  ...{ applicationNo: 'FY2026-J-007', account: '促销费用-新品上市' },
};
const PEAR_MONEY: WantedBudget = {
  ...{ name: '2026 雪梨气泡茶试销', fen: 1_200_000 },
  ...{ applicationNo: 'FY2026-P-011', account: '促销费用-新品试销' },
};

/** Their ids. */
export interface DemoSpecialBudgets {
  readonly experiment: number;
  readonly dealt: number;
}

/** A product with a batch and a campaign of its own, which no other part of the story touches. */
export interface DemoSpecial {
  readonly productId: number;
  readonly batchId: number;
  readonly campaignId: number;
  readonly quantity: number;
}

export interface DemoSpecialPair {
  /** Half of the members get more (对照实验). */
  readonly experiment: DemoSpecial;
  /** Every prize laid out beforehand (奖项预埋). */
  readonly dealt: DemoSpecial;
}

/** Two small launches beside the summer campaign. Every step finds what an earlier run made. */
@Injectable()
export class DemoSpecials {
  constructor(
    private readonly codes: DemoCodes,
    private readonly lots: DemoLots,
    private readonly money: DemoMoney,
    private readonly campaigns: DemoPublisher,
  ) {}

  /** Their money. Before the budgets of the brand: a new campaign is offered the newest one, which should not be a small one. */
  async budgets(people: TwoPeople): Promise<DemoSpecialBudgets> {
    return {
      experiment: await this.money.budget(JASMINE_MONEY, people),
      dealt: await this.money.budget(PEAR_MONEY, people),
    };
  }

  async run(people: TwoPeople, act: Act, budgets: DemoSpecialBudgets): Promise<DemoSpecialPair> {
    return {
      experiment: await this.experiment(people, act, budgets.experiment),
      dealt: await this.dealt(people, act, budgets.dealt),
    };
  }

  private async experiment(people: TwoPeople, act: Act, budgetId: number): Promise<DemoSpecial> {
    const quantity = JASMINE_QUANTITY;
    const { productId, batchId } = await this.goods(JASMINE, '茉莉气泡茶 上市批', quantity, act);
    const campaignId = await this.campaigns.run(experimentCampaign(budgetId, productId), people);
    return { productId, batchId, campaignId, quantity };
  }

  private async dealt(people: TwoPeople, act: Act, budgetId: number): Promise<DemoSpecial> {
    const quantity = DEALT_QUANTITY;
    const { productId, batchId } = await this.goods(PEAR, '雪梨气泡茶 试销千箱', quantity, act);
    const campaignId = await this.campaigns.run(dealtCampaign(budgetId, productId, batchId), people);
    return { productId, batchId, campaignId, quantity };
  }

  private async goods(
    wanted: WantedProduct,
    name: string,
    quantity: number,
    act: Act,
  ): Promise<{ productId: number; batchId: number }> {
    const productId = await this.codes.product(wanted, act);
    const batchId = await this.codes.batch({ productId, name, onSale: true, quantity }, act);
    await this.lots.run({ productId, batchId, sku: wanted.sku, quantity }, act);
    return { productId, batchId };
  }
}
