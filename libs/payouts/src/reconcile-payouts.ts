import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@app/database';
import { HandlesJob, RunsEvery, type JobHandler } from '@app/jobs';
import { gauge, LOGGER, type Logger } from '@app/observability';
import { DrivePayout } from './drive-payout';
import { SendPayout } from './jobs';
import { DRIVEN_STATES } from './payout-state';
import { PayoutsRepository } from './payouts.repository';

const AT_ONCE = 16;
const BATCH = 200;
/** Stays below the shortest lease of an interval. */
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
export class ReconcilePayouts {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly database: Database,
    private readonly payouts: PayoutsRepository,
    private readonly drive: DrivePayout,
  ) {}

  @RunsEvery('payouts.reconcile', (waits) => waits.reconcileEveryMs)
  async run(): Promise<void> {
    const until = performance.now() + LONGEST_RUN_MS;
    let found: number;
    do {
      const keys = await this.payouts.due(this.database, DRIVEN_STATES, BATCH);
      found = keys.length;
      dueNow.set(found);
      await this.driveAll(keys, until);
    } while (found === BATCH && performance.now() < until);
  }

  private async driveAll(keys: readonly string[], until: number): Promise<void> {
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < keys.length && performance.now() < until) await this.one(keys[next++]!);
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, keys.length) }, worker));
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
