import type { BottleKind } from './plan';
import type { ScanAnswer } from './wire';

/** A prize somebody was told of. */
export interface Win {
  readonly awardId: string;
  readonly userId: string;
  readonly code: string;
  readonly kind: string;
  readonly amountFen: number;
}

/** What the shoppers saw. */
export class Tally {
  /** scanId of every scan that was answered with 200. */
  readonly scanIds = new Set<string>();
  readonly verdicts = new Map<string, number>();
  readonly refusals = new Map<string, number>();
  readonly wins = new Map<string, Win>();
  /** Fen in each packet that a later bottle opened. */
  readonly opened: number[] = [];
  /** Promises to shoppers that were broken. */
  readonly wrongs: string[] = [];
  requests = 0;
  retried = 0;
  signIns = 0;
  signInRounds = 0;
  confirmed = 0;
  gaveUp = 0;

  wrong(text: string): void {
    this.wrongs.push(text);
  }

  answered(userId: string, kind: BottleKind, code: string, answer: ScanAnswer): void {
    this.scanIds.add(answer.scanId);
    bump(this.verdicts, answer.verdict);
    if (answer.refusal) bump(this.refusals, answer.refusal.reason);
    if (kind === 'void' && answer.verdict !== 'void') this.wrong(`a void code was answered ${answer.verdict}`);
    if (kind === 'inactive' && answer.verdict !== 'not_active') {
      this.wrong(`a code that is not active was answered ${answer.verdict}`);
    }
    for (const { amountFen } of answer.opened) this.opened.push(amountFen);
    const { reward } = answer;
    if (!reward) return;
    if (kind !== 'own' && kind !== 'shared') this.wrong(`a code of kind ${kind} gave a prize`);
    // What a locked packet holds is only told when it is open.
    const amountFen = reward.kind === 'locked' ? 0 : (reward.amountFen ?? 0);
    const win = { awardId: reward.awardId, userId, code, kind: reward.kind, amountFen };
    const known = this.wins.get(code);
    if (known && (known.awardId !== win.awardId || known.userId !== userId || known.amountFen !== win.amountFen)) {
      this.wrong(`I11 code ${code} has two winners or two prizes: ${known.userId} and ${userId}`);
    }
    this.wins.set(code, win);
  }

  /** A code that is not ours, or no code at all. */
  turnedAway(kind: BottleKind, status: number): void {
    const expected = kind === 'forged' ? 404 : 400;
    bump(this.verdicts, kind);
    if (status !== expected) this.wrong(`a ${kind} code was answered ${status} instead of ${expected}`);
  }

  ofKind(kind: string): Win[] {
    return [...this.wins.values()].filter((win) => win.kind === kind);
  }
}

export function bump(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
