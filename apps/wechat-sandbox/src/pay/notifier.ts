import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, FaultDesk } from '../control/faults';
import type { Settings } from '../settings';
import { isTerminal, type Bill } from '../world/bill';
import { rfc3339 } from '../world/clock';
import { DueQueue } from '../world/due-queue';
import type { Store } from '../world/store';
import { responseMessage, sealResource, signature } from './v3-signature';

const ANSWER_WITHIN_MS = 5_000;
const AT_ONCE = 32;
const LATE_MS = 30_000;
const ECHO_AFTER_MS = 200;
const SIGNTEST = 'WECHATPAY/SIGNTEST/';

/** Tells the merchant about finished transfers until it answers 200 or 204, or the schedule ends. */
export class Notifier {
  private readonly queue = new DueQueue<Bill>();
  private readonly struck = new Map<string, Fault>();
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private inFlight = 0;

  constructor(
    private readonly store: Store,
    private readonly settings: Settings,
    private readonly faults: FaultDesk,
  ) {
    for (const bill of store.world.billsInOrder) this.announce(bill);
    store.onEvent((event) => {
      if (event.t !== 'move' && event.t !== 'bill') return;
      const key = event.t === 'move' ? event.key : `${event.bill.channel}:${event.bill.mchId}:${event.bill.outBillNo}`;
      const bill = store.world.bills.get(key);
      if (bill !== undefined) this.announce(bill);
    });
  }

  start(everyMs: number): void {
    this.timer = setInterval(() => this.pump(), everyMs);
  }

  stop(): void {
    clearInterval(this.timer);
    this.stopping.abort();
  }

  /** Starts the deliveries that are due, as many as may run at once. */
  pump(): void {
    while (this.inFlight < AT_ONCE && !this.stopping.signal.aborted) {
      const bill = this.queue.take(this.store.now());
      if (bill === undefined) return;
      this.inFlight += 1;
      void this.deliver(bill)
        .catch((error: unknown) => this.settings.log({ step: 'notify', problem: String(error) }))
        .finally(() => {
          this.inFlight -= 1;
          this.pump();
        });
    }
  }

  private announce(bill: Bill): void {
    if (bill.notifyUrl === undefined || bill.notifyDone || !isTerminal(bill.state)) return;
    if (bill.notifyAttempts >= this.settings.lags.notify.length) return;
    const fault = this.faults.take('notify');
    if (fault?.kind === 'no_notify') return;
    if (fault !== undefined) this.struck.set(bill.key, fault);
    const wait = fault?.kind === 'late_notify' ? (fault.ms ?? LATE_MS) : (this.settings.lags.notify[0] ?? 0);
    this.queue.push(this.store.now() + wait, bill);
  }

  private async deliver(bill: Bill): Promise<void> {
    const fault = this.struck.get(bill.key);
    this.struck.delete(bill.key);
    if (fault?.kind === 'slow') await sleep(fault.ms ?? ANSWER_WITHIN_MS, undefined, { signal: this.stopping.signal });
    const taken = await this.post(bill, fault);
    if (this.stopping.signal.aborted) return;
    this.store.commit({ t: 'notify', key: bill.key, done: taken });
    if (!taken) return this.retry(bill);
    if (fault?.kind !== 'duplicate_notify') return;
    await sleep(fault.ms ?? ECHO_AFTER_MS, undefined, { signal: this.stopping.signal });
    await this.post(bill, undefined);
  }

  private retry(bill: Bill): void {
    const wait = this.settings.lags.notify[bill.notifyAttempts];
    if (wait === undefined) return this.settings.log({ step: 'notify', problem: 'gave up', bill: bill.key });
    this.queue.push(this.store.now() + wait, bill);
  }

  private async post(bill: Bill, fault: Fault | undefined): Promise<boolean> {
    const body = JSON.stringify(this.envelope(bill));
    const headers = await this.headers(body, fault);
    try {
      const response = await fetch(bill.notifyUrl ?? '', {
        method: 'POST',
        body,
        headers,
        redirect: 'manual',
        signal: AbortSignal.any([this.stopping.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
      });
      await response.arrayBuffer();
      return response.status === 200 || response.status === 204;
    } catch {
      return false;
    }
  }

  private envelope(bill: Bill): object {
    const merchant = this.settings.merchants.get(bill.mchId);
    if (merchant === undefined) throw new Error(`no merchant ${bill.mchId}`);
    const document = {
      out_bill_no: bill.outBillNo,
      transfer_bill_no: bill.platformNo,
      state: bill.state,
      mch_id: bill.mchId,
      transfer_amount: bill.amountFen,
      openid: bill.openid,
      fail_reason: bill.failReason,
      create_time: rfc3339(bill.createdAt),
      update_time: rfc3339(bill.updatedAt),
    };
    return {
      id: notificationId(bill),
      create_time: rfc3339(bill.updatedAt),
      event_type: 'MCHTRANSFER.BILL.FINISHED',
      resource_type: 'encrypt-resource',
      summary: '商家转账单据终态通知',
      resource: sealResource(document, merchant.apiV3Key, 'mch_payment'),
    };
  }

  private async headers(body: string, fault: Fault | undefined): Promise<Record<string, string>> {
    const { privateKey, publicKeyId } = this.settings.platform;
    const timestamp = String(Math.floor(this.store.wallNow() / 1_000));
    const nonce = randomBytes(16).toString('hex');
    const spoiled = fault?.kind === 'bad_signature' ? `${body} ` : body;
    const good = await signature(responseMessage(timestamp, nonce, spoiled), privateKey);
    return {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Mozilla/4.0',
      'wechatpay-serial':
        fault?.kind === 'wrong_serial' ? 'PUB_KEY_ID_0100000000000000000000000000000000' : publicKeyId,
      'wechatpay-timestamp': timestamp,
      'wechatpay-nonce': nonce,
      'wechatpay-signature': fault?.kind === 'signtest_notify' ? SIGNTEST + good : good,
      'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
    };
  }
}

/** The same for every delivery of the same news: repeats can be recognised by it. */
function notificationId(bill: Bill): string {
  const hex = createHash('sha256').update(`notify|${bill.key}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
