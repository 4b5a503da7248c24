import { Injectable } from '@nestjs/common';
import { databaseNow, type Tx } from '@app/database';
import { memberId, Rejected } from '@app/kernel';
import { MemberMoney } from '@app/members';
import { PayoutsRepository } from '../driving/payouts.repository';
import { RefundSettled } from '../driving/refund-settled';
import { Releases } from '../ledger/releases';
import { Settlements } from '../ledger/settlements';
import type { Payout } from '../payout';
import { lastWordSinceDispute } from './disputes';

/** What two people decided about the money of a payout: state, member, books. The budget rows come last. */
@Injectable()
export class CarryOutDecision {
  constructor(
    private readonly payouts: PayoutsRepository,
    private readonly members: MemberMoney,
    private readonly releases: Releases,
    private readonly settlements: Settlements,
    private readonly refund: RefundSettled,
  ) {}

  /**
   * As when WeChat had said it. Of an offer that had failed or come back, too: prizes of it that were released meanwhile were never free.
   * Rejected `budget_short` (409) when their fen are gone.
   */
  async settle(tx: Tx, payout: Payout): Promise<'SETTLED'> {
    const { payoutKey, amountFen, offerNo } = payout;
    const change = {
      ...{
        attemptNo: payout.attemptNo + 1,
        nextInMs: null,
        leaseMs: null,
        unknownSince: null,
        settledAt: 'now' as const,
      },
      failReason: null,
    };
    await this.payouts.writeAll(tx, [{ payout, to: 'SETTLED', reason: 'manual', change, byPeople: true }]);
    const turn = await this.settlements.nextTurn(tx, payout);
    const at = await databaseNow(tx);
    const member = memberId(payout.memberId);
    await this.members.recordMoneyReceived(tx, { memberId: member, payoutKey, offerNo, turn, amountFen, at });
    await this.releases.undo(tx, payoutKey);
    await this.settlements.settle(tx, [{ ...payout, turn }]);
    return 'SETTLED';
  }

  /**
   * The fen stay reserved, or are again: the prize can be claimed, and only then does the next offer begin. Rejected `shows_success` (409)
   * when we hold an answer of success; of a payout that was settled, when WeChat said success since it was doubted.
   */
  async fail(tx: Tx, payout: Payout): Promise<'FAILED' | 'REFUNDED'> {
    if (payout.state === 'SETTLED') {
      if ((await lastWordSinceDispute(tx, payout)) === 'succeeded') throw showsSuccess();
      await this.refund.run(tx, payout, 'people');
      return 'REFUNDED';
    }
    if (await everSucceeded(tx, payout)) throw showsSuccess();
    await this.payouts.move(tx, payout, 'FAILED', 'manual', {
      ...{ attemptNo: payout.attemptNo + 1, nextInMs: null, leaseMs: null, unknownSince: null, failReason: 'MANUAL' },
    });
    return 'FAILED';
  }
}

async function everSucceeded(tx: Tx, { billNo }: Payout): Promise<boolean> {
  const rows = await tx.query(
    "SELECT attempt_no FROM payout_attempts WHERE bill_no = ? AND outcome = 'succeeded' LIMIT 1",
    [billNo],
  );
  return rows.length > 0;
}

function showsSuccess(): Rejected {
  return new Rejected('shows_success', '我们手里有一条微信说成功的答复，不能定为失败', 409);
}
