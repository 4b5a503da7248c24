import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Database } from '@app/database';
import { RunsEvery } from '@app/jobs';
import { LOGGER, type Logger } from '@app/observability';
import { RemindMember } from './remind-member';
import { Reminders, type TakenReminder } from './reminders.repository';

const AT_ONCE = 4;
const BATCH = 100;
const LONGEST_RUN_MS = 20_000;

/** Writes to people whose money waits. What goes wrong here never touches the money. */
@Injectable()
export class SendReminders implements OnModuleDestroy {
  private stopping = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly database: Database,
    private readonly reminders: Reminders,
    private readonly remind: RemindMember,
  ) {}

  onModuleDestroy(): void {
    this.stopping = true;
  }

  @RunsEvery('rewards.remind', (waits) => waits.remindEveryMs)
  async run(): Promise<void> {
    const until = performance.now() + LONGEST_RUN_MS;
    while (performance.now() < until && !this.stopping) {
      const due = await this.reminders.due(this.database, BATCH);
      const line = [...due];
      const worker = async (): Promise<void> => {
        for (let one = line.shift(); one && !this.stopping; one = line.shift()) await this.one(one);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      if (due.length < BATCH) return;
    }
  }

  /** One that goes wrong must not hold up the others; its lease ends and it comes again. */
  private async one(reminder: TakenReminder): Promise<void> {
    try {
      await this.remind.run(reminder, this.config.waits.remindLeaseMs);
    } catch (error) {
      this.logger.warn({ err: error, payoutKey: reminder.payoutKey, step: reminder.step }, 'reminder.failed');
    }
  }
}
