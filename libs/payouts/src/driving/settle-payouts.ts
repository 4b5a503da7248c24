import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '@app/database';
import { memberId } from '@app/kernel';
import { MemberMoney } from '@app/members';
import { LOGGER, type Logger } from '@app/observability';
import { Settlements } from '../ledger/settlements';
import type { Payout } from '../payout';
import type { Change } from './payout-change';
import { PayoutsRepository } from './payouts.repository';

/** A payout whose money is proven to have arrived, with what else the proof brought. */
export interface Proven {
  readonly payout: Payout;
  readonly reason: string;
  readonly change: Change;
}

/** SETTLED: the move, the word to members, the books. Comes last in a transaction, because everybody queues for the budget rows. */
@Injectable()
export class SettlePayouts {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly payouts: PayoutsRepository,
    private readonly members: MemberMoney,
    private readonly settlements: Settlements,
  ) {}

  /** `now` is the database's time. Throws Defect when one of them is not as it was read, or was booked before. */
  async run(tx: Tx, proven: readonly Proven[], now: Date): Promise<void> {
    if (proven.length === 0) return;
    await this.payouts.writeAll(
      tx,
      proven.map(({ payout, reason, change }) => ({
        ...{ payout, to: 'SETTLED', reason },
        change: { ...change, nextInMs: null, leaseMs: null, unknownSince: null, settledAt: 'now' },
      })),
    );
    const moved = proven.map(({ payout: { payoutKey, offerNo, amountFen, memberId: member } }) => {
      return { memberId: memberId(member), payoutKey, offerNo, amountFen, at: now };
    });
    await this.members.recordMoneyReceived(tx, ...moved);
    await this.settlements.settle(
      tx,
      proven.map(({ payout }) => payout),
    );
    for (const { payout, reason } of proven) {
      const { payoutKey, offerNo } = payout;
      this.logger.info({ payoutKey, offerNo, reason }, 'payout.settled');
    }
  }
}
