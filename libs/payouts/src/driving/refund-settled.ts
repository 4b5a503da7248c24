import { Inject, Injectable } from '@nestjs/common';
import { databaseNow, type Tx } from '@app/database';
import { memberId } from '@app/kernel';
import { MemberMoney } from '@app/members';
import { LOGGER, type Logger } from '@app/observability';
import { Settlements } from '../ledger/settlements';
import type { Payout } from '../payout';
import { PayoutsRepository } from './payouts.repository';

/**
 * SETTLED → REFUNDED: a red packet that our books hold paid, and of which WeChat itself says that the money came back. Only an answer to a
 * query proves that; the prize is 待领取 again, its fen reserved.
 */
@Injectable()
export class RefundSettled {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly payouts: PayoutsRepository,
    private readonly members: MemberMoney,
    private readonly settlements: Settlements,
  ) {}

  /** `payout` must be locked. The budget rows come last. */
  async run(tx: Tx, payout: Payout): Promise<void> {
    const { payoutKey, offerNo, amountFen, memberId: member } = payout;
    const change = { failReason: 'REFUND', nextInMs: null, leaseMs: null };
    await this.payouts.writeAll(tx, [{ payout, to: 'REFUNDED', reason: 'REFUND', change }]);
    const at = await databaseNow(tx);
    await this.members.recordMoneyReturned(tx, { memberId: memberId(member), payoutKey, offerNo, amountFen, at });
    await this.settlements.refund(tx, [payout]);
    this.logger.info({ payoutKey, offerNo }, 'payout.refunded');
  }
}
