import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { databaseNow, UnitOfWork } from '@app/database';
import { counter } from '@app/observability';
import { decentTime, judge, rungOf, type Rung } from './ladder';
import { PlanReminders } from './plan-reminders';
import { ReminderSubjects, type ReminderSubject } from './reminder-subjects';
import { ReminderWays } from './reminder-ways';
import { Reminders, type TakenReminder } from './reminders.repository';

/** Within the ten minutes for which WeChat remembers the id of a message. */
const MOST_ATTEMPTS = 4;

const done = counter('reminders_total', 'Reminders by the way they took', ['way'] as const);

/** One reminder that is due. */
@Injectable()
export class RemindMember {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly unitOfWork: UnitOfWork,
    private readonly reminders: Reminders,
    private readonly subjects: ReminderSubjects,
    private readonly ways: ReminderWays,
    private readonly plan: PlanReminders,
  ) {}

  async run(due: TakenReminder, leaseMs: number): Promise<void> {
    const taken = await this.unitOfWork.run((tx) => this.reminders.take(tx, due, leaseMs));
    const rung = rungOf(due.step);
    if (!taken || !rung) return;
    const subject = await this.subjects.find(taken, rung.kind);
    if (!subject) return this.unitOfWork.run((tx) => this.reminders.drop(tx, taken));
    const verdict = judge(rung, taken.offerNo, subject.payout, this.config.waits);
    if (verdict.kind === 'moot') return this.unitOfWork.run((tx) => this.reminders.drop(tx, taken));
    if (await this.postponed(taken, verdict.kind === 'wait' ? verdict.forMs : 0)) return;
    await this.tell(taken, rung, subject);
  }

  /** Not at this hour, or not before the money has come back. Whatever an attempt has begun is brought to its end first. */
  private postponed(taken: TakenReminder, forMs: number): Promise<boolean> {
    if (taken.begun !== null) return Promise.resolve(false);
    return this.unitOfWork.run(async (tx) => {
      const now = await databaseNow(tx);
      const at = decentTime(new Date(now.getTime() + forMs), this.config.waits.remindHours);
      if (at <= now) return false;
      await this.reminders.later(tx, taken, at);
      return true;
    });
  }

  private async tell(taken: TakenReminder, rung: Rung, subject: ReminderSubject): Promise<void> {
    const end = await this.ways.send(taken, subject.facts, taken.attempts >= MOST_ATTEMPTS);
    // The lease ends, and it is tried again.
    if (end === null) return;
    await this.unitOfWork.run(async (tx) => {
      if (!(await this.reminders.finish(tx, taken, end.way, end.outcome))) return;
      await this.plan.next(tx, taken, rung);
    });
    done.inc({ way: end.way });
  }
}
