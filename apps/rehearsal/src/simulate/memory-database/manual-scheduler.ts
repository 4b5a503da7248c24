import type { Parked, Scheduler } from './scheduler';

interface Sleeper {
  readonly at: number;
  readonly end: (how: 'woken' | 'timeout') => void;
}

/** A scheduler without choices, for tests: every step goes on at once, and time stands still until it is moved. */
export class ManualScheduler implements Scheduler {
  private readonly sleepers = new Set<Sleeper>();

  constructor(private time: number) {}

  now(): number {
    return this.time;
  }

  turn(): Promise<void> {
    return Promise.resolve();
  }

  park(_process: string, _label: string, timeoutMs: number): Parked {
    let end!: Sleeper['end'];
    const done = new Promise<'woken' | 'timeout'>((resolve) => (end = resolve));
    const sleeper = { at: this.time + timeoutMs, end };
    this.sleepers.add(sleeper);
    return { done, wake: () => this.sleepers.delete(sleeper) && end('woken') };
  }

  /** Lets time pass; who waited long enough goes on. */
  advance(ms: number): void {
    this.time += ms;
    for (const sleeper of this.sleepers) {
      if (sleeper.at > this.time) continue;
      this.sleepers.delete(sleeper);
      sleeper.end('timeout');
    }
  }
}
