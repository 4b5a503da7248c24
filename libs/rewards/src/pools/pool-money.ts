import { Injectable } from '@nestjs/common';
import { UnitOfWork, type Tx } from '@app/database';
import { AskedFor, RefreshPayout, Releases, RequestPayout, type ChannelName } from '@app/payouts';
import { payoutKeyOf } from '../award';
import { PlanReminders } from '../reminders/plan-reminders';
import type { ClosedPool, OpenPool } from './pool';
import { Pools } from './pools.repository';

/** Asks for the money of pools. */
@Injectable()
export class PoolMoney {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly pools: Pools,
    private readonly askedFor: AskedFor,
    private readonly releases: Releases,
    private readonly requestPayout: RequestPayout,
    private readonly refreshPayout: RefreshPayout,
    private readonly reminders: PlanReminders,
  ) {}

  /**
   * Fixes the awards of a pool and asks for its money. Throws a duplicate key error or TakenMeanwhile, after which the transaction can
   * only be rolled back: somebody else took one of its awards first. Rejected `award_expired` when one of them was just released.
   */
  async close(tx: Tx, pool: OpenPool, channel?: ChannelName): Promise<void> {
    await this.pools.close(tx, pool);
    // Written first, looked at then, and locked: whoever asks for one of them by itself does the same the other way round.
    const keys = pool.awards.map(payoutKeyOf);
    const alone = await this.askedFor.among(tx, keys);
    if (alone.size > 0) throw new TakenMeanwhile();
    await this.releases.assertOpen(tx, keys);
    await this.request(tx, { ...pool, awards: pool.awards.length }, channel);
  }

  /** The first offer, or the next one after a proven failure; `channel` is the deployment's own when absent. */
  async request(tx: Tx, pool: Omit<ClosedPool, 'closedAt'>, channel?: ChannelName): Promise<void> {
    const { payoutKey, member: memberId, campaignId, versionId, budgetId, amountFen } = pool;
    const request = { payoutKey, memberId, campaignId, versionId, budgetId, amountFen };
    const asked = await this.requestPayout.run(tx, { ...request, ...(channel && { channel }) });
    if (asked.kind === 'requested') await this.reminders.asked(tx, { payoutKey, memberId });
  }

  async refresh(payoutKey: string): Promise<void> {
    await this.unitOfWork.run((tx) => this.refreshPayout.run(tx, payoutKey));
  }
}

/** An award was claimed in another way while a pool with it was being closed. */
export class TakenMeanwhile extends Error {
  constructor() {
    super('an award of the pool was taken meanwhile');
    this.name = 'TakenMeanwhile';
  }
}
