import { Injectable } from '@nestjs/common';
import { CampaignBurnModel, type CampaignBurn } from '@app/analytics';
import { Database } from '@app/database';
import { Rejected } from '@app/kernel';
import { loadVersions } from '../campaigns.repository';
import { forecast, type Forecast } from './forecast';

export interface BurnReport extends Omit<CampaignBurn, 'counters'> {
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly forecast: Forecast;
}

/** How fast a published campaign uses up its budget and caps, and where that leads. */
@Injectable()
export class CampaignForecast {
  constructor(
    private readonly database: Database,
    private readonly burn: CampaignBurnModel,
  ) {}

  /** Throws Rejected `no_campaign` (404) for one that was never published. */
  async read(campaignId: number): Promise<BurnReport> {
    const [row] = await this.database.query<{ versionId: number; startsAt: Date | null; endsAt: Date | null }>(
      `SELECT current_version_id AS versionId, COALESCE(run_from, starts_at) AS startsAt, COALESCE(run_until, ends_at) AS endsAt
         FROM campaigns WHERE id = ? AND current_version_id IS NOT NULL`,
      [campaignId],
    );
    const [version] = await loadVersions(this.database, row ? [row.versionId] : []);
    if (!row?.startsAt || !row.endsAt || !version) throw new Rejected('no_campaign', '没有已发布的这个活动', 404);
    const { startsAt, endsAt } = row;
    const { caps, burst, budgetId } = version.content;
    const { counters, ...burn } = await this.burn.read(campaignId, budgetId);
    const leading = forecast({
      ...{ ...burn, counters, caps, burst, startsAt, endsAt },
      budgetLeftFen: burn.budget?.leftFen ?? null,
    });
    return { ...burn, startsAt, endsAt, forecast: leading };
  }
}
