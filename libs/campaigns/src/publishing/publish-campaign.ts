import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@app/database';
import { Rejected } from '@app/kernel';
import { AuditLog } from '@app/staff';
import type { CampaignContent } from '../document/campaign-content';
import type { Finding } from '../document/finding';
import { hashCampaign } from '../document/validate-campaign';
import { lockCampaign, type LockedCampaign } from './campaigns.repository';
import { PutInForce } from './put-in-force';
import { soundCampaign } from './save-draft';

export interface PublishCommand {
  readonly campaignId: number;
  readonly by: number | null;
  readonly approvedBy?: number | null;
  /** The hash that was approved: if the draft has changed since, nothing is published. */
  readonly approvedHash?: string;
}

export interface Publication {
  readonly versionId: number;
  readonly versionNo: number;
  readonly contentHash: string;
  readonly findings: readonly Finding[];
  /** False when the draft is what is in force already; then nothing was written. */
  readonly changed: boolean;
}

/**
 * Publishes a draft without the way through submission and approval, its surroundings unseen: for whoever makes demo histories and
 * measurements. People publish by `SubmitCampaign` and `ApproveCampaign`.
 */
@Injectable()
export class PublishCampaign {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: AuditLog,
    private readonly putInForce: PutInForce,
  ) {}

  /**
   * A paused campaign stays paused under its new version, a burst is armed. Rejected: `no_campaign` (404), `no_draft`, `campaign_ended`,
   * `approval_outdated`, `deal_fixed`, `burst_fixed`, `stock_below_issued` (409), `campaign_invalid` (422).
   */
  run(command: PublishCommand): Promise<Publication> {
    return this.unitOfWork.run(async (tx) => {
      const campaign = await lockCampaign(tx, command.campaignId);
      const { content, findings, contentHash } = publishableDraft(campaign);
      if (command.approvedHash !== undefined && command.approvedHash !== contentHash) throw outdated();
      const approverId = command.approvedBy ?? null;
      const { before, ...version } = await this.putInForce.run(tx, campaign, {
        ...{ content, contentHash },
        ...{ authorId: command.by, approverId },
      });
      const { versionId, versionNo, changed } = version;
      if (changed) {
        await this.audit.append(tx, {
          ...{ actorId: command.by, act: 'campaigns.publish', object: `campaign:${campaign.id}`, before },
          after: { versionId, versionNo, contentHash, approvedBy: approverId },
        });
      }
      return { ...version, findings };
    });
  }
}

/** The draft, checked again: what was sound when it was saved may not be under today's rules. */
export function publishableDraft({ status, draft }: Pick<LockedCampaign, 'status' | 'draft'>): {
  content: CampaignContent;
  findings: readonly Finding[];
  contentHash: string;
} {
  if (status === 'ended') throw new Rejected('campaign_ended', '活动已经结束，不能再发布', 409);
  if (draft === null) throw new Rejected('no_draft', '还没有可以发布的内容', 409);
  const { content, findings } = soundCampaign(JSON.parse(draft));
  return { content, findings, contentHash: hashCampaign(content) };
}

export function outdated(): Rejected {
  return new Rejected('approval_outdated', '审批所看的内容已经变了，请重新提交审批', 409);
}
