import { Injectable } from '@nestjs/common';
import { CodeBook } from '@app/codes';
import type { MemberId, ScanId } from '@app/kernel';
import { SignIn } from '@app/members';
import { ExplainScan, ScanCode, ScanTime } from '@app/scans';
import type { DemoBrand } from './demo-brand';
import { groupsOf, openingTimes } from './demo-calendar';
import type { DemoPerson } from './demo-people';
import type { Dice } from './dice';

/** How often a bottle that was opened is scanned again, by its owner or by a friend. */
const AGAIN_SHARE = 0.06;
/** Bottles of the batch that somebody forgot to put on sale. */
const FORGOTTEN_SHARE = 0.01;
const SIGN_INS_AT_ONCE = 8;
const LATE_DIVISOR = 4;

export interface DemoHistory {
  readonly scans: number;
  /** Prizes that can be claimed, the oldest first. */
  readonly wins: readonly { readonly member: MemberId; readonly awardId: string }[];
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
  ) {}

  async isWritten(): Promise<boolean> {
    return this.scans.anyOf();
  }

  /** Aims at `budgetMs`; the story always reaches `to`. */
  async write(
    brand: DemoBrand,
    people: readonly DemoPerson[],
    openids: readonly string[],
    story: { from: Date; to: Date; count: number; budgetMs: number; dice: Dice },
  ): Promise<DemoHistory> {
    const members = await this.members(openids);
    const bottles = this.bottles(brand, people, story.dice);
    const groups = groupsOf(openingTimes(story.from, story.to, story.count, story.dice), story.to);
    const wins: { member: MemberId; awardId: string }[] = [];
    const began = performance.now();
    let scans = 0;
    for (const [index, times] of groups.entries()) {
      const late = (performance.now() - began) / story.budgetMs > (index + 1) / groups.length;
      // On a slow machine the story is told thinner, never shorter.
      const told = late ? times.slice(0, Math.ceil(times.length / LATE_DIVISOR)) : times;
      const moment = times[times.length >> 1]!;
      this.scanTime.now = () => Promise.resolve(moment);
      const answers = await Promise.all(told.map(() => this.scan(bottles.next(), members, people)));
      scans += answers.length;
      for (const answer of answers) if (answer) wins.push(answer);
    }
    return { scans, wins };
  }

  private async members(openids: readonly string[]): Promise<MemberId[]> {
    const members: MemberId[] = [];
    for (let start = 0; start < openids.length; start += SIGN_INS_AT_ONCE) {
      const part = openids.slice(start, start + SIGN_INS_AT_ONCE);
      members.push(...(await Promise.all(part.map((openid) => this.signIn.run({ openid })))));
    }
    return members;
  }

  private bottles(brand: DemoBrand, people: readonly DemoPerson[], dice: Dice): { next(): Bottle } {
    const thirst = people.map((person) => person.thirst);
    const nextSerial = new Map<number, number>();
    const opened: Bottle[] = [];
    const take = (batch: number): string => {
      const serial = nextSerial.get(batch) ?? 0;
      nextSerial.set(batch, serial + 1 + dice.below(3));
      return this.codeBook.encode({ batch, layer: 0, serial });
    };
    return {
      next: () => {
        const person = dice.weighted(thirst);
        const chance = dice.next();
        if (chance < AGAIN_SHARE && opened.length > 0) {
          const before = opened[dice.below(opened.length)]!;
          return dice.next() < 0.6 ? before : { ...before, person };
        }
        if (chance > 1 - FORGOTTEN_SHARE) return { code: take(brand.forgottenBatchId), person };
        const bottle = { code: take(brand.teas[dice.weighted([5, 3, 2, 1])]!.batchId), person };
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
  ): Promise<{ member: MemberId; awardId: string } | null> {
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
