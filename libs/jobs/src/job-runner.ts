import { Inject, Injectable } from '@nestjs/common';
import { isConnectionLost, isRolledBack } from '@app/database';
import { Transient } from '@app/kernel';
import { counter, histogram, LOGGER, withCorrelation, type Logger } from '@app/observability';
import { HandlerRegistry, type Delivery } from './handler-registry';
import { backoffMs, type Job } from './job';
import { OPEN, type OutboxRow } from './outbox';
import { OutboxRows } from './outbox-rows';

const runs = counter('job_runs_total', 'Job deliveries by outcome', ['job', 'outcome'] as const);
const seconds = histogram('job_seconds', 'Time of one job run', ['job'] as const);

/**
 * Runs one outbox row. One of the two places where thrown trouble gets its meaning: Transient and a lost database come again with
 * back-off, everything else counts as an attempt and is parked as dead at the job's limit.
 */
@Injectable()
export class JobRunner {
  private startedAt = performance.now();

  constructor(
    private readonly registry: HandlerRegistry,
    private readonly rows: OutboxRows,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** The queue carries only the id: a made-up job in Redis finds no row and does nothing. */
  async runByIds(outboxIds: readonly string[]): Promise<void> {
    await this.runAll(await this.rows.findAll(outboxIds));
  }

  /** Rows that go together; each succeeds or fails by itself. Throws when what became of one could not be written down. */
  async runAll(rows: readonly OutboxRow[]): Promise<void> {
    const ends = await Promise.allSettled(rows.map((row) => this.run(row)));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  /** Milliseconds since this process last began a job, or since it was made. */
  get idleMs(): number {
    return performance.now() - this.startedAt;
  }

  async run(row: OutboxRow): Promise<void> {
    if (row.status !== OPEN) return;
    const found = this.registry.find(row.job);
    if (!found) {
      this.log.error({ outboxId: row.id, job: row.job }, 'no handler for this job; parked');
      return this.rows.park(row.id, 'unknown job');
    }
    await withCorrelation({ jobName: row.job, outboxId: row.id }, () => this.attempt(row, found.job, found.handler));
  }

  private async attempt(
    row: OutboxRow,
    job: Job<never>,
    handler: { handle(payload: never, delivery: Delivery): Promise<void> },
  ): Promise<void> {
    this.startedAt = performance.now();
    const stop = seconds.startTimer({ job: job.name });
    try {
      const payload = job.payload.parse(JSON.parse(row.payload));
      let completed = false;
      await handler.handle(payload, {
        outboxId: row.id,
        delivery: row.deliveries,
        completeIn: async (tx) => {
          completed = true;
          return this.rows.complete(tx, row.id);
        },
      });
      if (!completed) await this.rows.completeAlone(row.id);
      runs.inc({ job: job.name, outcome: 'done' });
    } catch (error) {
      await this.trouble(row, job, error);
    } finally {
      stop();
    }
  }

  private async trouble(row: OutboxRow, job: Job<never>, error: unknown): Promise<void> {
    const reason = error instanceof Error ? error.message : String(error);
    const passing = error instanceof Transient || isConnectionLost(error) || isRolledBack(error);
    if (passing) {
      runs.inc({ job: job.name, outcome: 'later' });
      this.log.warn({ job: job.name, reason }, 'job will come again');
      const wait = Math.max(
        backoffMs(job, row.deliveries),
        error instanceof Transient ? error.retryAfterSeconds * 1000 : 0,
      );
      return this.rows.postpone(row.id, wait, reason, false);
    }
    if (row.failures + 1 >= job.attempts) {
      runs.inc({ job: job.name, outcome: 'dead' });
      this.log.error({ job: job.name, err: error }, 'job is dead; a person must look');
      return this.rows.park(row.id, reason);
    }
    runs.inc({ job: job.name, outcome: 'failed' });
    this.log.warn({ job: job.name, err: error }, 'job failed and will be tried again');
    await this.rows.postpone(row.id, backoffMs(job, row.failures + 1), reason, true);
  }
}
