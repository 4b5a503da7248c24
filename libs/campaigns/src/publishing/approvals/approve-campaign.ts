import { Injectable } from '@nestjs/common';
import { UnitOfWork, type Tx } from '@app/database';
import { Rejected } from '@app/kernel';
import { assertTwoPeople, AuditLog, isOwner, type Operator } from '@app/staff';
import type { Change } from '../../document/compare-versions';
import type { CampaignContent } from '../../document/campaign-content';
import { lockCampaign, versionInForce, type LockedCampaign } from '../campaigns.repository';
import { outdated, publishableDraft, type Publication } from '../publish-campaign';
import { PutInForce, type InForce } from '../put-in-force';
import { refuseErrors, SurroundedLint } from '../surrounded-lint';
import { closePending, readPending, type PendingSubmission } from './submissions.repository';
import { unfavourableChanges } from './unfavourable';

export interface ApproveCommand {
  readonly campaignId: number;
  readonly by: Pick<Operator, 'id' | 'roles'>;
  /** Of what the approver looked at. */
  readonly contentHash: string;
  readonly note?: string;
  /** The owner accepts changes that are worse for consumers, and says why. */
  readonly confirmReason?: string | undefined;
}

interface Confirmation {
  readonly by: number;
  readonly reason: string;
}

/** The second person's yes: in one transaction the draft becomes the next version and is in force on every node within seconds. */
@Injectable()
export class ApproveCampaign {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly lint: SurroundedLint,
    private readonly putInForce: PutInForce,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Rejected: `no_campaign` (404), `same_person` (403, the approver submitted it or wrote the draft last), `same_hand` (403), `not_submitted`,
   * `approval_outdated`, `unfavourable_change` (409, details = the changes), `campaign_ended`, `deal_fixed`, `burst_fixed`,
   * `stock_below_issued` (409), `campaign_invalid` (422: since it was submitted the surroundings have changed).
   */
  run(command: ApproveCommand): Promise<Publication> {
    const { campaignId, by, note = '' } = command;
    return this.unitOfWork.run(async (tx) => {
      const campaign = await lockCampaign(tx, campaignId);
      const pending = await readPending(tx, campaignId);
      if (!pending) throw new Rejected('not_submitted', '没有等待审批的提交：可能已经有人处理，或草稿又改过', 409);
      refuseSamePerson(campaign, pending, by.id);
      for (const author of authorsOf(campaign, pending)) await assertTwoPeople(tx, author, by.id);
      const { content, contentHash, findings: own } = publishableDraft(campaign);
      if (pending.contentHash !== contentHash || command.contentHash !== contentHash) throw outdated();
      const findings = [...own, ...(await this.lint.run(tx, campaignId, content))];
      refuseErrors(findings);
      const confirmation = await this.confirmed(tx, campaign, pending, content, command);

      const version = await this.putInForce.run(tx, campaign, {
        ...{ content, contentHash },
        ...{ authorId: pending.draftedBy ?? pending.submittedBy, approverId: by.id },
      });
      const { versionId, versionNo, changed } = version;
      await closePending(tx, campaignId, { state: 'approved', by: by.id, note, versionId });
      await this.record(tx, campaignId, pending, by.id, note, version, confirmation);
      return { versionId, versionNo, contentHash, changed, findings };
    });
  }

  /** Null when nothing got worse for consumers. */
  private async confirmed(
    tx: Tx,
    campaign: LockedCampaign,
    pending: PendingSubmission,
    content: CampaignContent,
    { by, confirmReason }: ApproveCommand,
  ): Promise<(Confirmation & { readonly changes: readonly Change[] }) | null> {
    const inForce = await versionInForce(tx, campaign);
    const changes = unfavourableChanges(inForce?.content, content);
    if (changes.length === 0) return null;
    if (isOwner(by) && confirmReason) return { by: by.id, reason: confirmReason, changes };
    const { confirmedBy, confirmedReason } = pending;
    if (confirmedBy !== null && confirmedReason !== null) return { by: confirmedBy, reason: confirmedReason, changes };
    const words = '发布后的变更对消费者不利，只有品牌负责人说明理由并确认后才能发布';
    throw new Rejected('unfavourable_change', words, 409, changes);
  }

  private async record(
    tx: Tx,
    campaignId: number,
    { id: submissionId, submittedBy }: PendingSubmission,
    actorId: number,
    note: string,
    { before, versionId, versionNo, contentHash }: InForce,
    confirmation: (Confirmation & { readonly changes: readonly Change[] }) | null,
  ): Promise<void> {
    const unfavourable = confirmation && {
      confirmedBy: confirmation.by,
      reason: confirmation.reason,
      changes: confirmation.changes.map(({ path, before: was, after: becomes, sentence }) => ({
        ...{ path, was, becomes, sentence },
      })),
    };
    await this.audit.append(tx, {
      ...{ actorId, act: 'campaigns.approve', object: `campaign:${campaignId}`, before, reason: note },
      after: { submissionId, submittedBy, versionId, versionNo, contentHash, unfavourable },
    });
  }
}

/** Whoever wrote the draft last or submitted it. */
function authorsOf({ draftBy }: LockedCampaign, { submittedBy, draftedBy }: PendingSubmission): number[] {
  return [...new Set([submittedBy, draftedBy, draftBy])].filter((author) => author !== null);
}

function refuseSamePerson(campaign: LockedCampaign, pending: PendingSubmission, by: number): void {
  if (!authorsOf(campaign, pending).includes(by)) return;
  throw new Rejected('same_person', '提交人和最后修改草稿的人不能审批', 403);
}
