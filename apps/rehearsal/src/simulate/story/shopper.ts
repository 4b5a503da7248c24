import { Rejected, type MemberId, type ScanId } from '@app/kernel';
import { AwardViews, ClaimAward, type AwardView } from '@app/rewards';
import { ScanCode, type ScanAnswer } from '@app/scans';
import { API, WORKERS, type Answer } from '../cluster/cluster';
import { LINES } from '../cluster/catalogue';
import { isNull, textIn } from '../invariants/change';
import type { Chance } from '../time/chance';
import { WORLD } from '../time/schedule';
import type { Element } from './plan';
import type { World } from './world';

type Wish = Extract<Element, { kind: 'shopper' }>;

/** There are two apis; a worker's process is the other one, too. */
const SCANNERS = [API, API, WORKERS[0]] as const;
const LOOKS_ANYHOW = 0.35;
/** A page that was opened earlier still shows a button. */
const TAPS_ANYHOW = 0.25;
/** Looks at a page no more often than this; a story that takes longer does not end. */
const MOST_LOOKS = 400;

/** One person with one bottle: scans until there is an answer, taps until the money is there. */
export class Shopper {
  done = false;
  /** People look at this prize: there is nothing to tap until they, or WeChat, have spoken. */
  resting = false;
  /** The first answer to the scan: every later one must be the same text. */
  private answered: string | null = null;
  private ignored = 0;
  private readonly scanId: ScanId;
  private readonly member: { readonly id: MemberId; readonly openid: string };
  payoutKey: string;

  constructor(
    private readonly world: World,
    private readonly wish: Wish,
    private readonly chance: Chance,
    no: number,
  ) {
    this.scanId = `sim-scan-${String(no).padStart(8, '0')}` as ScanId;
    this.member = world.members[wish.member]!;
    this.payoutKey = `${LINES[wish.line]!.batch}:0:${wish.serial}:0`;
  }

  /** The database is an older one: what it answered since then is not worth anything. */
  forget(): void {
    this.answered = null;
    if (this.done) this.start();
  }

  start(): void {
    this.done = false;
    const { schedule, verdict } = this.world;
    schedule.start(
      WORLD,
      'shopper',
      async () => {
        await this.live();
        this.done = true;
      },
      (error) => verdict.fail('simulator', error instanceof Error ? (error.stack ?? '') : String(error)),
    );
  }

  private async live(): Promise<void> {
    for (;;) {
      const award = await this.scan();
      if (award === null) return;
      if (await this.collect(award)) return;
    }
  }

  /** Returns the id of the award, or null when there is nothing to collect. */
  private async scan(): Promise<string | null> {
    const more = this.answered === null ? this.wish.requests : 1;
    for (let tries = 0; ; tries++) {
      const { databases } = this.world;
      const answers = await Promise.all(Array.from({ length: tries === 0 ? more : 1 }, () => this.ask()));
      // While one answer was waited for, another may have become one of a database that is no more.
      const valid = databases === this.world.databases ? answers : [];
      const texts = valid.flatMap((answer) => (answer.kind === 'ok' ? [answer.value] : []));
      for (const text of texts) this.compare(text);
      if (texts[0] !== undefined) return this.awardIn(texts[0]);
      await this.pause(500, 3_000);
    }
  }

  private async ask(): Promise<Answer<string>> {
    const code = this.world.codeTexts.get(this.payoutKey)!;
    const { databases } = this.world;
    const answer = await this.world.cluster.ask(this.chance.pick(SCANNERS), 'scan', async (api) => {
      const outcome = await api.get(ScanCode).run({
        ...{ member: this.member.id, scanId: this.scanId, code, ip: null, location: null, withoutLocation: false },
      });
      if (outcome.kind !== 'answered') throw new Error(`a genuine code was answered ${outcome.kind}`);
      return outcome.answer;
    });
    this.world.judge(answer);
    return databases === this.world.databases ? answer : { kind: 'lost' };
  }

  /** I12: one scan, one answer, and it is on record. */
  private compare(text: string): void {
    const { verdict, watch } = this.world;
    this.answered ??= text;
    verdict.check(this.answered === text, 'I12', () => `scan ${this.scanId} was answered in two ways`);
    const kept = watch.rewards.answer(String(this.member.id), this.scanId);
    verdict.check(
      asSent(kept) === text,
      'I12',
      () => `scan ${this.scanId} was answered, but this answer is not on record`,
    );
  }

  private awardIn(text: string): string | null {
    const { reward } = JSON.parse(text) as ScanAnswer;
    return reward && reward.kind !== 'nothing' ? reward.awardId : null;
  }

  /** False when the award is no longer known: the database is an older one now. */
  private async collect(awardId: string): Promise<boolean> {
    for (let look = 0; look < MOST_LOOKS; look++) {
      if (this.world.home) return true;
      this.resting = this.world.withPeople(this.payoutKey);
      if (this.resting) {
        if (this.chance.happens(TAPS_ANYHOW)) await this.tap(awardId);
        await this.pause(3_000, 9_000);
        continue;
      }
      const answer = await this.look(awardId, look);
      if (answer.kind === 'ok' && (await this.act(awardId, answer.value))) return true;
      if (answer.kind === 'failed' && answer.error instanceof Rejected && answer.error.code === 'no_such_award')
        return false;
      await this.untilNews();
    }
    throw new Error(`${this.payoutKey} was looked at ${MOST_LOOKS} times and is not collected`);
  }

  private async look(awardId: string, look: number): Promise<Answer<AwardView>> {
    const refresh = this.wish.refreshes && look > 0 && this.chance.happens(0.5);
    const answer = await this.world.cluster.ask(API, refresh ? 'refresh' : 'look', (api) =>
      refresh ? api.get(ClaimAward).refresh(this.member.id, awardId) : api.get(AwardViews).one(this.member.id, awardId),
    );
    this.world.judge(answer);
    return answer;
  }

  /** Returns whether the story is over. */
  private async act(awardId: string, view: AwardView): Promise<boolean> {
    if (view.state === 'settled') return true;
    const inVain = view.state === 'processing' && this.chance.happens(TAPS_ANYHOW);
    if (inVain || view.state === 'ready' || view.state === 'expired' || view.state === 'failed') {
      await Promise.all(Array.from({ length: this.wish.tapsTwice ? 2 : 1 }, () => this.tap(awardId)));
    }
    if (view.state === 'confirm' && view.confirm) this.confirm(view.confirm.package);
    if (view.state === 'processing') this.openPacket();
    return false;
  }

  private async tap(awardId: string): Promise<void> {
    this.world.judge(
      await this.world.cluster.ask(API, 'claim', (api) => api.get(ClaimAward).run(this.member.id, awardId)),
    );
  }

  private confirm(pack: string): void {
    const { platform } = this.world;
    const bill = [...platform.bills.values()].find((one) => one.package === pack);
    if (!bill || this.ignores(bill.billNo)) return;
    platform.take(bill, this.member.openid, pack);
  }

  /** A packet waits in the chat, not on our page. */
  private openPacket(): void {
    const { platform } = this.world;
    for (const bill of platform.bills.values()) {
      if (bill.kind !== 'packet' || bill.openid !== this.member.openid || this.ignores(bill.billNo)) continue;
      platform.take(bill, this.member.openid, null);
    }
  }

  private readonly seen = new Set<string>();

  private ignores(billNo: string): boolean {
    if (this.world.drained) return false;
    if (!this.seen.has(billNo)) {
      this.seen.add(billNo);
      this.ignored++;
    }
    return this.ignored <= this.wish.ignores;
  }

  /** Looks again when there is something new to see, and now and then although there is not. */
  private async untilNews(): Promise<void> {
    const before = this.visible();
    do await this.pause(4_000, 16_000);
    while (this.visible() === before && !this.chance.happens(LOOKS_ANYHOW));
  }

  private visible(): string {
    const { watch } = this.world;
    const payout = watch.payouts.payouts.get(this.payoutKey);
    const shown = payout && [textIn(payout, 'state'), textIn(payout, 'offer_no'), isNull(payout, 'package_sealed')];
    return [this.world.databases, watch.incidentsOf(this.payoutKey).size, ...(shown ?? [])].join(' ');
  }

  private async pause(leastMs: number, mostMs: number): Promise<void> {
    await this.world.schedule.sleep(WORLD, 'shopper waits', this.chance.span(leastMs, mostMs));
  }
}

/** What many answers say alike is kept as a number (`WholeAnswers`); here no campaign has a look and no lot a story. */
function asSent(kept: string | null): string | null {
  if (kept === null) return null;
  return kept.replace(/"lookOf":(?:\d+|null)/, '"look":null').replace(/"stagesOf":(?:\d+|null)/, '"stages":[]');
}
