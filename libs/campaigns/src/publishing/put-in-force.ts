import { Injectable } from '@nestjs/common';
import type { Tx } from '@app/database';
import { Defect, Rejected } from '@app/kernel';
import { compileCampaign } from '../compile-campaign';
import type { CampaignContent } from '../document/campaign-content';
import { periodOf } from '../document/period';
import type { StoredStatus } from './campaign.entity';
import { appendVersion, otherVersions, versionInForce, type LockedCampaign } from './campaigns.repository';
import { CampaignDeals } from './deals/campaign-deals';
import { overlapFindings } from '../document/linter/lint-overlap';
import { publishStock } from './prize-stock.repository';

export interface NewVersion {
  readonly content: CampaignContent;
  readonly contentHash: string;
  readonly authorId: number | null;
  readonly approverId: number | null;
}

export interface InForce {
  readonly versionId: number;
  readonly versionNo: number;
  readonly contentHash: string;
  /** False when this content is what is in force already; then nothing was written. */
  readonly changed: boolean;
  /** What was in force before. */
  readonly before: { readonly versionId: number; readonly versionNo: number; readonly contentHash: string } | null;
}

/** The last step of publishing, within the transaction of whoever may publish. */
@Injectable()
export class PutInForce {
  constructor(private readonly deals: CampaignDeals) {}

  /**
   * Freezes the content as the next version, commits to its deals, brings its stock in line and makes it decide scans. The campaign's row
   * is locked. Rejected: `campaign_invalid` (422, it overlaps another campaign), `deal_fixed`, `burst_fixed`, `stock_below_issued` (409).
   */
  async run(tx: Tx, campaign: LockedCampaign, version: NewVersion): Promise<InForce> {
    const { content, contentHash } = version;
    const current = await versionInForce(tx, campaign);
    const before = current
      ? { versionId: current.versionId, versionNo: current.versionNo, contentHash: current.contentHash }
      : null;
    if (before?.contentHash === contentHash) return { ...before, changed: false, before };
    if (current && (current.content.burst === null) !== (content.burst === null)) {
      throw new Rejected(
        'burst_fixed',
        '发布以后，区域加码不能改成普通活动，普通活动也不能改成区域加码；请另建活动',
        409,
      );
    }
    await this.deals.commit(tx, campaign.id, content);
    await publishStock(tx, campaign.id, content.prizes);
    const made = await appendVersion(tx, { campaignId: campaign.id, ...version });
    await raise(tx, campaign, made.versionId, content);
    await refuseOverlap(tx, campaign.id, content);
    return { ...made, contentHash, changed: true, before };
  }
}

/**
 * After the campaign was raised, and waiting for whoever raises another one just now: of two that overlap and are published at the same
 * moment one sees the other.
 */
async function refuseOverlap(tx: Tx, campaignId: number, content: CampaignContent): Promise<void> {
  const candidate = compileCampaign({ campaignId, versionId: 0, versionNo: 0, contentHash: '', content });
  const findings = overlapFindings(candidate, await otherVersions(tx, campaignId, true));
  if (findings.length > 0) throw new Rejected('campaign_invalid', '与别的活动分不出先后，请按提示修改', 422, findings);
}

async function raise(tx: Tx, campaign: LockedCampaign, versionId: number, content: CampaignContent): Promise<void> {
  const { from, to } = periodOf(content.period);
  if (!from || !to) throw new Defect(`campaign ${campaign.id} is published without a period`);
  await tx.execute(
    `UPDATE campaigns SET current_version_id = ?, status = ?, epoch = epoch + 1, name = ?, lane = ?, priority = ?, starts_at = ?,
            ends_at = ?, updated_at = UTC_TIMESTAMP(6)
      WHERE id = ?`,
    [versionId, statusUnder(campaign, content), content.name, content.lane, content.priority, from, to, campaign.id],
  );
}

/** A burst waits for its start; a paused campaign stays paused under its new version. */
function statusUnder({ status }: LockedCampaign, { burst }: CampaignContent): StoredStatus {
  if (status !== 'draft') return status;
  return burst === null ? 'live' : 'armed';
}
