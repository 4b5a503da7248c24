import { OPEN_FOR_MS, type Lags } from '../limits';
import { billKey, type Bill } from './bill';
import { DueQueue } from './due-queue';
import type { SandboxUser } from './event';
import { merchantAccount } from './ledger';
import type { Store } from './store';

/** When the platform itself will next do something with a bill (virtual epoch ms), or undefined when it waits for nobody but people. */
export function nextStepAt(bill: Bill, lags: Lags): number | undefined {
  switch (bill.state) {
    case 'ACCEPTED':
    case 'SENDING':
    case 'TRANSFERING':
      if (bill.state === 'SENDING') return bill.holdUntil ?? bill.createdAt + lags.redpackSend;
      return bill.holdUntil ?? bill.updatedAt;
    case 'PROCESSING':
      return bill.holdUntil ?? bill.updatedAt;
    case 'WAIT_USER_CONFIRM':
      return bill.createdAt + OPEN_FOR_MS + lags.close;
    case 'CANCELING':
      return bill.updatedAt + lags.cancel;
    case 'SENT':
      return bill.createdAt + OPEN_FOR_MS + lags.close;
    case 'RFUND_ING':
      return bill.updatedAt + lags.redpackRefund;
    default:
      return undefined;
  }
}

/** Where a silent transfer goes once its money is locked, and when it arrives there. */
export function silentCourse(
  user: SandboxUser | undefined,
  at: number,
  lags: Lags,
): { holdUntil: number; afterHold: 'SUCCESS' | 'FAIL'; failReason: string | undefined } {
  const failReason = user?.transferFailReason;
  return { holdUntil: at + lags.silent, afterHold: failReason === undefined ? 'SUCCESS' : 'FAIL', failReason };
}

/** Moves bills along when their (virtual) time has come. Everything it needs is in the bill, so a restart picks up where it stopped. */
export class Lifecycle {
  private readonly queue = new DueQueue<Bill>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: Store,
    private readonly lags: Lags,
    /** Others whose things happen by themselves. */
    private readonly others: readonly { sweep(): number }[] = [],
  ) {
    for (const bill of store.world.billsInOrder) this.watch(bill);
    store.onEvent((event) => {
      if (event.t === 'bill' || event.t === 'past') {
        const { channel, mchId, outBillNo } = event.bill;
        this.watchKey(billKey(channel, mchId, outBillNo));
      }
      if (event.t === 'move') this.watchKey(event.key);
    });
  }

  start(everyMs: number): void {
    this.timer = setInterval(() => this.sweep(), everyMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Performs every step that is due and returns how many things moved. */
  sweep(): number {
    const now = this.store.now();
    let moved = this.others.reduce((sum, other) => sum + other.sweep(), 0);
    for (let bill = this.queue.take(now); bill !== undefined; bill = this.queue.take(now)) {
      const due = nextStepAt(bill, this.lags);
      if (due === undefined) continue;
      if (due > now) this.queue.push(due, bill);
      else if (this.step(bill, Math.max(due, bill.updatedAt), now)) moved += 1;
    }
    return moved;
  }

  private step(bill: Bill, at: number, now: number): boolean {
    switch (bill.state) {
      case 'ACCEPTED':
      case 'PROCESSING':
        return this.lockMoney(bill, at, now);
      case 'WAIT_USER_CONFIRM':
        return this.move(bill, at, 'FAIL', 'OVERDUE_CLOSE');
      case 'TRANSFERING':
        return this.move(
          bill,
          at,
          bill.afterHold ?? 'SUCCESS',
          bill.afterHold === 'FAIL' ? bill.failReason : undefined,
        );
      case 'CANCELING':
        return this.move(bill, at, 'CANCELLED', 'MCH_CANCEL');
      case 'SENDING':
        return this.move(bill, at, bill.afterHold ?? 'SENT');
      case 'SENT':
        return this.move(bill, at, 'RFUND_ING');
      case 'RFUND_ING':
        return this.move(bill, at, 'REFUND');
      default:
        return false;
    }
  }

  private lockMoney(bill: Bill, at: number, now: number): boolean {
    if (bill.afterHold === 'FAIL') return this.move(bill, at, 'FAIL', bill.failReason);
    if (now >= bill.createdAt + OPEN_FOR_MS) return this.move(bill, now, 'FAIL', 'OVERDUE_CLOSE');
    if (this.store.world.ledger.balance(merchantAccount(bill.mchId)) >= bill.amountFen) {
      return bill.details.authorizationNo === undefined
        ? this.move(bill, at, 'WAIT_USER_CONFIRM')
        : this.transferSilently(bill, at);
    }
    if (bill.state === 'ACCEPTED') return this.move(bill, at, 'PROCESSING');
    this.queue.push(now + this.lags.lockRetry, bill);
    return false;
  }

  private transferSilently(bill: Bill, at: number): boolean {
    const course = silentCourse(this.store.world.users.get(bill.userId), at, this.lags);
    this.store.commit({ t: 'move', key: bill.key, state: 'TRANSFERING', at, ...course });
    return true;
  }

  private move(bill: Bill, at: number, state: Bill['state'], failReason?: string): boolean {
    this.store.commit({ t: 'move', key: bill.key, state, at, failReason });
    return true;
  }

  private watchKey(key: string): void {
    const bill = this.store.world.bills.get(key);
    if (bill !== undefined) this.watch(bill);
  }

  private watch(bill: Bill): void {
    const due = nextStepAt(bill, this.lags);
    if (due !== undefined) this.queue.push(due, bill);
  }
}
