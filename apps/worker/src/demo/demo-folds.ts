import { Injectable } from '@nestjs/common';
import { AnalyticsScansRecorded } from '@app/analytics';
import { Database } from '@app/database';
import { HandlerRegistry, JobRunner } from '@app/jobs';
import { MembersScansRecorded, TierKeeper } from '@app/members';

const AT_ONCE = 16;

/**
 * What the worker would do in its first minutes, so that a newcomer meets gold cards and figures at once: profiles and tiers of the people of
 * the history, and the sums of its hours and days.
 */
@Injectable()
export class DemoFolds {
  constructor(
    private readonly database: Database,
    private readonly registry: HandlerRegistry,
    private readonly runner: JobRunner,
    private readonly tiers: TierKeeper,
  ) {}

  async run(): Promise<void> {
    this.registry.collect(false);
    await this.fold(MembersScansRecorded.name);
    await this.fold(AnalyticsScansRecorded.name);
    await this.tiers.run();
  }

  private async fold(job: string): Promise<void> {
    let after = '0';
    for (;;) {
      const rows = await this.database.query<{ id: string }>(
        `SELECT id FROM outbox WHERE status = 0 AND job = ? AND id > ? ORDER BY id LIMIT ${AT_ONCE}`,
        [job, after],
      );
      if (rows.length === 0) return;
      await this.runner.runByIds(rows.map(({ id }) => id));
      after = rows.at(-1)!.id;
    }
  }
}
