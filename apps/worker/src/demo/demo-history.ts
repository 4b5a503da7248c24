import { Injectable } from '@nestjs/common';
import { CodeBook } from '@app/codes';
import type { MemberId, ScanId } from '@app/kernel';
import { SignIn } from '@app/members';
import { ExplainScan, ScanCode, ScanTime } from '@app/scans';
import type { DemoBrand } from './demo-brand';
import { groupsOf, openingTimes } from './demo-calendar';
import { Crowd } from './demo-crowd';
import type { DemoPerson } from './demo-people';
import { TOUR_PEOPLE } from './demo-tour';
import type { Dice } from './dice';
import { PretendedClock } from './pretended-clock';

/** How often a bottle that was opened is scanned again, by its owner or by a friend. */
const AGAIN_SHARE = 0.06;
/** Bottles of the batch that somebody forgot to put on sale. */
const FORGOTTEN_SHARE = 0.01;
const SIGN_INS_AT_ONCE = 8;
const LATE_DIVISOR = 4;
/** How the teas sell beside each other, and the two small launches behind them. */
const SALES = { teas: [5, 3, 2, 1], experiment: 1.2, dealt: 0.3 };

export interface DemoHistory {
  readonly scans: number;
  /** Prizes that can be claimed, the oldest first. */
  readonly wins: readonly DemoWin[];
  /** In the order of the people. */
  readonly members: readonly MemberId[];
}

export interface DemoWin {
  readonly member: MemberId;
  readonly awardId: string;
  readonly wonAt: Date;
}

interface Bottle {
  readonly code: string;
  readonly person: number;
}

/** Past scans of invented people, written by the real scan path under a pretended clock. */
@Injectable()
export class DemoHistoryWriter {
  constructor(
    private readonly codeBook: CodeBook,
    private readonly signIn: SignIn,
    private readonly scanCode: ScanCode,
    private readonly scanTime: ScanTime,
    private readonly scans: ExplainScan,
    private readonly clock: PretendedClock,
  ) {}

  async isWritten(): Promise<boolean> {
    return this.scans.anyOf();
  }

  /**
   * Aims at `budgetMs`; the story always reaches `to`. What is `booked` by the clock of its own time (prizes of which some are paid soon
   * after) takes a little longer to write.
   */
  async write(
    brand: DemoBrand,
    people: readonly DemoPerson[],
    openids: readonly string[],
    story: { from: Date; to: Date; booked?: { from: Date; to: Date }; count: number; budgetMs: number; dice: Dice },
  ): Promise<DemoHistory> {
    const members = await this.members(openids);
    const { booked } = story;
    const bottles = this.bottles(brand, people, story.dice);
    const groups = groupsOf(openingTimes(story.from, story.to, story.count, story.dice), story.to);
    const wins: DemoWin[] = [];
    const began = performance.now();
    let scans = 0;
    for (const [index, times] of groups.entries()) {
      const late = (performance.now() - began) / story.budgetMs > (index + 1) / groups.length;
      // On a slow machine the story is told thinner, never shorter.
      const told = late ? times.slice(0, Math.ceil(times.length / LATE_DIVISOR)) : times;
      const moment = times[times.length >> 1]!;
      this.scanTime.now = () => Promise.resolve(moment);
      const tell = () => Promise.all(told.map(() => this.scan(bottles.next(index / groups.length), members, people)));
      const isBooked = booked !== undefined && moment >= booked.from && moment < booked.to;
      const answers = isBooked ? await this.clock.at(moment, tell) : await tell();
      scans += answers.length;
      for (const answer of answers) if (answer) wins.push({ ...answer, wonAt: moment });
    }
    return { scans, wins, members };
  }

  /** One scan more, of a code and a person that the story names. */
  async tell(at: Date, bottle: { code: string; member: MemberId; person: DemoPerson }): Promise<void> {
    this.scanTime.now = () => Promise.resolve(at);
    await this.scan({ code: bottle.code, person: 0 }, [bottle.member], [bottle.person]);
  }

  private async members(openids: readonly string[]): Promise<MemberId[]> {
    const members: MemberId[] = [];
    for (let start = 0; start < openids.length; start += SIGN_INS_AT_ONCE) {
      const part = openids.slice(start, start + SIGN_INS_AT_ONCE);
      members.push(...(await Promise.all(part.map((openid) => this.signIn.run({ openid })))));
    }
    return members;
  }

  private bottles(brand: DemoBrand, people: readonly DemoPerson[], dice: Dice): { next(progress: number): Bottle } {
    const thirst = people.map((person) => person.thirst);
    const crowd = new Crowd(thirst, Math.min(TOUR_PEOPLE.length, people.length), dice);
    const nextSerial = new Map<number, number>();
    const opened: Bottle[] = [];
    const { experiment, dealt } = brand.specials;
    const batches = [...brand.teas, experiment, dealt].map(({ batchId }) => batchId);
    const weights = [...SALES.teas, SALES.experiment, SALES.dealt];
    const take = (batch: number): string => {
      const serial = nextSerial.get(batch) ?? 0;
      nextSerial.set(batch, serial + 1 + dice.below(3));
      return this.codeBook.encode({ batch, layer: 0, serial });
    };
    return {
      next: (progress) => {
        const person = crowd.next(progress);
        const chance = dice.next();
        if (chance < AGAIN_SHARE && opened.length > 0) {
          const before = opened[dice.below(opened.length)]!;
          return dice.next() < 0.6 ? before : { ...before, person };
        }
        if (chance > 1 - FORGOTTEN_SHARE) return { code: take(brand.forgottenBatchId), person };
        const bottle = { code: take(batches[dice.weighted(weights)]!), person };
        opened.push(bottle);
        return bottle;
      },
    };
  }

  private count = 0;

  /** The prize, when the scan won money. */
  private async scan(
    { code, person }: Bottle,
    members: readonly MemberId[],
    people: readonly DemoPerson[],
  ): Promise<Pick<DemoWin, 'member' | 'awardId'> | null> {
    const member = members[person]!;
    const { ip, adcode } = people[person]!;
    const scanId = `demo-${String(++this.count).padStart(11, '0')}` as ScanId;
    const outcome = await this.scanCode.run({
      member,
      scanId,
      code,
      ip,
      location: null,
      withoutLocation: adcode === null,
    });
    if (outcome.kind !== 'answered') return null;
    const { verdict, reward } = JSON.parse(outcome.answer) as {
      verdict: string;
      reward: { awardId: string; kind: string } | null;
    };
    return verdict === 'first' && reward?.kind === 'cash' ? { member, awardId: reward.awardId } : null;
  }
}
