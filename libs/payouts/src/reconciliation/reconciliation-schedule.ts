import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Database, databaseNow, UnitOfWork } from '@app/database';
import { RunsEvery } from '@app/jobs';
import { addDays, shanghaiDay } from '@app/kernel';
import { FILE_HOUR } from './fetch-day';
import { OurBills } from './our-bills.repository';
import { ReconcileDay } from './reconcile-day';
import { ReconciliationRuns } from './reconciliation-runs.repository';

/** WeChat hands out files of three months. */
export const DAYS_BACK = 90;
/** A little after the hour at which yesterday's file is whole. */
const MORNING_MS = FILE_HOUR * 3_600_000 + 600_000;
const RUNS_AT_ONCE = 100;

/** Every morning the day before, for each merchant account; days that were missed, and runs that people ask for, at once. */
@Injectable()
export class ReconciliationSchedule {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly runs: ReconciliationRuns,
    private readonly ourBills: OurBills,
    private readonly day: ReconcileDay,
  ) {}

  @RunsEvery('payouts.reconcile-bill-files', (waits) => waits.billFilesEveryMs)
  async tick(): Promise<void> {
    await this.plan();
    for (let count = 0; count < RUNS_AT_ONCE; count++) {
      const run = await this.unitOfWork.run((tx) => this.runs.claim(tx));
      if (!run) return;
      await this.day.run(run);
    }
  }

  /** Writes down every day that is due and not known yet, from the day before the account first paid anything. */
  async plan(): Promise<void> {
    const now = await this.unitOfWork.run((tx) => databaseNow(tx));
    const yesterday = addDays(shanghaiDay(new Date(now.getTime() - MORNING_MS)), -1);
    for (const { mchId } of this.config.wechat.merchants) {
      const first = await this.ourBills.firstDay(this.database, mchId);
      if (first === null || first > yesterday) continue;
      const earliest = addDays(yesterday, 1 - DAYS_BACK);
      const from = first > earliest ? first : earliest;
      const known = await this.runs.daysOf(this.database, mchId, from);
      const early = await this.runs.tooEarly(this.database, mchId, FILE_HOUR);
      await this.unitOfWork.run(async (tx) => {
        for (let day = from; day <= yesterday; day = addDays(day, 1)) {
          if (!known.has(day)) await this.runs.add(tx, { mchId, day }, null);
        }
        for (const day of early) await this.runs.again(tx, { mchId, day }, null);
      });
    }
  }
}
