import { setTimeout as sleep } from 'node:timers/promises';
import type { UnitOfWork } from '@app/database';
import { Actor, type Action, type Outcome } from './actor';

/** A step of a script: what one of two transactions does. */
export interface Step {
  readonly who: 0 | 1;
  readonly what: Action | 'commit' | 'rollback';
  readonly name: string;
}

/** How long a statement that should wait is given to show that it does not. */
const LOOK_MS = 12;

/**
 * InnoDB looks for duplicates of a unique key beside the primary one from the first entry that is not smaller, and entries of rows that
 * were deleted or rolled back stay for a while: then an INSERT also waits for a neighbour that is not committed. Rows tell nothing of it.
 */
const MAY_WAIT_LONGER = /^[01]: INSERT INTO (payout_incidents|campaign_submissions) /;

interface Pair {
  readonly memory: Actor;
  readonly maria: Actor;
}

/**
 * Plays one script on both databases, a step on both before the next, and compares each outcome. What waits in memory must wait in
 * MariaDB too. Ends early where both gave up another transaction of the same deadlock: which one is no promise.
 */
export class TwoSides {
  readonly differences: string[] = [];
  private readonly pairs: (Pair | null)[] = [null, null];
  private readonly waiting: ({ name: string; outcome: Outcome | null; maria: Promise<Outcome> } | null)[] = [
    null,
    null,
  ];

  constructor(
    private readonly memory: UnitOfWork,
    private readonly maria: UnitOfWork,
    private readonly prepare: Action,
  ) {}

  async play(steps: readonly Step[]): Promise<readonly string[]> {
    for (const step of steps) {
      if (this.differences.length > 0) break;
      if (this.waiting[step.who]) continue;
      if (!(await this.step(step))) break;
    }
    await this.endAll();
    return this.differences;
  }

  private async step({ who, what, name }: Step): Promise<boolean> {
    const pair = (this.pairs[who] ??= await this.open());
    if (typeof what === 'string') {
      this.pairs[who] = null;
      if (pair.memory.over) return true;
      await Promise.all([pair.memory.end(what), pair.maria.end(what)]);
      return this.look();
    }
    const entry: { name: string; outcome: Outcome | null; maria: Promise<Outcome> } = {
      name: `${who}: ${name}`,
      outcome: null,
      maria: pair.maria.do(what),
    };
    void pair.memory.do(what).then((outcome) => (entry.outcome = outcome));
    await quiet();
    this.waiting[who] = entry;
    if (entry.outcome === null) {
      const early = await Promise.race([entry.maria, sleep(LOOK_MS, null)]);
      if (early !== null && !early.startsWith('error 1213')) {
        this.differences.push(`${entry.name} waits in memory, in MariaDB ${early}`);
      }
    }
    return this.look();
  }

  /** Compares whatever has come to an end in memory. */
  private async look(): Promise<boolean> {
    await quiet();
    for (const who of [0, 1] as const) {
      const entry = this.waiting[who];
      if (!entry || entry.outcome === null) continue;
      this.waiting[who] = null;
      if (entry.outcome === 'error 1213') return this.deadlocked(entry.maria);
      const maria = await entry.maria;
      if (maria === 'error 1205' && MAY_WAIT_LONGER.test(entry.name)) return false;
      if (maria !== entry.outcome)
        this.differences.push(`${entry.name}\n  memory ${entry.outcome}\n  MariaDB ${maria}`);
      if (this.pairs[who]!.memory.over) this.pairs[who] = null;
    }
    return true;
  }

  /** One of both is given up; the script ends here, on both sides, with nothing left but a rollback. */
  private async deadlocked(maria: Promise<Outcome>): Promise<false> {
    const others = this.waiting.flatMap((entry) => (entry ? [entry.maria] : []));
    const given = await Promise.race([maria, ...others]);
    if (given !== 'error 1213' && !(await Promise.all([maria, ...others])).includes('error 1213')) {
      this.differences.push('a deadlock in memory that MariaDB does not have');
    }
    return false;
  }

  private async endAll(): Promise<void> {
    for (const pair of this.pairs) {
      if (!pair) continue;
      for (const actor of [pair.memory, pair.maria]) {
        if (actor.over) continue;
        // What still waits is freed by the other's rollback, or by the end of its patience.
        if (!actor.pending) await actor.end('rollback');
      }
    }
    for (const pair of this.pairs) {
      if (!pair) continue;
      for (const actor of [pair.memory, pair.maria]) {
        await actor.pending;
        await quiet();
        if (!actor.over) await actor.end('rollback');
      }
    }
  }

  private async open(): Promise<Pair> {
    const pair = { memory: new Actor(this.memory), maria: new Actor(this.maria) };
    await pair.maria.do(this.prepare);
    return pair;
  }
}

/** Until nothing of the memory database moves any more. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
