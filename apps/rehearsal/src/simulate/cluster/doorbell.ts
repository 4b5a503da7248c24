import type { Chance } from '../time/chance';
import type { Schedule } from '../time/schedule';

interface Ring {
  readonly queue: string;
  readonly outboxIds: readonly string[];
  readonly delivery: number;
}

type Handle = (outboxIds: readonly string[]) => Promise<void>;

/** How a seed's Redis behaves. */
export interface DoorbellManners {
  /** How often a job is delivered twice, and how often it is lost. */
  readonly twice: number;
  readonly lost: number;
  /** Longest way from ringing to handling. */
  readonly slowMs: number;
}

const QUICKEST_MS = 0.3;

/** Redis and BullMQ as the system may count on them: mostly in order, mostly once, perhaps twice, perhaps never. */
export class Doorbell {
  private readonly consumers = new Map<string, Handle>();
  private waiting = new Set<{ readonly outboxIds: readonly string[] }>();
  down = false;
  calm = false;

  constructor(
    private readonly schedule: Schedule,
    private readonly chance: Chance,
    private readonly manners: DoorbellManners,
  ) {}

  open(process: string, handle: Handle): void {
    this.consumers.set(process, handle);
  }

  close(process: string): void {
    this.consumers.delete(process);
  }

  async ring(process: string, rings: readonly Ring[]): Promise<void> {
    await this.schedule.turn(process, 'redis');
    if (this.down) throw new Error('Redis is not connected');
    for (const { outboxIds } of rings) {
      if (!this.calm && this.chance.happens(this.manners.lost)) continue;
      this.put(...outboxIds);
      if (!this.calm && this.chance.happens(this.manners.twice)) this.put(...outboxIds);
    }
  }

  /** A job that nobody of ours put there. */
  put(...outboxIds: readonly string[]): void {
    const job = { outboxIds };
    this.waiting.add(job);
    this.schedule.later(this.chance.span(QUICKEST_MS, this.manners.slowMs), () => this.deliver(job));
  }

  /** FLUSHALL: what waits is gone. */
  flush(): void {
    this.waiting = new Set();
  }

  private deliver(job: { readonly outboxIds: readonly string[] }): void {
    if (!this.waiting.has(job)) return;
    const alive = [...this.consumers].filter(([process]) => this.schedule.isAlive(process));
    if (this.down || alive.length === 0) {
      this.schedule.later(1_000, () => this.deliver(job));
      return;
    }
    this.waiting.delete(job);
    const [process, handle] = this.chance.pick(alive);
    this.schedule.start(
      process,
      'job',
      () => handle(job.outboxIds),
      () => undefined,
    );
  }
}

/** In place of `BullQueues` in one process. */
export class SimulatedQueues {
  constructor(
    private readonly process: string,
    private readonly doorbell: () => Doorbell,
  ) {}

  open(_names: readonly string[], handle: Handle): void {
    this.doorbell().open(this.process, handle);
  }

  ring(rings: readonly Ring[]): Promise<void> {
    return this.doorbell().ring(this.process, rings);
  }

  policyTrouble(): Promise<null> {
    return Promise.resolve(null);
  }

  close(): Promise<void> {
    this.doorbell().close(this.process);
    return Promise.resolve();
  }
}
