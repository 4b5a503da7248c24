import { Injectable } from '@nestjs/common';
import { UnitOfWork, type Tx } from '@app/database';
import { Rejected } from '@app/kernel';
import { AuditLog } from '@app/staff';
import type { CampaignContent } from '../document/campaign-content';
import { compileCampaign } from '../compile-campaign';
import type { Finding } from '../document/finding';
import { hashCampaign } from '../document/validate-campaign';
import {
  appendVersion,
  currentVersions,
  loadVersions,
  lockCampaign,
  type LockedCampaign,
} from './campaigns.repository';
import { overlapFindings } from './overlap';
import { publishStock } from './prize-stock.repository';
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

/** Freezes the draft as the next version, brings its stock in line and puts it in force on every node within seconds. */
@Injectable()
export class PublishCampaign {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: AuditLog,
  ) {}

  /**
   * A paused campaign stays paused under its new version. Rejected: `no_campaign` (404), `no_draft`, `campaign_ended`,
   * `approval_outdated`, `stock_below_issued` (409), `campaign_invalid` (422, also when it overlaps another campaign).
   */
  run(command: PublishCommand): Promise<Publication> {
    return this.unitOfWork.run(async (tx) => {
      const campaign = await lockCampaign(tx, command.campaignId);
      const { content, findings, contentHash } = publishable(campaign, command);

      const inForce = await currentOf(tx, campaign);
      if (inForce?.contentHash === contentHash) return { ...inForce, findings, changed: false };

      await refuseOverlap(tx, campaign.id, content);
      await publishStock(tx, campaign.id, content.prizes);
      const version = await appendVersion(tx, {
        ...{ campaignId: campaign.id, content, contentHash },
        ...{ authorId: command.by, approverId: command.approvedBy ?? null },
      });
      await putInForce(tx, campaign, version.versionId, content);
      await this.audit.append(tx, {
        ...{ actorId: command.by, act: 'campaigns.publish', object: `campaign:${campaign.id}` },
        before: inForce ?? null,
        after: { ...version, contentHash, approvedBy: command.approvedBy ?? null },
      });
      return { ...version, contentHash, findings, changed: true };
    });
  }
}

function publishable(
  campaign: LockedCampaign,
  command: PublishCommand,
): { content: CampaignContent; findings: readonly Finding[]; contentHash: string } {
  if (campaign.status === 'ended') throw new Rejected('campaign_ended', '活动已经结束，不能再发布', 409);
  if (campaign.draft === null) throw new Rejected('no_draft', '还没有可以发布的内容', 409);
  // Checked again: what was sound when it was saved may not be under today's rules.
  const { content, findings } = soundCampaign(JSON.parse(campaign.draft));
  const contentHash = hashCampaign(content);
  if (command.approvedHash !== undefined && command.approvedHash !== contentHash) {
    throw new Rejected('approval_outdated', '审批之后内容又改过，请重新提交审批', 409);
  }
  return { content, findings, contentHash };
}

async function currentOf(tx: Tx, { currentVersionId }: LockedCampaign) {
  if (currentVersionId === null) return undefined;
  const [version] = await loadVersions(tx, [currentVersionId]);
  return version && { versionId: version.versionId, versionNo: version.versionNo, contentHash: version.contentHash };
}

async function refuseOverlap(tx: Tx, campaignId: number, content: CampaignContent): Promise<void> {
  const others = (await currentVersions(tx)).filter((other) => other.campaignId !== campaignId);
  const versions = await loadVersions(
    tx,
    others.map(({ versionId }) => versionId),
  );
  const candidate = compileCampaign({ campaignId, versionId: 0, versionNo: 0, contentHash: '', content });
  const findings = overlapFindings(candidate, versions.map(compileCampaign));
  if (findings.length > 0) throw new Rejected('campaign_invalid', '与别的活动分不出先后，请按提示修改', 422, findings);
}

async function putInForce(
  tx: Tx,
  campaign: LockedCampaign,
  versionId: number,
  content: CampaignContent,
): Promise<void> {
  await tx.execute(
    `UPDATE campaigns SET current_version_id = ?, status = ?, epoch = epoch + 1, name = ?, lane = ?, priority = ?,
            updated_at = UTC_TIMESTAMP(6)
      WHERE id = ?`,
    [
      versionId,
      campaign.status === 'draft' ? 'live' : campaign.status,
      content.name,
      content.lane,
      content.priority,
      campaign.id,
    ],
  );
}
