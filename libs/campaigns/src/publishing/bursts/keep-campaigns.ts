import { Inject, Injectable } from '@nestjs/common';
import { Database, UnitOfWork } from '@app/database';
import { RunsEvery } from '@app/jobs';
import { Defect } from '@app/kernel';
import { LOGGER, type Logger } from '@app/observability';
import { AuditLog } from '@app/staff';
import type { BurstPlan, CampaignContent, Prize } from '../../document/campaign-content';
import { loadVersions, lockCampaign } from '../campaigns.repository';
import { OpenDeals } from '../deals/open-deals';

const AT_ONCE = 100;
/** Where awards of the whole campaign are counted in all; see `caps.ts`. */
const CAMPAIGN_TOTAL = 'c|t';

type Why = 'period_over' | 'run_over' | 'cap_reached';
const WORDS: Record<Why, string> = {
  period_over: '活动期已到',
  run_over: '加码时长已到',
  cap_reached: '加码的上限已用完',
};

/** Ends what is over and opens the deals of what has ended. Scans do not wait for it: they obey the time and the caps themselves. */
@Injectable()
export class KeepCampaigns {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly deals: OpenDeals,
    private readonly audit: AuditLog,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @RunsEvery('campaigns.keep', ({ catalogRefreshMs }) => catalogRefreshMs)
  async run(): Promise<void> {
    for (const { id, why } of await this.over()) await this.end(id, why);
    for (const id of await this.usedUp()) await this.end(id, 'cap_reached');
    for (const id of await this.deals.due()) await this.openDeals(id);
  }

  private async over(): Promise<{ id: number; why: Why }[]> {
    const rows = await this.database.query<{ id: number; run: number | null }>(
      `SELECT id, run_until <= UTC_TIMESTAMP(6) AS run FROM campaigns
        WHERE status IN ('live', 'paused', 'armed') AND (ends_at <= UTC_TIMESTAMP(6) OR run_until <= UTC_TIMESTAMP(6))
        ORDER BY id LIMIT ${AT_ONCE}`,
    );
    return rows.map(({ id, run }) => ({ id, why: Number(run) === 1 ? 'run_over' : 'period_over' }));
  }

  /** Running bursts that cannot give one more prize: the campaigns below them go on at once. */
  private async usedUp(): Promise<number[]> {
    const rows = await this.database.query<{ id: number; versionId: number; awards: string; fen: string }>(
      `SELECT c.id, c.current_version_id AS versionId, n.awards, n.fen
         FROM campaigns c JOIN campaign_counters n ON n.campaign_id = c.id AND n.counter_key = ?
        WHERE c.status = 'live' AND c.run_from IS NOT NULL LIMIT ${AT_ONCE}`,
      [CAMPAIGN_TOTAL],
    );
    const used: number[] = [];
    for (const { id, versionId, awards, fen } of rows) {
      const [version] = await loadVersions(this.database, [versionId]);
      if (version?.content.burst && isFull(version.content, version.content.burst, Number(awards), Number(fen))) {
        used.push(id);
      }
    }
    return used;
  }

  private async end(campaignId: number, why: Why): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const { status: before } = await lockCampaign(tx, campaignId);
      const { affectedRows } = await tx.execute(
        `UPDATE campaigns SET status = 'ended', ended_at = UTC_TIMESTAMP(6), epoch = epoch + 1, updated_at = UTC_TIMESTAMP(6)
          WHERE id = ? AND status IN ('live', 'paused', 'armed')
            AND (? OR ends_at <= UTC_TIMESTAMP(6) OR run_until <= UTC_TIMESTAMP(6))`,
        [campaignId, why === 'cap_reached'],
      );
      if (affectedRows === 0) return;
      await this.audit.append(tx, {
        ...{ actorId: null, act: 'campaigns.end', object: `campaign:${campaignId}`, reason: WORDS[why] },
        ...{ before: { status: before }, after: { status: 'ended', why } },
      });
    });
    this.logger.info({ campaignId, why }, 'a campaign has ended');
  }

  /** A deal that is not what was committed to stays closed and is looked at by people; it holds up no other. */
  private async openDeals(campaignId: number): Promise<void> {
    try {
      await this.deals.run(campaignId);
    } catch (error) {
      if (!(error instanceof Defect)) throw error;
      this.logger.error({ err: error, campaignId }, 'the deals of a campaign could not be opened');
    }
  }
}

/** True when not even the cheapest prize fits any more. */
function isFull({ prizes }: CampaignContent, plan: BurstPlan, awards: number, spentFen: number): boolean {
  if (awards >= plan.maxCount) return true;
  const costs = prizes.filter(({ kind }) => kind !== 'nothing').map(leastFen);
  return costs.length > 0 && spentFen + Math.min(...costs) > plan.maxFen;
}

function leastFen(prize: Prize): number {
  if (prize.kind !== 'cash' && prize.kind !== 'locked') return 0;
  const { amount } = prize;
  if (amount.type === 'fixed') return amount.fen;
  return amount.type === 'uniform' ? amount.minFen : Math.min(...amount.steps.map(({ fen }) => fen));
}
