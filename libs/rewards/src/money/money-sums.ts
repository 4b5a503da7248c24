import { Injectable } from '@nestjs/common';
import { CampaignCatalog } from '@app/campaigns';
import { Database } from '@app/database';
import type { Fen, MemberId } from '@app/kernel';
import { MemberPayoutSums, type PayoutSum } from '@app/payouts';
import { Awards } from '../awards.repository';

/** What the overview of a person's money adds up. */
@Injectable()
export class MoneySums {
  constructor(
    private readonly database: Database,
    private readonly awards: Awards,
    private readonly payouts: MemberPayoutSums,
    private readonly campaigns: CampaignCatalog,
  ) {}

  async of(numbers: readonly MemberId[]): Promise<{ wonFen: Fen; payouts: readonly PayoutSum[] }> {
    const payouts = await this.payouts.of(this.database, numbers);
    return { payouts, wonFen: await this.awards.wonMoney(this.database, numbers) };
  }

  /** What consumers call the campaigns of these versions. */
  async names(versionIds: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const versions = await this.campaigns.byIds(this.database, [...new Set(versionIds)]);
    return new Map(versions.map(({ versionId, content }) => [versionId, content.copy.title]));
  }
}
