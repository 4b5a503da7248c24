import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, FaultDesk } from '../control/faults';
import type { Settings } from '../settings';
import { DueQueue } from '../world/due-queue';
import type { Store } from '../world/store';
import { newsOf, unheardNews, type News } from './news';
import { responseMessage, sealResource, signature } from './v3-signature';
import { rfc3339 } from '../world/clock';

const ANSWER_WITHIN_MS = 5_000;
const AT_ONCE = 32;
const LATE_MS = 30_000;
const ECHO_AFTER_MS = 200;
const SIGNTEST = 'WECHATPAY/SIGNTEST/';

/** Tells merchants their news until they answer 200 or 204, or the schedule ends. */
export class Notifier {
  private readonly queue = new DueQueue<News>();
  private readonly struck = new Map<string, Fault>();
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private inFlight = 0;

  constructor(
    private readonly store: Store,
    private readonly settings: Settings,
    private readonly faults: FaultDesk,
  ) {
    for (const news of unheardNews(store.world)) this.announce(news);
    store.onEvent((event) => {
      const news = newsOf(event, store.world);
      if (news !== undefined) this.announce(news);
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
      const news = this.queue.take(this.store.now());
      if (news === undefined) return;
      this.inFlight += 1;
      void this.deliver(news)
        .catch((error: unknown) => this.settings.log({ step: 'notify', problem: String(error) }))
        .finally(() => {
          this.inFlight -= 1;
          this.pump();
        });
    }
  }

  private announce(news: News): void {
    if (news.heard() || news.attempts() >= this.settings.lags.notify.length) return;
    const fault = this.faults.take('notify');
    if (fault?.kind === 'no_notify') return;
    if (fault !== undefined) this.struck.set(news.id, fault);
    const wait = fault?.kind === 'late_notify' ? (fault.ms ?? LATE_MS) : (this.settings.lags.notify[0] ?? 0);
    this.queue.push(this.store.now() + wait, news);
  }

  private async deliver(news: News): Promise<void> {
    const fault = this.struck.get(news.id);
    this.struck.delete(news.id);
    if (fault?.kind === 'slow') await sleep(fault.ms ?? ANSWER_WITHIN_MS, undefined, { signal: this.stopping.signal });
    const taken = await this.post(news, fault);
    if (this.stopping.signal.aborted) return;
    this.store.commit(news.told(taken));
    if (!taken) return this.retry(news);
    if (fault?.kind !== 'duplicate_notify') return;
    await sleep(fault.ms ?? ECHO_AFTER_MS, undefined, { signal: this.stopping.signal });
    await this.post(news, undefined);
  }

  private retry(news: News): void {
    const wait = this.settings.lags.notify[news.attempts()];
    if (wait === undefined) return this.settings.log({ step: 'notify', problem: 'gave up', news: news.id });
    this.queue.push(this.store.now() + wait, news);
  }

  private async post(news: News, fault: Fault | undefined): Promise<boolean> {
    const body = JSON.stringify(this.envelope(news));
    const headers = await this.headers(body, fault);
    try {
      const response = await fetch(news.notifyUrl, {
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

  private envelope(news: News): object {
    const merchant = this.settings.merchants.get(news.mchId);
    if (merchant === undefined) throw new Error(`no merchant ${news.mchId}`);
    return {
      id: notificationId(news.id),
      create_time: rfc3339(news.at()),
      event_type: news.eventType,
      resource_type: 'encrypt-resource',
      summary: news.summary,
      resource: sealResource(news.document(), merchant.apiV3Key, 'mch_payment'),
    };
  }

  private async headers(body: string, fault: Fault | undefined): Promise<Record<string, string>> {
    const { privateKey, publicKeyId, keys } = this.settings.platform;
    const timestamp = String(Math.floor(this.store.wallNow() / 1_000));
    const nonce = randomBytes(16).toString('hex');
    const spoiled = fault?.kind === 'bad_signature' ? `${body} ` : body;
    const good = await signature(responseMessage(timestamp, nonce, spoiled), keys.get(publicKeyId) ?? privateKey);
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
function notificationId(id: string): string {
  const hex = createHash('sha256').update(`notify|${id}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
