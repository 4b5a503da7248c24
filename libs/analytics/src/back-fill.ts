import { Inject, Injectable } from '@nestjs/common';
import { Database, databaseNow, UnitOfWork } from '@app/database';
import { RunsEvery } from '@app/jobs';
import { LOGGER, type Logger } from '@app/observability';
import { FoldFacts } from './fold-facts';
import { ScanFactsRepository } from './scan-facts.repository';

/**
 * The watermark stays this far behind the clock: a group of scans takes its time when it begins and is seen when it commits, and
 * no group, retries included, is open that long.
 */
const GRACE_MS = 300_000;
const SLICE_MS = 600_000;
const SCANS_AT_ONCE = 500;
const SLICES_A_RUN = 200;
/** Up to when every scan has its fact. */
export const BACK_FILL_MARK = 'back-fill';

/** Looks behind the jobs: whatever scan has no fact, for whatever reason, is counted here. */
@Injectable()
export class BackFill {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly facts: ScanFactsRepository,
    private readonly foldFacts: FoldFacts,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  @RunsEvery('analytics.back-fill', (waits) => waits.backfillEveryMs)
  async run(): Promise<void> {
    const end = new Date((await databaseNow(this.database)).getTime() - GRACE_MS);
    const filled = await this.runTo(end);
    if (filled > 0) this.log.warn({ filled }, 'scans were counted by back-fill');
  }

  /** Goes on from the watermark to `end`, a bounded stretch at a time. Returns how many scans had been missing. */
  async runTo(end: Date): Promise<number> {
    let filled = 0;
    let from = await this.begin();
    for (let slice = 0; slice < SLICES_A_RUN && from !== null && from < end; slice++) {
      const to = new Date(Math.min(from.getTime() + SLICE_MS, end.getTime()));
      filled += await this.fill(from, to);
      await this.advance(to);
      from = await this.facts.firstScanFrom(this.database, to);
    }
    return filled;
  }

  /** Counts what is missing in `[from, to)`. */
  async fill(from: Date, to: Date): Promise<number> {
    let filled = 0;
    for (;;) {
      const missing = await this.facts.missing(this.database, from, to, SCANS_AT_ONCE);
      if (missing.length === 0) return filled;
      filled += await this.unitOfWork.run((tx) => this.foldFacts.run(tx, missing));
    }
  }

  private async begin(): Promise<Date | null> {
    const [row] = await this.database.query<{ at: Date }>('SELECT mark_at AS at FROM rollup_marks WHERE name = ?', [
      BACK_FILL_MARK,
    ]);
    return this.facts.firstScanFrom(this.database, row?.at ?? new Date(0));
  }

  private async advance(to: Date): Promise<void> {
    await this.unitOfWork.run((tx) =>
      tx.execute(
        'INSERT INTO rollup_marks (name, mark_at) VALUES (?,?) ON DUPLICATE KEY UPDATE mark_at = GREATEST(mark_at, VALUES(mark_at))',
        [BACK_FILL_MARK, to],
      ),
    );
  }
}
