import { Injectable } from '@nestjs/common';
import { bulkInsert, Database, databaseNow, UnitOfWork } from '@app/database';
import { RunsEvery } from '@app/jobs';
import { addDays, shanghaiDay, shanghaiDayStart } from '@app/kernel';
import { STATEMENT_MARK } from './read-models/statement';
import { flowsBetween } from './read-models/statement-flows';

/** A day is counted this long after its end: whatever was booked on it has been committed by then. */
const GRACE_MS = 15 * 60_000;
const DAYS_A_RUN = 31;

/** Counts days of the statement that are over, once and for all: the ledger only grows, so a day that is over never changes. */
@Injectable()
export class StatementDays {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  @RunsEvery('analytics.statement', (waits) => waits.backfillEveryMs)
  async run(): Promise<void> {
    const now = await databaseNow(this.database);
    await this.runTo(shanghaiDay(new Date(now.getTime() - GRACE_MS)));
  }

  /** Goes on from the mark to the day `end`, not included; at most a month of days that had movements. Returns how many were counted. */
  async runTo(end: string): Promise<number> {
    let day = await this.begin();
    for (let counted = 0; ; counted++) {
      if (day === null || day >= end || counted === DAYS_A_RUN) {
        if (counted < DAYS_A_RUN) await this.advance(end);
        return counted;
      }
      await this.count(day);
      day = await this.next(addDays(day, 1));
    }
  }

  private async count(day: string): Promise<void> {
    const after = addDays(day, 1);
    const flows = await flowsBetween(this.database, shanghaiDayStart(day), shanghaiDayStart(after));
    await this.unitOfWork.run(async (tx) => {
      await tx.execute('DELETE FROM statement_days WHERE day = ?', [day]);
      await bulkInsert(
        tx,
        'statement_days',
        ['day', 'campaign_id', 'city', 'settled_fen', 'refunded_fen', 'released_fen'],
        flows.map((flow) => [
          ...[day, flow.campaignId, flow.city, flow.settledFen, flow.refundedFen, flow.releasedFen],
        ]),
      );
    });
    await this.advance(after);
  }

  private async begin(): Promise<string | null> {
    const [row] = await this.database.query<{ at: Date }>('SELECT mark_at AS at FROM rollup_marks WHERE name = ?', [
      STATEMENT_MARK,
    ]);
    return this.next(row ? shanghaiDay(row.at) : '2000-01-01');
  }

  /** The first day from `day` on with a movement; days without one need no row. */
  private async next(day: string): Promise<string | null> {
    const from = shanghaiDayStart(day);
    const [row] = await this.database.query<{ at: Date | null }>(
      `SELECT MIN(at) AS at FROM (SELECT MIN(at) AS at FROM grant_uses WHERE at >= ?
         UNION ALL SELECT MIN(at) AS at FROM award_releases WHERE at >= ?
         UNION ALL SELECT MIN(at) AS at FROM undone_releases WHERE at >= ?) firsts`,
      [from, from, from],
    );
    return row?.at ? shanghaiDay(row.at) : null;
  }

  private async advance(day: string): Promise<void> {
    await this.unitOfWork.run((tx) =>
      tx.execute(
        `INSERT INTO rollup_marks (name, mark_at) VALUES (?, ?)
         ON DUPLICATE KEY UPDATE mark_at = GREATEST(mark_at, VALUES(mark_at))`,
        [STATEMENT_MARK, shanghaiDayStart(day)],
      ),
    );
  }
}
