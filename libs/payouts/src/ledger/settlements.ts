import { Injectable } from '@nestjs/common';
import type { Tx } from '@app/database';
import { Defect } from '@app/kernel';
import type { Payout } from '../payout';
import { Budgets } from './budgets';

/** What the books must know of a payout whose money arrived. */
export type Settled = Pick<
  Payout,
  'payoutKey' | 'offerNo' | 'budgetId' | 'amountFen' | 'memberId' | 'campaignId' | 'channel' | 'mchId'
>;

/** Books what the driving of payouts proved. Call it as late in a transaction as you can: the budget rows are what everybody queues for. */
@Injectable()
export class Settlements {
  constructor(private readonly budgets: Budgets) {}

  /** Money arrived. Throws Defect for a payout that was settled before: its state should have kept it from coming here. */
  async settle(tx: Tx, payouts: readonly Settled[]): Promise<void> {
    for (const { payoutKey, offerNo, budgetId, amountFen } of payouts) {
      const journalKey = `settle:${payoutKey}:${offerNo}`;
      const first = await this.budgets.settle(tx, { budgetId, fen: amountFen, journalKey });
      if (!first) throw new Defect(`payout ${payoutKey} was settled before`);
    }
  }
}
