import { Inject, Injectable } from '@nestjs/common';
import { databaseNow, type Tx } from '@app/database';
import { memberId } from '@app/kernel';
import { MemberMoney } from '@app/members';
import { LOGGER, type Logger } from '@app/observability';
import { Settlements } from '../ledger/settlements';
import type { Payout } from '../payout';
import { PayoutsRepository } from './payouts.repository';

/**
 * SETTLED → REFUNDED: money that our books hold paid did not stay there. An answer to a query proves it of a red packet; of anything else
 * two people say it. The prize is 待领取 again, its fen reserved.
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
  async run(tx: Tx, payout: Payout, by: 'wechat' | 'people' = 'wechat'): Promise<void> {
    const { payoutKey, offerNo, amountFen, memberId: member, attemptNo } = payout;
    const [failReason, reason] = by === 'wechat' ? ['REFUND', 'REFUND'] : ['MANUAL', 'manual'];
    const change = { failReason, nextInMs: null, leaseMs: null, attemptNo: attemptNo + 1 };
    await this.payouts.writeAll(tx, [{ payout, to: 'REFUNDED', reason, change }]);
    const at = await databaseNow(tx);
    const turn = Math.max(0, (await this.settlements.nextTurn(tx, payout)) - 1);
    await this.members.recordMoneyReturned(tx, { memberId: memberId(member), payoutKey, offerNo, turn, amountFen, at });
    await this.settlements.refund(tx, [{ ...payout, turn }]);
    this.logger.info({ payoutKey, offerNo }, 'payout.refunded');
  }
}
