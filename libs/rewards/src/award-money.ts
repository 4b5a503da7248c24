import { Injectable } from '@nestjs/common';
import type { Tx } from '@app/database';
import { Defect, Rejected } from '@app/kernel';
import { RefreshPayout, RequestPayout, type ChannelName, type PayoutRequested } from '@app/payouts';
import { payoutKeyOf, type AwardRow } from './award';
import { GATHERS_BELOW_FEN } from './pools/pooling';
import { Pools } from './pools/pools.repository';
import { PlanReminders } from './reminders/plan-reminders';

/** Asks for the money of single awards. */
@Injectable()
export class AwardMoney {
  constructor(
    private readonly pools: Pools,
    private readonly requestPayout: RequestPayout,
    private readonly refreshPayout: RefreshPayout,
    private readonly reminders: PlanReminders,
  ) {}

  /** The first offer, or the next one after a proven failure; `channel` is the deployment's own when absent. Rejected `pool_changed` (409) when the award is in a pool by now. */
  async request(tx: Tx, award: AwardRow, channel?: ChannelName): Promise<PayoutRequested> {
    const { member: memberId, budgetId, amountFen, campaignId, versionId } = award;
    if (budgetId === null) throw new Defect('money was won without a budget');
    const payoutKey = payoutKeyOf(award);
    const request = { payoutKey, memberId, campaignId, versionId, budgetId, amountFen };
    const asked = await this.requestPayout.run(tx, { ...request, ...(channel && { channel }) });
    await this.assertAlone(tx, award);
    if (asked.kind === 'requested') await this.reminders.asked(tx, { payoutKey, memberId });
    return asked;
  }

  /** Somebody is looking: ask WeChat now about the payout that pays this award. */
  async refresh(tx: Tx, award: AwardRow): Promise<void> {
    const pools = await this.pools.holding(tx, [award]);
    const payoutKey = payoutKeyOf(award);
    await this.refreshPayout.run(tx, pools.get(payoutKey) ?? payoutKey);
  }

  /** Asked first, looked at then, and locked: whoever closes a pool with this award does the same the other way round. */
  private async assertAlone(tx: Tx, award: AwardRow): Promise<void> {
    if (award.amountFen >= GATHERS_BELOW_FEN) return;
    const pools = await this.pools.lockHolding(tx, [award]);
    if (pools.size > 0) throw new Rejected('pool_changed', '累计的奖励有变化，请刷新后再看', 409);
  }
}
