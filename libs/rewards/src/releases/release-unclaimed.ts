import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Database } from '@app/database';
import { RunsEvery } from '@app/jobs';
import { Transient } from '@app/kernel';
import { LOGGER, type Logger } from '@app/observability';
import { ReleaseStep } from './release-step';
import { ReopenWalks } from './reopen-walks';
import { ReleaseWalks, type Walk, type WalkedAward } from './release-walks.repository';

const READ_AT_ONCE = 1000;
const LONGEST_RUN_MS = 20_000;
/** A prize that stays held is looked for less and less often, but every day. */
const DAY_MS = 86_400_000;

/**
 * After the published 兑奖截止时间 of a campaign what was reserved for prizes that nobody claimed goes back to the budget: cash that was
 * never asked for, packets that were never opened, payouts that are proven to have failed. A prize whose money is under way is left,
 * and looked at again, until it is paid or has failed. Walks through the awards a stretch at a time; the place is kept in the same
 * commit, so it goes on wherever it was stopped and releases nothing twice.
 */
@Injectable()
export class ReleaseUnclaimed implements OnModuleDestroy {
  private stopping = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
    private readonly database: Database,
    private readonly walks: ReleaseWalks,
    private readonly step: ReleaseStep,
    private readonly reopen: ReopenWalks,
  ) {}

  onModuleDestroy(): void {
    this.stopping = true;
  }

  @RunsEvery('rewards.release', (waits) => waits.releaseEveryMs)
  async run(): Promise<void> {
    const until = performance.now() + LONGEST_RUN_MS;
    await this.reopen.run();
    for (const campaignId of await this.step.begin()) await this.walk(campaignId, until);
  }

  /** Goes on with one campaign, until its walk is through or the time is over. */
  private async walk(campaignId: number, until: number): Promise<void> {
    while (performance.now() < until && !this.stopping) {
      const walk = await this.walks.due(this.database, campaignId);
      if (!walk) return;
      const awards = await this.walks.awards(this.database, walk.after, READ_AT_ONCE);
      if (awards.length === 0) await this.step.end(walk, this.againMs(walk));
      else if (!(await this.stretch(walk, awards))) return;
    }
  }

  /** False when somebody was in the way: the next run looks again. */
  private async stretch(walk: Walk, awards: readonly WalkedAward[]): Promise<boolean> {
    try {
      await this.step.take(walk, awards);
      return true;
    } catch (error) {
      if (!(error instanceof Transient)) throw error;
      this.log.info({ campaignId: walk.campaignId, why: error.message }, 'release.later');
      return false;
    }
  }

  private againMs({ walks }: Walk): number {
    return Math.min(DAY_MS, this.config.waits.releaseAgainMs * 2 ** Math.min(walks, 20));
  }
}
