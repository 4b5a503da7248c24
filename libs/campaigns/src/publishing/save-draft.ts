import { Injectable } from '@nestjs/common';
import { UnitOfWork, type Tx } from '@app/database';
import { Rejected } from '@app/kernel';
import { AuditLog } from '@app/staff';
import type { CampaignContent } from '../document/campaign-content';
import type { Finding } from '../document/finding';
import { hashCampaign, validateCampaign } from '../document/validate-campaign';
import { closePending } from './approvals/submissions.repository';
import { Campaign } from './campaign.entity';
import { lockCampaign } from './campaigns.repository';

export interface SaveDraftCommand {
  /** Left out for a new campaign. */
  readonly campaignId?: number;
  /** Untrusted: checked here. */
  readonly content: unknown;
  readonly by: number | null;
  /** Hash of the draft that the author started from, null = there was none; left out, whatever is there is replaced. */
  readonly base?: string | null | undefined;
}

export interface SavedDraft {
  readonly campaignId: number;
  /** Of what is kept now: the next change starts from it. */
  readonly contentHash: string;
  readonly findings: readonly Finding[];
}

/**
 * Keeps what an author wrote, if it is sound. The published version goes on deciding until the draft is published. A draft that waits for
 * approval is withdrawn by any change to it: what is approved is exactly what was submitted.
 */
@Injectable()
export class SaveDraft {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Returns the campaign's id and the linter's remarks. Rejected: `campaign_invalid` (422, `details` = the findings),
   * `no_campaign` (404), `campaign_ended`, `draft_changed` (409, somebody else saved meanwhile).
   */
  async run(command: SaveDraftCommand): Promise<SavedDraft> {
    const { content, findings } = soundCampaign(command.content);
    const campaignId = await this.unitOfWork.run(async (tx) => {
      const { campaignId: existing, by, base } = command;
      const id = existing === undefined ? await insert(tx, content, by) : await update(tx, existing, content, by, base);
      await this.audit.append(tx, {
        ...{ actorId: by, act: 'campaigns.save', object: `campaign:${id}` },
        after: { name: content.name, contentHash: hashCampaign(content) },
      });
      return id;
    });
    return { campaignId, contentHash: hashCampaign(content), findings };
  }
}

/** The document, if the linter finds no error in it. */
export function soundCampaign(input: unknown): { content: CampaignContent; findings: readonly Finding[] } {
  const check = validateCampaign(input);
  if (check.ok) return check;
  throw new Rejected('campaign_invalid', '活动内容有错误，请按提示修改后再保存', 422, check.findings);
}

async function insert(tx: Tx, content: CampaignContent, by: number | null): Promise<number> {
  const now = () => 'UTC_TIMESTAMP(6)';
  const { name, lane, priority } = content;
  const { identifiers } = await tx.manager
    .createQueryBuilder()
    .insert()
    .into(Campaign)
    .values({
      ...{ name, lane, priority, status: 'draft', createdBy: by, draftBy: by, draft: JSON.stringify(content) },
      ...{ createdAt: now, updatedAt: now },
    })
    .execute();
  return Number(identifiers[0]?.id);
}

async function update(
  tx: Tx,
  campaignId: number,
  content: CampaignContent,
  by: number | null,
  base: string | null | undefined,
): Promise<number> {
  const { status, draft } = await lockCampaign(tx, campaignId);
  if (status === 'ended') throw new Rejected('campaign_ended', '活动已经结束，不能再修改', 409);
  // Saving what is there already changes neither its author nor what others are about to approve.
  const kept = draft === null ? null : hashCampaign(JSON.parse(draft) as CampaignContent);
  if (kept === hashCampaign(content)) return campaignId;
  if (base !== undefined && base !== kept) {
    throw new Rejected('draft_changed', '别人刚改过这份草稿，请先看看他改了什么', 409);
  }
  await closePending(tx, campaignId, { state: 'withdrawn', by, note: '提交之后草稿又改过' });
  const { name, lane, priority } = content;
  // Until the first publishing the draft is all there is to show in lists; afterwards they show what is in force.
  const shown = status === 'draft' ? { name, lane, priority } : {};
  await tx.manager
    .createQueryBuilder()
    .update(Campaign)
    .set({ ...shown, draft: JSON.stringify(content), draftBy: by, updatedAt: () => 'UTC_TIMESTAMP(6)' })
    .where('id = :campaignId', { campaignId })
    .execute();
  return campaignId;
}
