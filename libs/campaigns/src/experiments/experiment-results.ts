import { Injectable } from '@nestjs/common';
import { ExperimentFigures } from '@app/analytics';
import { Database, databaseNow } from '@app/database';
import { Rejected } from '@app/kernel';
import type { CampaignContent, Experiment } from '../document/campaign-content';
import { armOf } from '../experiment-arm';
import { CampaignList } from '../publishing/views/campaign-list';
import { ArmTally, type ExperimentReport } from './compare-arms';

export interface ExperimentResults extends ExperimentReport {
  readonly campaignId: number;
  readonly experiment: Pick<Experiment, 'key' | 'name' | 'returnDays'>;
  /** Scans from the first version with this experiment until now: `[from, to)`. */
  readonly from: Date;
  readonly to: Date;
}

/** How an experiment stands. */
@Injectable()
export class ExperimentReports {
  constructor(
    private readonly database: Database,
    private readonly campaigns: CampaignList,
    private readonly figures: ExperimentFigures,
  ) {}

  /**
   * Reads every scan that the campaign decided since the experiment began, member by member, in bounded pages. Rejected: `no_campaign`
   * and `no_experiment` (404).
   */
  async run(campaignId: number): Promise<ExperimentResults> {
    const { inForce } = await this.campaigns.detail(campaignId);
    const experiment = inForce?.content.experiment;
    if (!experiment) throw new Rejected('no_experiment', '这个活动没有正在进行的实验', 404);
    const from = await this.begin(campaignId, experiment.key);
    const to = await databaseNow(this.database);
    const tally = new ArmTally(experiment);
    const { key, name, returnDays } = experiment;
    for await (const member of this.figures.read({ campaignId, from, to, returnDays })) {
      tally.add(armOf(campaignId, experiment, member.memberId), member);
    }
    return { campaignId, experiment: { key, name, returnDays }, from, to, ...tally.report() };
  }

  /** When the first version with this experiment came into force. */
  private async begin(campaignId: number, key: string): Promise<Date> {
    const rows = await this.database.query<{ content: string; publishedAt: Date }>(
      'SELECT content, published_at AS publishedAt FROM campaign_versions WHERE campaign_id = ? ORDER BY version_no',
      [campaignId],
    );
    const first = rows.find(({ content }) => (JSON.parse(content) as CampaignContent).experiment?.key === key);
    return first?.publishedAt ?? new Date(0);
  }
}
