import { Inject, Injectable } from '@nestjs/common';
import { CampaignCatalog, decide, decideWithTrace, drawsOf, type Decision, type DecisionTrace } from '@app/campaigns';
import { CONFIG, type Config } from '@app/config';
import { Database } from '@app/database';
import { inputsFromText } from './decision-inputs';
import type { ScanRecord } from './scan-records.repository';

/** Decides recorded scans once more, from what was stored with them. */
@Injectable()
export class StoredDecisions {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly campaigns: CampaignCatalog,
  ) {}

  /** Null when there was nothing to decide: a repeat, or a code that was not active. */
  async again(record: Pick<ScanRecord, 'facts' | 'code'>): Promise<Decision | null> {
    const given = await this.given(record);
    return given && decide(given.versions, given.facts, given.state, given.draws, given.options);
  }

  async traced(
    record: Pick<ScanRecord, 'facts' | 'code'>,
  ): Promise<{ decision: Decision; trace: DecisionTrace } | null> {
    const given = await this.given(record);
    return given && decideWithTrace(given.versions, given.facts, given.state, given.draws, given.options);
  }

  private async given(record: Pick<ScanRecord, 'facts' | 'code'>) {
    if (record.facts === '{}') return null;
    const inputs = inputsFromText(record.facts);
    const versions = await this.campaigns.byIds(this.database, inputs.versionIds);
    return { ...inputs, versions, draws: drawsOf(this.config.keys.draw, record.code) };
  }
}
