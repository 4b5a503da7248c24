import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@app/database';
import { ApproveGrant, BudgetList, CreateBudget, RequestGrant } from '@app/payouts';
import type { TwoPeople } from './demo-publisher';

export interface WantedBudget {
  readonly name: string;
  readonly fen: number;
  readonly applicationNo: string;
  readonly account: string;
}

/** Budgets of the demo brand, each with one application that two people agreed to. */
@Injectable()
export class DemoMoney {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly budgets: BudgetList,
    private readonly createBudget: CreateBudget,
    private readonly requestGrant: RequestGrant,
    private readonly approveGrant: ApproveGrant,
  ) {}

  /** Its id; one that an earlier run made is left as it is. */
  async budget(wanted: WantedBudget, { author, approver }: TwoPeople): Promise<number> {
    const known = (await this.budgets.page({ limit: 100 })).items.find(({ name }) => name === wanted.name);
    if (known && known.grantedFen > 0) return known.id;
    return this.unitOfWork.run(async (tx) => {
      const budgetId = known?.id ?? (await this.createBudget.run(tx, { name: wanted.name }));
      const grantId = await this.requestGrant.run(tx, {
        ...{ budgetId, amountFen: wanted.fen, applicationNo: wanted.applicationNo },
        ...{ expenseAccount: wanted.account, costCenter: '品牌市场部', bearer: 'hq', requestedBy: author },
      });
      await this.approveGrant.run(tx, { grantId, approvedBy: approver });
      return budgetId;
    });
  }
}
