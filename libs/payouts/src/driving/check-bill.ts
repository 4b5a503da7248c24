import { Injectable } from '@nestjs/common';
import { UnitOfWork, type Tx } from '@app/database';
import { Incidents } from '../cases/incidents';
import type { Meaning } from '../channels/payout-channel';
import type { PayoutState } from '../payout-state';
import { AttemptsRepository } from './attempts.repository';
import { Bills, type Bill } from './bills';
import type { Exchange } from './exchange';
import type { Ended } from './judge-exchanges';
import { PayoutsRepository } from './payouts.repository';
import { RefundSettled } from './refund-settled';
import { Talk } from './talk';

/** What our books say of a bill: `over` is a proven failure, or a bill of an earlier offer. `open` claims nothing. */
export type Claim = 'paid' | 'over' | 'open';

/** What WeChat's answer says against our books; null when they agree, or when it is no answer. Pure. */
export function contradiction(claim: Claim, { kind }: Meaning): string | null {
  const [paid, dead] = [kind === 'succeeded', kind === 'failed' || kind === 'refunded' || kind === 'not_found'];
  const alive = kind === 'wait_user' || kind === 'in_flight';
  if (claim === 'paid' && (dead || alive)) return `our books hold it settled, WeChat says ${kind}`;
  if (claim === 'over' && (paid || alive)) return `our books hold it failed, WeChat says ${kind}`;
  return null;
}

/**
 * Asks WeChat about a bill whose payout is not to be driven by the answer: a result, people's matter, or not sent at the moment. The
 * answer is kept as evidence; what speaks against our books goes to people. One answer moves a payout: a red packet that we hold settled and
 * that WeChat returned.
 */
@Injectable()
export class CheckBill {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly payouts: PayoutsRepository,
    private readonly attempts: AttemptsRepository,
    private readonly bills: Bills,
    private readonly incidents: Incidents,
    private readonly talk: Talk,
    private readonly refund: RefundSettled,
  ) {}

  /** Returns what kind of answer came; null for a bill that does not exist. */
  async run(billNo: string): Promise<Meaning['kind'] | null> {
    const exchange = await this.unitOfWork.run((tx) => this.begin(tx, billNo));
    if (exchange === null) return null;
    const ended = await this.talk.run(exchange);
    await this.unitOfWork.run((tx) => this.record(tx, ended));
    return ended.outcome.meaning.kind;
  }

  private async begin(tx: Tx, billNo: string): Promise<Exchange | null> {
    const bill = await this.bills.find(tx, billNo);
    if (!bill) return null;
    const payout = await this.payouts.lock(tx, bill.payoutKey);
    if (!payout) return null;
    const current = payout.billNo === billNo;
    const attemptNo = current ? payout.attemptNo + 1 : await this.attempts.nextNo(tx, billNo);
    // An earlier offer's bill has attempts of its own: whatever is under way for the running one stays valid.
    if (current) await this.payouts.touch(tx, payout, { attemptNo });
    const { requestHash, payoutKey } = bill;
    await this.attempts.begin(tx, [{ billNo, attemptNo, act: 'query', requestHash }]);
    const request = this.bills.stored(bill);
    return { act: 'query', payoutKey, billNo, attemptNo, request, requestHash, probe: false };
  }

  private async record(tx: Tx, { exchange: { payoutKey, billNo, attemptNo }, outcome }: Ended): Promise<void> {
    const payout = await this.payouts.lock(tx, payoutKey);
    await this.attempts.finish(tx, [{ billNo, attemptNo, outcome }]);
    const bill = await this.bills.find(tx, billNo);
    if (!payout || !bill) return;
    const { meaning } = outcome;
    if (meaning.kind === 'mismatch') {
      await this.incidents.raise(tx, { kind: 'mismatch', payoutKey, billNo, detail: meaning.why });
      return;
    }
    const current = payout.billNo === billNo && payout.attemptNo === attemptNo;
    if (meaning.kind === 'refunded' && payout.state === 'SETTLED' && current) return this.refund.run(tx, payout);
    const detail = contradiction(claimOf(payout.state, bill, payout.offerNo), meaning);
    if (detail) await this.incidents.raise(tx, { kind: 'contradiction', payoutKey, billNo, detail });
  }
}

function claimOf(state: PayoutState, bill: Bill, offerNo: number): Claim {
  if (bill.offerNo < offerNo) return 'over';
  if (state === 'SETTLED') return 'paid';
  return state === 'FAILED' || state === 'REFUNDED' ? 'over' : 'open';
}
