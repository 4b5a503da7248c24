import { errorNumber } from '@app/database';
import { Rejected, Transient, type MemberId } from '@app/kernel';
import { HandleTransferNotify } from '@app/payouts';
import { API, PROCESSES, type Answer, type Cluster } from '../cluster/cluster';
import { Doorbell } from '../cluster/doorbell';
import { APP_ID, applySettings, MERCHANTS } from '../cluster/settings';
import { textIn } from '../invariants/change';
import { Verdict } from '../invariants/verdict';
import { Watch } from '../invariants/watch';
import type { Snapshot } from '../memory-database';
import { Chance } from '../time/chance';
import { Schedule } from '../time/schedule';
import { Courier, type Letter } from '../wechat/courier';
import { Platform, type WechatBill } from '../wechat/platform';
import { Wire } from '../wechat/wire';
import type { Fixture } from './fixture';
import { People } from './people';
import type { Plan } from './plan';
import { Rates } from './rates';

const BALANCE_FEN = 1_000_000;

export interface WorldOptions {
  readonly seed: number;
  readonly reconciles: boolean;
}

/** What the world knows of a shopper. */
export interface Visitor {
  readonly payoutKey: string;
  readonly done: boolean;
  readonly resting: boolean;
  /** The page was closed: what was on its screen is gone. */
  forget(): void;
}

/** Everything of one seed: its time, its WeChat, its people, what is known of its books. */
export class World {
  readonly schedule: Schedule;
  readonly verdict: Verdict;
  readonly rates: Rates;
  readonly platform: Platform;
  readonly wire: Wire;
  readonly courier: Courier;
  readonly doorbell: Doorbell;
  readonly watch: Watch;
  readonly people: People;
  readonly shoppers: Visitor[] = [];
  /** The troubles are over. */
  drained = false;
  /** Nobody looks at a page any more. */
  home = false;
  restored = false;
  restoreAhead = false;
  /** Bills of which WeChat said one thing and then the other, and was heard. */
  readonly contradicted = new Set<string>();
  /** How often WeChat's answers to questions name another amount or person. */
  readonly lies = new Map<'amount' | 'person', number>();
  /** Bills that may be at WeChat only because the network brought a request twice, the second time after its answer. */
  private readonly copies = new Set<string>();
  /** How many databases there were. */
  databases = 1;

  constructor(
    readonly cluster: Cluster,
    private readonly fixture: Fixture,
    readonly plan: Plan,
    { seed, reconciles }: WorldOptions,
  ) {
    this.rates = new Rates(new Chance(seed, 10));
    this.schedule = new Schedule({ seed, holdUp: (process) => this.rates.holdUp(process) });
    this.verdict = new Verdict(() => this.schedule.end());
    this.watch = this.newWatch();
    this.people = new People(this, new Chance(seed, 16));
    this.watch.incident = (id) => this.people.told(id);
    this.platform = new Platform(this.schedule, new Chance(seed, 11), plan.manners, {
      arrived: (billNo, request, known) => {
        if (this.wire.copy && known === null) this.copies.add(billNo);
        this.watch.arrived(billNo, request, known);
      },
      credited: (bill) => this.watch.credited(bill),
      ended: (bill) => this.courier.ended(bill),
    });
    this.wire = new Wire(this.schedule, new Chance(seed, 12), () => ({
      timeoutMs: this.cluster.config.waits.wechatTimeoutMs,
      longestMs: plan.longestPacketMs,
    }));
    this.courier = new Courier(
      this.schedule,
      new Chance(seed, 13),
      plan.courier,
      () => this.platform,
      (body) => this.notify(body),
    );
    this.courier.taken = (bill, letter) => this.tookLetter(bill, letter);
    this.doorbell = new Doorbell(this.schedule, new Chance(seed, 14), plan.doorbell);
    const { platform, wire, lies } = this;
    const wechat = { platform, wire, lies, chance: new Chance(seed, 15), appId: APP_ID };
    Object.assign(cluster.stage, { schedule: this.schedule, doorbell: this.doorbell, wechat, reconciles });
    cluster.stage.defect = (process, error) => this.verdict.fail('defect', `${process}: ${error.stack}`);
    cluster.stage.trouble = (error) => this.judgeError(error);
  }

  get members(): readonly { readonly id: MemberId; readonly openid: string }[] {
    return this.fixture.members;
  }

  get codeTexts(): ReadonlyMap<string, string> {
    return this.fixture.codeTexts;
  }

  /** The database as it was made once, all processes fresh, money at WeChat. */
  begin(): void {
    const { cluster, plan } = this;
    applySettings(cluster.config, plan);
    cluster.database.startFrom(this.fixture.snapshot, this.schedule, this.rates);
    this.watch.relearn(this.tables());
    this.watch.bills.restored = false;
    cluster.database.watched = WATCHED_CHANGES;
    cluster.database.onCommit = (changes) => this.watch.commit(changes);
    for (const mchId of MERCHANTS.slice(0, plan.merchants)) this.platform.topUp(mchId, BALANCE_FEN);
    for (const name of PROCESSES) this.schedule.join(name);
    for (const name of PROCESSES) cluster.boot(name);
  }

  /** The whole system stops and starts again on a database of an hour ago. */
  restoreTo(snapshot: Snapshot): void {
    for (const name of PROCESSES) this.cluster.kill(name);
    this.cluster.database.restore(snapshot);
    this.restored = true;
    this.restoreAhead = false;
    this.people.forget();
    this.watch.relearn(this.tables());
    for (const name of PROCESSES) this.cluster.boot(name);
    this.databases++;
    for (const shopper of this.shoppers) shopper.forget();
  }

  /** Is this prize in the hands of people: nothing moves by itself any more, and they know? */
  withPeople(payoutKey: string): boolean {
    const row = this.watch.payouts.payouts.get(payoutKey);
    if (!row) return false;
    const state = String(row.state as Buffer);
    const known = this.watch.incidentsOf(payoutKey);
    if (state === 'MANUAL') return known.size > 0;
    const frozen = known.has('contradiction') || known.has('mismatch');
    return frozen && (state === 'FAILED' || state === 'REFUNDED' || state === 'PENDING');
  }

  /** In the hands of people for good: they cannot say anything more. */
  restsWithPeople(payoutKey: string): boolean {
    return this.withPeople(payoutKey) && this.people.cannotHelp(payoutKey);
  }

  /** Everything is as it will stay. */
  get quiet(): boolean {
    const nobodyWaits = this.shoppers.every((one) => one.done || (one.resting && this.restsWithPeople(one.payoutKey)));
    const nothingComes = this.wire.underWay === 0 && this.courier.underWay === 0;
    return (
      nobodyWaits &&
      !this.restoreAhead &&
      nothingComes &&
      this.watch.outbox.size === 0 &&
      this.watch.payouts.driven((key) => this.restsWithPeople(key)) === 0
    );
  }

  goHome(): void {
    this.home = true;
  }

  /** The same as far as it goes without a reconciler: the queue is empty, and nobody and nothing is on the way. */
  get still(): boolean {
    const nothingComes = this.wire.underWay === 0 && this.courier.underWay === 0;
    return this.home && nothingComes && this.watch.outbox.size === 0 && this.shoppers.every(({ done }) => done);
  }

  judge(answer: Answer<unknown>): void {
    if (answer.kind === 'failed') this.judgeError(answer.error);
  }

  /** Bad luck and refusals are foreseen; anything else that is thrown is a bug, ours or of the system. */
  judgeError(error: unknown): void {
    if (error instanceof Transient || error instanceof Rejected || isLost(error)) return;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.verdict.fail('unforeseen', text);
  }

  private async notify(body: Buffer): Promise<number | null> {
    const { databases } = this;
    const answer = await this.cluster.ask(API, 'callback', (api) => api.get(HandleTransferNotify).run({}, body));
    this.judge(answer);
    // An answer of a database that is no more is none.
    return answer.kind === 'ok' && databases === this.databases ? answer.value.status : null;
  }

  /** What is wrong is not taken; what is taken stands in our books, or people look at why it does not. */
  private tookLetter({ billNo }: WechatBill, { wrong, resource }: Letter): void {
    const { verdict, watch } = this;
    verdict.check(wrong !== true, 'D1', () => `a wrong letter about ${billNo} was taken`);
    const key = watch.bills.payoutOf(billNo);
    const row = key === null ? undefined : watch.payouts.payouts.get(key);
    if (key === null || !row) return verdict.fail('D2', `a letter about ${billNo}, which is not ours, was taken`);
    const state = textIn(row, 'state');
    const current = textIn(row, 'bill_no') === billNo;
    const paid = resource.state === 'SUCCESS';
    const stands = paid ? current && state === 'SETTLED' : !current || state === 'FAILED' || state === 'REFUNDED';
    const told = watch.raised.has(`${key} contradiction`);
    verdict.check(stands || told, 'D2', () => `the letter about ${billNo} was taken, and ${key} is ${state}`);
  }

  private newWatch(): Watch {
    return new Watch(this.verdict, {
      billKey: this.cluster.config.keys.bill,
      resendAfterMs: () => this.cluster.config.waits.resendAfterMs,
      now: () => this.schedule.now(),
      openidOf: (memberId) => this.members.find(({ id }) => String(id) === memberId)?.openid ?? null,
      platform: () => this.platform,
      taken: (billNo) => this.platform.bills.has(billNo) && !this.copies.has(billNo),
    });
  }

  private tables() {
    const { database } = this.cluster;
    return WATCHED.map((table) => [table, database.rows(table)] as const);
  }

  /** Bills whose money reached somebody. */
  paidBills(): WechatBill[] {
    return [...this.platform.bills.values()].filter(({ credits }) => credits > 0);
  }
}

/** In an order in which each finds what it refers to. */
const WATCHED = [
  ...[
    'members',
    'budget_grants',
    'budgets',
    'ledger_journals',
    'ledger_legs',
    'code_claims',
    'awards',
    'prize_stock',
    'scans',
  ],
  ...['payout_bills', 'payout_attempts', 'payouts', 'payout_incidents', 'money_decisions', 'outbox'],
];

/** Also tables whose rows must never change. */
const WATCHED_CHANGES: ReadonlySet<string> = new Set([...WATCHED, 'payout_moves', 'grant_uses']);

function isLost(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  const number = errorNumber(error);
  return code === 'PROTOCOL_CONNECTION_LOST' || number === 1213 || number === 1205 || number === 1020;
}
