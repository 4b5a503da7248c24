import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@app/database';
import { Rejected } from '@app/kernel';
import { AuditLog, isOwner, type Operator } from '@app/staff';
import type { Change } from '../../document/compare-versions';
import type { Finding } from '../../document/finding';
import { lockCampaign, versionInForce } from '../campaigns.repository';
import { publishableDraft } from '../publish-campaign';
import { refuseErrors, SurroundedLint } from '../surrounded-lint';
import { insertSubmission } from './submissions.repository';
import { unfavourableChanges } from './unfavourable';

export interface SubmitCommand {
  readonly campaignId: number;
  readonly by: Pick<Operator, 'id' | 'roles'>;
  /** For the person who approves. */
  readonly note?: string;
  /** The owner accepts changes that are worse for consumers, and says why. */
  readonly confirmReason?: string | undefined;
}

export interface Submission {
  readonly submissionId: number;
  readonly contentHash: string;
  readonly findings: readonly Finding[];
  /** Changes against the version in force that are worse for consumers; none before the first publishing. */
  readonly unfavourable: readonly Change[];
  /** True when only the owner can approve it, because nobody confirmed the unfavourable changes yet. */
  readonly needsOwner: boolean;
}

/** Hands a draft to the second person. From now on it is bound to its hash: any change withdraws it. */
@Injectable()
export class SubmitCampaign {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly lint: SurroundedLint,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Rejected: `no_campaign` (404), `no_draft`, `campaign_ended`, `already_submitted`, `nothing_new` (409), `campaign_invalid` (422, details =
   * the findings), `owner_only` (403, somebody else confirms unfavourable changes).
   */
  async run({ campaignId, by, note = '', confirmReason }: SubmitCommand): Promise<Submission> {
    const confirms = confirmReason !== undefined;
    if (confirms && !isOwner(by)) {
      throw new Rejected('owner_only', '对消费者不利的变更只能由品牌负责人确认', 403);
    }
    return this.unitOfWork.run(async (tx) => {
      const campaign = await lockCampaign(tx, campaignId);
      const { content, contentHash, findings: own } = publishableDraft(campaign);
      const inForce = await versionInForce(tx, campaign);
      if (inForce?.contentHash === contentHash) throw new Rejected('nothing_new', '草稿与生效中的版本相同', 409);
      const findings = [...own, ...(await this.lint.run(tx, campaignId, content))];
      refuseErrors(findings);
      const unfavourable = unfavourableChanges(inForce?.content, content);
      const submissionId = await insertSubmission(tx, {
        ...{ campaignId, contentHash, draftedBy: campaign.draftBy, submittedBy: by.id, note },
        ...{ confirmedBy: confirms ? by.id : null, confirmedReason: confirmReason ?? null },
      });
      await this.audit.append(tx, {
        ...{ actorId: by.id, act: 'campaigns.submit', object: `campaign:${campaignId}`, reason: confirmReason ?? note },
        after: { submissionId, contentHash, unfavourable: unfavourable.map(({ sentence }) => sentence) },
      });
      return { submissionId, contentHash, findings, unfavourable, needsOwner: unfavourable.length > 0 && !confirms };
    });
  }
}
