import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '@app/database';
import { HandlesJob, RunsEvery, type JobHandler } from '@app/jobs';
import { gauge, LOGGER, type Logger } from '@app/observability';
import { DrivePayout } from './drive-payout';
import { SendPayout } from './jobs';
import { DRIVEN_STATES } from '../payout-state';
import { PayoutsRepository } from './payouts.repository';

/** Below the usual pool of connections, so that handlers of the same process keep some. */
const AT_ONCE = 8;
const BATCH = 200;
const LOOK_AGAIN_MS = 100;
/** One run ends then; the next tick of the interval goes on. */
const LONGEST_RUN_MS = 20_000;

const dueNow = gauge('payouts_due', 'Payouts that were due when the reconciler last looked (at most one batch)');

/** Makes money arrive fast. */
@HandlesJob(SendPayout)
@Injectable()
export class SendPayoutHandler implements JobHandler<{ payoutKey: string }> {
  constructor(private readonly drive: DrivePayout) {}

  handle({ payoutKey }: { payoutKey: string }): Promise<void> {
    return this.drive.run(payoutKey);
  }
}

/** Makes money arrive at all: looks in MySQL for payouts that are due, whoever should have driven them. Needs no queue. */
@Injectable()
export class ReconcilePayouts implements OnModuleDestroy {
  private stopping = false;

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly database: Database,
    private readonly payouts: PayoutsRepository,
    private readonly drive: DrivePayout,
  ) {}

  /** A process that shuts down begins nothing more; what is under way ends by itself. */
  onModuleDestroy(): void {
    this.stopping = true;
  }

  /** Runs until nothing is due and nobody is busy; one slow exchange does not keep the others from being looked at. */
  @RunsEvery('payouts.reconcile', (waits) => waits.reconcileEveryMs)
  async run(): Promise<void> {
    const until = performance.now() + LONGEST_RUN_MS;
    const line = new DueLine(() => this.payouts.due(this.database, DRIVEN_STATES, BATCH));
    const worker = async (): Promise<void> => {
      while (performance.now() < until && !this.stopping) {
        const payoutKey = await line.next();
        if (payoutKey !== null) await this.one(payoutKey).finally(() => line.done(payoutKey));
        else if (line.busy) await sleep(LOOK_AGAIN_MS);
        else return;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  /** One payout that cannot be driven must not hold up the others; it stays due and comes again. */
  private async one(payoutKey: string): Promise<void> {
    try {
      await this.drive.run(payoutKey);
    } catch (error) {
      this.logger.warn({ err: error, payoutKey }, 'payout.drive_failed');
    }
  }
}

/** Hands out due payouts one by one and looks for more when it has none left. */
class DueLine {
  private readonly waiting: string[] = [];
  private readonly driven = new Set<string>();
  private looking: Promise<void> | null = null;

  constructor(private readonly due: () => Promise<string[]>) {}

  get busy(): boolean {
    return this.driven.size > 0;
  }

  async next(): Promise<string | null> {
    if (this.waiting.length === 0) {
      this.looking ??= this.look().finally(() => (this.looking = null));
      await this.looking;
    }
    const payoutKey = this.waiting.shift() ?? null;
    if (payoutKey !== null) this.driven.add(payoutKey);
    return payoutKey;
  }

  done(payoutKey: string): void {
    this.driven.delete(payoutKey);
  }

  private async look(): Promise<void> {
    const found = await this.due();
    dueNow.set(found.length);
    this.waiting.push(...found.filter((payoutKey) => !this.driven.has(payoutKey)));
  }
}
