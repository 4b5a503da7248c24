import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Browser, type Reply } from './browser';
import type { Places } from './options';
import type { Bottle, ShopperPlan } from './plan';
import type { Tally } from './tally';
import type { Award, ScanAnswer } from './wire';

const SIGN_IN_TRIES = 6;
/** How long somebody looks at „正在准备“ before putting the phone away. */
const PATIENCE_MS = 60_000;
const UNDECIDED = new Set<Award['state']>(['preparing', 'processing']);

interface Location {
  readonly latitude: number;
  readonly longitude: number;
  readonly accuracy: number;
  readonly datum: 'gcj02';
}

/** One person with a phone: everything goes through the public pages, as in the shop. */
export class Shopper {
  private readonly browser: Browser;
  private readonly awards = new Set<string>();

  constructor(
    private readonly plan: ShopperPlan,
    private readonly places: Places,
    private readonly tally: Tally,
  ) {
    this.browser = new Browser(plan.user.ip);
    this.browser.setCookie(new URL(places.sandboxOpen).hostname, 'sandbox_user', plan.user.id);
  }

  /** Opens the page of a code and is signed in by WeChat without noticing. */
  async signIn(code: string): Promise<void> {
    await this.browser.get(`${this.places.home}/${code}`);
    for (let round = 1; round <= SIGN_IN_TRIES; round++) {
      this.tally.signInRounds++;
      const back = encodeURIComponent(`/${code}`);
      const { url } = await this.browser.follow(`${this.places.home}/v1/h5/oauth/start?return=${back}`);
      if (!new URL(url).pathname.startsWith('/h5/sorry')) {
        const session = await this.browser.get(`${this.places.home}/v1/h5/session`);
        if (session.status === 200) {
          this.tally.signIns++;
          return;
        }
      }
      await sleep(200 * round);
    }
    throw new Error(`${this.plan.user.id} could not sign in`);
  }

  /** Scans a bottle, does what the page proposes, takes the money. */
  async open(bottle: Bottle): Promise<void> {
    const answer = await this.scanWithHabits(bottle);
    if (answer === null) return;
    const last = answer.refusal?.cure?.action === 'location' ? await this.tellPlace(bottle) : answer;
    if (this.plan.habits.looksAgain) await this.scan(bottle, {});
    const money = [
      ...(last?.reward?.kind === 'cash' ? [last.reward.awardId] : []),
      ...(last?.opened ?? []).map(({ awardId }) => awardId),
    ];
    for (const awardId of money) {
      this.awards.add(awardId);
      if (this.plan.habits.claims) await this.collect(awardId, this.plan.habits.confirms);
    }
  }

  /** A day later: money that was not taken in time is asked for once more. */
  async comeBack(): Promise<void> {
    if (!this.plan.habits.comesBack) return;
    for (const awardId of this.awards) {
      const award = await this.award('GET', awardId);
      if (award.state !== 'expired' && award.state !== 'failed') continue;
      await this.collect(awardId, this.plan.habits.confirmsThen);
    }
  }

  private async scanWithHabits(bottle: Bottle): Promise<ScanAnswer | null> {
    if (!this.plan.habits.tapsTwice) return this.scan(bottle, {});
    const scanId = randomUUID();
    const [one, other] = await Promise.all([this.post(bottle, scanId, {}), this.post(bottle, scanId, {})]);
    const third = await this.post(bottle, scanId, {});
    const judged = this.judge(bottle, one);
    if (judged !== null && (one.text !== other.text || one.text !== third.text)) {
      this.tally.wrong(
        `I12 the same scanId got two answers: ${one.text} and ${one.text === other.text ? third.text : other.text}`,
      );
    }
    return judged;
  }

  private async tellPlace(bottle: Bottle): Promise<ScanAnswer | null> {
    const { latitude, longitude } = this.plan.user;
    const location: Location = { latitude, longitude, accuracy: 30, datum: 'gcj02' };
    return this.scan(bottle, this.plan.habits.sharesPlace ? { location } : { withoutLocation: true });
  }

  private async scan(bottle: Bottle, more: object): Promise<ScanAnswer | null> {
    return this.judge(bottle, await this.post(bottle, randomUUID(), more));
  }

  private async post({ code }: Bottle, scanId: string, more: object): Promise<Reply> {
    this.tally.requests++;
    const reply = await this.browser.post(`${this.places.home}/v1/h5/scans`, { scanId, code, ...more });
    if (reply.tries > 1) this.tally.retried++;
    return reply;
  }

  private judge({ kind, code }: Bottle, reply: Reply): ScanAnswer | null {
    if (kind === 'forged' || kind === 'malformed') {
      this.tally.turnedAway(kind, reply.status);
      return null;
    }
    if (reply.status !== 200) throw new Error(`a scan was answered ${reply.status}: ${reply.text.slice(0, 300)}`);
    const answer = JSON.parse(reply.text) as ScanAnswer;
    this.tally.answered(this.plan.user.id, kind, code, answer);
    return answer;
  }

  /** 收款, and in WeChat's dialog 确认收款. */
  private async collect(awardId: string, confirms: boolean): Promise<void> {
    const until = Date.now() + PATIENCE_MS;
    let award = await this.award('POST', awardId, '/claim');
    for (let look = 1; Date.now() < until; look++) {
      if (award.state === 'confirm' && award.confirm) {
        if (!confirms) return;
        await this.confirm(award.confirm);
        award = await this.award('POST', awardId, '/refresh');
        if (award.state === 'settled') return;
      } else if (!UNDECIDED.has(award.state)) return;
      await sleep(Math.min(200 * look, 2_000));
      award = await this.award('GET', awardId);
    }
    this.tally.gaveUp++;
  }

  private async award(method: 'GET' | 'POST', awardId: string, act = ''): Promise<Award> {
    const url = `${this.places.home}/v1/h5/awards/${awardId}${act}`;
    const reply = method === 'GET' ? await this.browser.get(url) : await this.browser.post(url, {});
    if (reply.status >= 300)
      throw new Error(`${act || 'award'} was answered ${reply.status}: ${reply.text.slice(0, 300)}`);
    return JSON.parse(reply.text) as Award;
  }

  /** What the dialog of `requestMerchantTransfer` sends. WeChat may say no (closed, busy): the page then only looks again. */
  private async confirm(asked: NonNullable<Award['confirm']>): Promise<void> {
    const { mchId, appId } = asked;
    const body = { package: asked.package, mchId, appId };
    const reply = await this.browser.post(`${this.places.sandboxOpen}/transfer/confirm`, body);
    if (reply.status === 200) this.tally.confirmed++;
  }
}
