import { Injectable } from '@nestjs/common';
import type { Tx } from '@app/database';
import { Defect } from '@app/kernel';
import type { Payout } from '../payout';
import { Budgets } from './budgets';
import { GrantUses } from './grant-uses';
import { bookJournals, journal, movement, transfer, type Account, type Journal } from './journal';

/** What the books must know of a payout whose money arrived. */
export type Settled = Pick<
  Payout,
  'payoutKey' | 'offerNo' | 'budgetId' | 'amountFen' | 'memberId' | 'campaignId' | 'channel' | 'mchId'
> & {
  /** 0; of an offer that people settled after it had come back, how often it was settled before. */
  readonly turn?: number;
};

/**
 * Books what the driving of payouts proved, for up to some hundred payouts in seven statements whatever their number: journals, legs,
 * uses of grants, and the budgets' counters last. Call it as late in a transaction as you can: the budget rows are what everybody
 * queues for.
 */
@Injectable()
export class Settlements {
  constructor(
    private readonly budgets: Budgets,
    private readonly uses: GrantUses,
  ) {}

  /** The turn of a settlement that is to come: 0 unless this offer was settled before. */
  nextTurn(tx: Tx, payout: Pick<Settled, 'payoutKey' | 'offerNo'>): Promise<number> {
    return this.uses.turns(tx, payout);
  }

  /** Money arrived. Throws Defect for a payout that was settled before: its state should have kept it from coming here. */
  async settle(tx: Tx, payouts: readonly Settled[]): Promise<void> {
    await bookAll(tx, payouts.map(settled));
    await this.uses.charge(tx, payouts);
    await this.budgets.count(tx, 'settle', payouts);
  }

  /**
   * Money that had arrived is proven to have come back: the prize is reserved again, as before it was paid. Throws Defect when this
   * offer was never settled, or was refunded before.
   */
  async refund(tx: Tx, payouts: readonly Settled[]): Promise<void> {
    await bookAll(tx, payouts.map(refunded));
    await this.uses.giveBack(tx, payouts);
    await this.budgets.count(tx, 'refund', payouts);
  }
}

/** The clearing account of a channel of a merchant. */
export function clearing({ mchId, channel }: Pick<Settled, 'mchId' | 'channel'>): Account {
  return `channel:${mchId}:${channel}`;
}

/** What names one arrival of money: `payoutKey:offerNo`, from the second turn on with `:turn`. */
export function offerKey({ payoutKey, offerNo, turn = 0 }: Pick<Settled, 'payoutKey' | 'offerNo' | 'turn'>): string {
  return turn === 0 ? `${payoutKey}:${offerNo}` : `${payoutKey}:${offerNo}:${turn}`;
}

function settled(payout: Settled): Journal {
  const { budgetId, amountFen, memberId } = payout;
  return journal({
    key: `settle:${offerKey(payout)}`,
    kind: 'settle',
    legs: [
      ...movement(budgetId, 'reserved', 'settled', amountFen),
      ...transfer(clearing(payout), `member:${memberId}`, amountFen),
    ],
  });
}

function refunded(payout: Settled): Journal {
  const { budgetId, amountFen, memberId } = payout;
  return journal({
    key: `refund:${offerKey(payout)}`,
    kind: 'refund',
    legs: [
      ...movement(budgetId, 'settled', 'reserved', amountFen),
      ...transfer(`member:${memberId}`, clearing(payout), amountFen),
    ],
  });
}

async function bookAll(tx: Tx, entries: readonly Journal[]): Promise<void> {
  const fresh = await bookJournals(tx, entries);
  if (fresh.length === entries.length) return;
  const known = new Set(fresh.map(({ key }) => key));
  const before = entries.filter(({ key }) => !known.has(key)).map(({ key }) => key);
  throw new Defect(`booked before: ${before.slice(0, 5).join(', ')}`);
}
