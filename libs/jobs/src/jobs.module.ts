import {
  Global,
  Inject,
  Injectable,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { LOGGER, type Logger } from '@app/observability';
import { BullQueues } from './bull-queues';
import { FirstSteps } from './first-steps';
import { HandlerRegistry } from './handler-registry';
import { Intervals, RunsEvery } from './intervals';
import { JobRunner } from './job-runner';
import { Leases } from './leases';
import { Outbox } from './outbox';
import { OutboxRows } from './outbox-rows';
import { Relay } from './relay';
import { Watchdog } from './watchdog';

const DRAIN_MS = 8000;
const KEEP_DONE_DAYS = 7;
const PURGE_AT_ONCE = 5000;

/** Housekeeping of the outbox itself. */
@Injectable()
export class OutboxKeeper {
  constructor(
    private readonly rows: OutboxRows,
    private readonly relay: Relay,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  @RunsEvery('jobs.gauges', () => 10_000)
  async gauges(): Promise<void> {
    await this.relay.updateGauges();
  }

  @RunsEvery('jobs.purge', () => 60_000)
  async purge(): Promise<void> {
    const removed = await this.rows.purge(KEEP_DONE_DAYS, PURGE_AT_ONCE);
    if (removed > 0) this.log.info({ removed }, 'old outbox rows removed');
  }
}

@Injectable()
class JobsLife implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly registry: HandlerRegistry,
    private readonly relay: Relay,
    private readonly intervals: Intervals,
    private readonly first: FirstSteps,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.registry.collect(true);
    await this.first.run();
    this.relay.start();
    this.intervals.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.relay.stop(DRAIN_MS), this.intervals.stop()]);
  }
}

const SENDING = [Outbox, OutboxRows, Leases];
const RUNNING = [FirstSteps, HandlerRegistry, JobRunner, BullQueues, Relay, Intervals, OutboxKeeper, Watchdog];

/** `run: false` for processes that only append (api); `run: true` for the worker, which relays, handles and keeps intervals. */
@Global()
@Module({})
export class JobsModule {
  static forRoot({ run }: { run: boolean }): DynamicModule {
    return {
      module: JobsModule,
      imports: [DiscoveryModule],
      providers: run ? [...SENDING, ...RUNNING, JobsLife] : SENDING,
      exports: run ? [...SENDING, ...RUNNING] : SENDING,
    };
  }
}
