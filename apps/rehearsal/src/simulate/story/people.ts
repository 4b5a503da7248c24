import { AskDecision, CloseCase, DecideMoney } from '@app/payouts';
import { API, type Answer, type Cluster, type SimulatedProcess } from '../cluster/cluster';
import { textIn, type Row } from '../invariants/change';
import type { Verdict } from '../invariants/verdict';
import type { Watch } from '../invariants/watch';
import type { Chance } from '../time/chance';
import { WORLD, type Schedule } from '../time/schedule';
import { mayPay, type Platform, type WechatBill } from '../wechat/platform';
import type { Wire } from '../wechat/wire';

const FIRST = 11;
const SECOND = 12;
const SEEN = '在微信商户平台上看到的单号与状态';
const FREEZING = new Set(['contradiction', 'mismatch']);

/** What a person would say of a payout after a look at WeChat's own pages. */
type Opinion = 'settle' | 'fail' | 'close' | 'wait' | 'nothing';

/** What of the world they have to do with. */
export interface Desk {
  readonly cluster: Cluster;
  readonly schedule: Schedule;
  readonly verdict: Verdict;
  readonly watch: Watch;
  readonly wire: Wire;
  readonly platform: Platform;
  judge(answer: Answer<unknown>): void;
}

/** Two people at the console: one asks for what WeChat's pages show, the other says yes to it. They never guess: what may still change is looked at later. */
export class People {
  /** Payouts about which they can say nothing: we hold an answer of WeChat that its own pages contradict. */
  private readonly helpless = new Set<string>();
  private busy = new Set<string>();

  constructor(
    private readonly world: Desk,
    private readonly chance: Chance,
  ) {}

  cannotHelp(payoutKey: string): boolean {
    return this.helpless.has(payoutKey);
  }

  /** Another database: what was on their screens is gone. */
  forget(): void {
    this.busy = new Set();
    this.helpless.clear();
  }

  /** A case is there. They come to it when they come to it. */
  told(incidentId: string): void {
    if (this.busy.has(incidentId)) return;
    this.busy.add(incidentId);
    const { schedule, verdict } = this.world;
    const { busy } = this;
    schedule.later(this.chance.span(4_000, 30_000), () =>
      schedule.start(
        WORLD,
        'people',
        async () => {
          while (busy === this.busy && (await this.workOn(incidentId))) {
            await schedule.sleep(WORLD, 'people wait', this.chance.span(3_000, 15_000));
          }
          busy.delete(incidentId);
        },
        (error) => verdict.fail('simulator', error instanceof Error ? (error.stack ?? '') : String(error)),
      ),
    );
  }

  /** Returns whether they come back to it. */
  private async workOn(incidentId: string): Promise<boolean> {
    const incident = this.world.watch.incidents.get(incidentId);
    if (!incident) return false;
    const payoutKey = textIn(incident, 'payout_key');
    if (payoutKey === '' || this.helpless.has(payoutKey)) return false;
    const opinion = this.opinionOf(payoutKey, textIn(incident, 'kind'));
    if (opinion === 'wait') return true;
    if (opinion === 'nothing') {
      this.helpless.add(payoutKey);
      return false;
    }
    const pending = this.world.watch.people.pendingAbout(payoutKey, incidentId);
    if (pending === null) await this.ask(opinion, payoutKey, incidentId);
    else await this.vote(opinion, pending);
    return true;
  }

  private opinionOf(payoutKey: string, kind: string): Opinion {
    const { watch, wire } = this.world;
    const payout = watch.payouts.payouts.get(payoutKey);
    // What is on its way may yet arrive.
    if (!payout || wire.underWay > 0) return 'wait';
    const bill = this.billOf(payout);
    // Since the database was set back: a number that another member's prize had before. Nothing that they may say here is true.
    if (bill !== null && bill.openid !== watch.openidOf(payout)) return 'nothing';
    const paid = bill !== null && bill.credits > 0;
    if (bill !== null && !paid && mayPay(this.world.platform.standing(bill).state)) return 'wait';
    switch (textIn(payout, 'state')) {
      case 'MANUAL':
        return paid ? 'settle' : 'fail';
      case 'SETTLED':
        return paid ? 'close' : 'fail';
      case 'FAILED':
      case 'REFUNDED':
        return paid ? 'settle' : 'close';
      default:
        return FREEZING.has(kind) ? 'close' : 'wait';
    }
  }

  private billOf(payout: Row): WechatBill | null {
    return this.world.platform.bills.get(textIn(payout, 'bill_no')) ?? null;
  }

  private async ask(opinion: 'settle' | 'fail' | 'close', payoutKey: string, incidentId: string): Promise<void> {
    const words = { reason: SEEN, by: FIRST };
    const answer = await this.at('ask people', (api): Promise<unknown> =>
      opinion === 'close'
        ? api.get(CloseCase).run({ ...words, caseId: Number(incidentId) })
        : api.get(AskDecision).run({ ...words, payoutKey, kind: opinion, evidence: SEEN }),
    );
    if (answer.kind === 'ok') return;
    // A doubt about an earlier offer lets nobody turn this one round.
    if (codeOf(answer) === 'later_offer') this.helpless.add(payoutKey);
  }

  /** The second person reads it anew, and says no to what has become wrong. */
  private async vote(opinion: Opinion, decision: Row): Promise<void> {
    const decisionId = Number(decision.id);
    const right = opinion === textIn(decision, 'kind');
    const answer = await this.at('people decide', (api): Promise<unknown> => {
      const decide = api.get(DecideMoney);
      if (!right) return decide.refuse({ decisionId, by: SECOND, reason: SEEN });
      const contentHash = (decision.content_hash as Buffer).toString('hex');
      return decide.approve({ decisionId, by: SECOND, contentHash, note: '' });
    });
    const code = codeOf(answer);
    if (code === 'shows_success') this.helpless.add(textIn(decision, 'payout_key'));
    if (code !== 'outdated') return;
    await this.at('people decide', (api) => api.get(DecideMoney).refuse({ decisionId, by: SECOND, reason: SEEN }));
  }

  private async at(label: string, work: (api: SimulatedProcess) => Promise<unknown>): Promise<Answer<unknown>> {
    const answer = await this.world.cluster.ask(API, label, work);
    this.world.judge(answer);
    return answer;
  }
}

/** The word of a refusal. */
function codeOf(answer: Answer<unknown>): string | null {
  if (answer.kind !== 'failed') return null;
  const { code } = (answer.error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : null;
}
