import { Inject, Injectable } from '@nestjs/common';
import { CodeSeals } from '@app/codes';
import { CONFIG, type Config } from '@app/config';
import { Database, UnitOfWork, type Tx } from '@app/database';
import { Defect, Rejected } from '@app/kernel';
import { AuditLog } from '@app/staff';
import { dealCommitment, dealSeed } from '../../deal';
import { lockCampaign } from '../campaigns.repository';
import { campaignsToOpen, readDeals, sealKey, writeSeed, type StoredDeal } from './deals.repository';

const AT_ONCE = 50;

/** Shows the seeds of a campaign that has ended, so that everybody can check what was dealt. */
@Injectable()
export class OpenDeals {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    @Inject(CONFIG) private readonly config: Config,
    private readonly seals: CodeSeals,
    private readonly audit: AuditLog,
  ) {}

  /** Returns the keys of the rules whose deals were opened now. Rejected: `no_campaign` (404), `deal_not_over` (409). */
  run(campaignId: number): Promise<string[]> {
    return this.unitOfWork.run(async (tx) => {
      const { status } = await lockCampaign(tx, campaignId);
      // Ended is for ever, so no code of the segment can be paid by this deal once its seed is known.
      if (status !== 'ended') throw new Rejected('deal_not_over', '活动结束以后才能公开种子', 409);
      const opened: string[] = [];
      for (const deal of await readDeals(tx, campaignId)) {
        if (deal.openedAt === null && (await this.open(tx, deal))) opened.push(deal.ruleKey);
      }
      if (opened.length > 0) {
        const entry = { actorId: null, act: 'campaigns.open-deals', object: `campaign:${campaignId}` };
        await this.audit.append(tx, { ...entry, after: { rules: opened } });
      }
      return opened;
    });
  }

  /** Campaigns that have ended and keep a deal closed, some at a time. */
  due(): Promise<number[]> {
    return campaignsToOpen(this.database, AT_ONCE);
  }

  private async open(tx: Tx, deal: StoredDeal): Promise<boolean> {
    const seed = dealSeed(this.config.keys.draw, deal.campaignId, deal.ruleKey, deal.segment);
    if (!dealCommitment(seed, deal).equals(deal.commitment)) {
      throw new Defect(`the deal ${deal.ruleKey} of campaign ${deal.campaignId} is not the one that was committed to`);
    }
    await this.seals.open(tx, sealKey(deal.campaignId, deal.ruleKey));
    return writeSeed(tx, deal, seed);
  }
}
