import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Database, UnitOfWork } from '@app/database';
import { HandlesJob, RunsEvery, type JobHandler } from '@app/jobs';
import { Defect } from '@app/kernel';
import { gauge, LOGGER, type Logger } from '@app/observability';
import { DrivePayouts } from './drive-payouts';
import { SendPayout } from './jobs';
import { DRIVEN_STATES } from '../payout-state';
import { PayoutsRepository } from './payouts.repository';

/** So many may be under way from here; the line takes them in groups, and the channels' limits say how fast. */
const AT_ONCE = 256;
const LOOK_AGAIN_MS = 100;
/** One run ends then; the next tick of the interval goes on. */
const LONGEST_RUN_MS = 20_000;

const dueNow = gauge('payouts_due', 'Payouts that were due when the reconciler last looked (at most one batch)');

/** Makes money arrive fast. */
@HandlesJob(SendPayout)
@Injectable()
export class SendPayoutHandler implements JobHandler<{ payoutKey: string }> {
  constructor(private readonly line: DrivePayouts) {}

  /** Jobs that arrive together go down the line together. */
  handle({ payoutKey }: { payoutKey: string }): Promise<void> {
    return this.line.run([payoutKey], { urgent: true });
  }
}

/** Makes money arrive at all: looks in MySQL for payouts that are due, whoever should have driven them. Needs no queue. */
@Injectable()
export class ReconcilePayouts implements OnModuleDestroy {
  private stopping = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly payouts: PayoutsRepository,
    private readonly line: DrivePayouts,
  ) {}

  /** A process that shuts down begins nothing more; what is under way ends by itself. */
  onModuleDestroy(): void {
    this.stopping = true;
  }

  /** Runs until nothing is due and nobody is busy; one slow exchange does not keep the others from being looked at. */
  @RunsEvery('payouts.reconcile', (waits) => waits.reconcileEveryMs)
  async run(): Promise<void> {
    const until = performance.now() + LONGEST_RUN_MS;
    const driven = new Map<string, Promise<void>>();
    while (performance.now() < until && !this.stopping) {
      const found = await this.payouts.due(this.database, DRIVEN_STATES, AT_ONCE);
      dueNow.set(found.length);
      for (const payoutKey of found) {
        if (driven.has(payoutKey) || driven.size >= AT_ONCE) continue;
        driven.set(
          payoutKey,
          this.one(payoutKey).finally(() => driven.delete(payoutKey)),
        );
      }
      if (driven.size === 0) return;
      await Promise.race([Promise.all(driven.values()), sleep(LOOK_AGAIN_MS)]);
    }
    await Promise.all(driven.values());
  }

  /** One payout that cannot be driven must not hold up the others: it goes to the end of those that are due. */
  private async one(payoutKey: string): Promise<void> {
    try {
      await this.line.run([payoutKey]);
    } catch (error) {
      this.logger.warn({ err: error, payoutKey }, 'payout.drive_failed');
      if (error instanceof Defect)
        await this.unitOfWork.run((tx) => this.payouts.defer(tx, payoutKey, this.config.waits.retryMs[1]));
    }
  }
}
