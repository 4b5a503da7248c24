import type { ChannelWorld } from './payout-channel.contract';
import type { FrozenRequest, Meaning, Outcome, PayoutChannel, PrepareParams } from './payout-channel';

export type FakeTrouble = Parameters<ChannelWorld['disturb']>[0] | 'not_sent';
type FakeState = 'waiting' | 'paid' | 'failed';

export interface FakeBill {
  readonly openid: string;
  readonly amountFen: number;
  state: FakeState;
  why: string;
  creditedFen: number;
  /** How often a request for this number arrived. */
  arrivals: number;
}

/** WeChat in memory, with a confirm page. Passes the same contract as the real adapters; specs of the drive loop stand on it. */
export class FakeWechat implements ChannelWorld, PayoutChannel {
  readonly name = 'transfer_confirm_v3';
  readonly handsOutPackage = true;
  readonly channel: PayoutChannel = this;
  readonly mchId = '1900000109';
  readonly timeoutMs = 10;
  readonly bills = new Map<string, FakeBill>();
  /** Awaited after a send took effect and before its answer returns: to stop a worker in between. */
  beforeReply: (billNo: string) => Promise<void> = () => Promise.resolve();
  /** Awaited before a send takes effect. */
  beforeArrival: (billNo: string) => Promise<void> = () => Promise.resolve();
  /** No question is answered. */
  silent = false;
  sends = 0;
  queries = 0;
  private troubles: FakeTrouble[] = [];
  private queryTroubles = 0;
  private hiddenQueries = 0;
  private readonly riddles = new Set<string>();
  private balanceEmpty = false;
  private people = 0;

  prepare({ billNo, mchId, amountFen, openid }: PrepareParams): FrozenRequest {
    const body = { out_bill_no: billNo, openid, transfer_amount: amountFen };
    return { channel: this.name, mchId, billNo, amountFen, openid, body };
  }

  async send(request: FrozenRequest): Promise<Outcome> {
    this.sends++;
    const trouble = this.troubles.shift();
    if (trouble === 'not_sent') return outcome({ kind: 'retry_same_id', why: 'refused', when: 'soon' }, true);
    if (trouble === 'too_fast') return outcome({ kind: 'retry_same_id', why: 'FREQUENCY_LIMITED', when: 'soon' }, true);
    if (trouble === 'silence_before_commit') return outcome({ kind: 'unknown', why: 'timeout', alarm: false });
    if (this.balanceEmpty) return outcome({ kind: 'channel_blocked', why: 'NOT_ENOUGH' }, true);
    await this.beforeArrival(request.billNo);
    const bill = this.accept(request);
    await this.beforeReply(request.billNo);
    if (trouble === 'silence_after_commit') return outcome({ kind: 'unknown', why: 'timeout', alarm: false });
    if (trouble === 'busy_after_commit') return outcome({ kind: 'unknown', why: 'SYSTEM_ERROR', alarm: false });
    if (trouble === 'cut_off') return outcome({ kind: 'unknown', why: 'reset', alarm: true });
    if (trouble === 'unlisted') return outcome({ kind: 'unknown', why: 'BRAND_NEW_CODE', alarm: true });
    return this.answer(bill, request, true);
  }

  async query(request: FrozenRequest): Promise<Outcome> {
    this.queries++;
    if (this.queryTroubles > 0 || this.silent || this.riddles.has(request.billNo)) {
      if (this.queryTroubles > 0) this.queryTroubles--;
      return outcome({ kind: 'unknown', why: 'timeout', alarm: false });
    }
    const bill = this.bills.get(request.billNo);
    if (this.hiddenQueries > 0) this.hiddenQueries--;
    else if (bill) return this.answer(bill, request, false);
    return outcome({ kind: 'not_found' });
  }

  cancel(request: FrozenRequest): Promise<Outcome> {
    const bill = this.bills.get(request.billNo);
    if (bill?.state === 'waiting') this.end(request.billNo, 'MCH_CANCEL');
    return Promise.resolve(outcome({ kind: bill ? 'in_flight' : 'not_found' }));
  }

  person(): Promise<string> {
    return Promise.resolve(`o-fake-${++this.people}`);
  }

  disturb(...troubles: FakeTrouble[]): Promise<void> {
    this.troubles.push(...troubles);
    return Promise.resolve();
  }

  disturbQuery(): Promise<void> {
    this.queryTroubles++;
    return Promise.resolve();
  }

  /** Questions about this bill meet silence for ever. */
  puzzle(billNo: string): void {
    this.riddles.add(billNo);
  }

  /** The next queries do not see what is there: a read from a copy that lags. */
  hideFromQueries(count: number): void {
    this.hiddenQueries = count;
  }

  emptyBalance(): Promise<void> {
    this.balanceEmpty = true;
    return Promise.resolve();
  }

  fillBalance(): Promise<void> {
    this.balanceEmpty = false;
    return Promise.resolve();
  }

  take(billNo: string): Promise<void> {
    const bill = this.bills.get(billNo);
    if (bill?.state === 'waiting') {
      bill.state = 'paid';
      bill.creditedFen += bill.amountFen;
    }
    return Promise.resolve();
  }

  dayPasses(): Promise<void> {
    for (const billNo of this.bills.keys()) this.end(billNo, 'OVERDUE_CLOSE');
    return Promise.resolve();
  }

  end(billNo: string, why: string): void {
    const bill = this.bills.get(billNo);
    if (bill?.state !== 'waiting') return;
    bill.state = 'failed';
    bill.why = why;
  }

  effect(billNo: string): Promise<{ creditedFen: number }> {
    return Promise.resolve({ creditedFen: this.bills.get(billNo)?.creditedFen ?? 0 });
  }

  /** A request arrives, perhaps late, perhaps again. */
  accept({ billNo, openid, amountFen }: FrozenRequest): FakeBill {
    let bill = this.bills.get(billNo);
    if (!bill) {
      bill = { openid, amountFen, state: 'waiting', why: '', creditedFen: 0, arrivals: 0 };
      this.bills.set(billNo, bill);
    }
    bill.arrivals++;
    return bill;
  }

  private answer(bill: FakeBill, request: FrozenRequest, withPackage: boolean): Outcome {
    if (bill.amountFen !== request.amountFen) return outcome({ kind: 'mismatch', why: 'another_amount' });
    if (bill.openid !== request.openid) return outcome({ kind: 'mismatch', why: 'another_person' });
    if (bill.state === 'paid') return outcome({ kind: 'succeeded' });
    if (bill.state === 'failed') return outcome({ kind: 'failed', why: bill.why });
    const sealed = withPackage ? `package-of-${request.billNo}` : null;
    return outcome({ kind: 'wait_user', package: sealed, expiresAt: null });
  }
}

function outcome(meaning: Meaning, notAccepted = false): Outcome {
  return { meaning, evidence: `fake ${meaning.kind}`, notAccepted, providerNo: '1330000000000001' };
}
