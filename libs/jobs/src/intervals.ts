import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { CONFIG, type Config, type Waits } from '@app/config';
import { counter, LOGGER, withCorrelation, type Logger } from '@app/observability';
import { Leases } from './leases';

interface Interval {
  readonly name: string;
  readonly everyMs: (waits: Waits) => number;
}

const RUNS_EVERY = Symbol('runs-every');
const outcomes = counter('interval_runs_total', 'Runs of interval work by outcome', ['name', 'outcome'] as const);

/** Declares a method as work that one worker of all runs again and again. It must bear being run twice at a time. */
export function RunsEvery(name: string, everyMs: (waits: Waits) => number) {
  return (target: object, key: string): void => {
    Reflect.defineMetadata(RUNS_EVERY, { name, everyMs } satisfies Interval, target, key);
  };
}

/** Drives every RunsEvery method: a lease row lets one process at a time run each. */
@Injectable()
export class Intervals {
  private readonly stopping = new AbortController();
  private readonly loops: Promise<void>[] = [];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly leases: Leases,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  start(): void {
    const found = this.found();
    // Each loop waits on the one signal; Node would take more than ten for a leak.
    setMaxListeners(found.length + 1, this.stopping.signal);
    for (const { interval, run } of found) {
      this.loops.push(this.loop(interval.name, interval.everyMs(this.config.waits), run));
    }
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.loops);
  }

  private found(): { interval: Interval; run: () => Promise<void> }[] {
    return this.discovery.getProviders().flatMap(({ instance }) => {
      if (!instance || typeof instance !== 'object') return [];
      const prototype = Object.getPrototypeOf(instance) as Record<string, unknown> | null;
      if (!prototype) return [];
      return this.scanner.getAllMethodNames(prototype).flatMap((method) => {
        const interval = Reflect.getMetadata(RUNS_EVERY, prototype, method) as Interval | undefined;
        if (!interval) return [];
        const target = instance as Record<string, () => Promise<void>>;
        return [{ interval, run: () => target[method]!() }];
      });
    });
  }

  private async loop(name: string, everyMs: number, run: () => Promise<void>): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        const ran = await this.leases.once(name, everyMs, () => withCorrelation({ jobName: name }, run));
        if (ran) outcomes.inc({ name, outcome: 'done' });
      } catch (error) {
        outcomes.inc({ name, outcome: 'failed' });
        this.log.warn({ err: error, name }, 'interval work failed; comes again');
      }
      await sleep(everyMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }
}
