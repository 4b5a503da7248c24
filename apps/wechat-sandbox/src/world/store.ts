import type { SandboxEvent } from './event';
import type { EventLog } from './event-log';
import type { World } from './world';

/** Changes the world and writes the change down, in that order within one turn: an event the world refuses never reaches the file. */
export class Store {
  private readonly listeners: ((event: SandboxEvent) => void)[] = [];

  constructor(
    readonly world: World,
    private readonly log: EventLog,
    private readonly wallClock: () => number,
  ) {}

  /** Real time, epoch milliseconds: signatures, OAuth codes and tokens live by it. */
  wallNow(): number {
    return this.wallClock();
  }

  /** Pretended time, epoch milliseconds: bills and packets live by it. */
  now(): number {
    return this.wallClock() + this.world.clockOffsetMs;
  }

  onEvent(listener: (event: SandboxEvent) => void): void {
    this.listeners.push(listener);
  }

  /** Events that belong together share one write. When the world refuses one, those before it stay and are written. */
  commit(...events: SandboxEvent[]): void {
    const done: SandboxEvent[] = [];
    try {
      for (const event of events) {
        this.world.apply(event);
        done.push(event);
      }
    } finally {
      if (done.length > 0) this.log.append(done);
    }
    for (const event of done) for (const listener of this.listeners) listener(event);
  }
}
