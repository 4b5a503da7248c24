import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@app/database';
import { Rejected } from '@app/kernel';
import { AuditLog, isOwner, type Operator } from '@app/staff';
import { lockCampaign } from '../campaigns.repository';
import { closePending, readPending, type PendingSubmission, type SubmissionState } from './submissions.repository';

export interface CloseCommand {
  readonly campaignId: number;
  readonly by: Pick<Operator, 'id' | 'roles'>;
  readonly reason: string;
}

abstract class CloseSubmission {
  protected abstract readonly state: Extract<SubmissionState, 'rejected' | 'withdrawn'>;
  protected abstract readonly act: string;
  protected abstract check(pending: PendingSubmission, by: CloseCommand['by']): void;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: AuditLog,
  ) {}

  async run({ campaignId, by, reason }: CloseCommand): Promise<{ submissionId: number }> {
    return this.unitOfWork.run(async (tx) => {
      await lockCampaign(tx, campaignId);
      const pending = await readPending(tx, campaignId);
      if (!pending) throw new Rejected('not_submitted', '没有等待审批的提交', 409);
      this.check(pending, by);
      await closePending(tx, campaignId, { state: this.state, by: by.id, note: reason });
      await this.audit.append(tx, {
        ...{ actorId: by.id, act: this.act, object: `campaign:${campaignId}`, reason },
        after: { submissionId: pending.id, contentHash: pending.contentHash },
      });
      return { submissionId: pending.id };
    });
  }
}

/** The second person's no, with its reason. Rejected: `no_campaign` (404), `not_submitted` (409), `same_person` (403, withdraw instead). */
@Injectable()
export class RejectCampaign extends CloseSubmission {
  protected readonly state = 'rejected';
  protected readonly act = 'campaigns.reject';

  constructor(unitOfWork: UnitOfWork, audit: AuditLog) {
    super(unitOfWork, audit);
  }

  protected check({ submittedBy }: PendingSubmission, by: CloseCommand['by']): void {
    if (by.id === submittedBy) throw new Rejected('same_person', '自己提交的请用「撤回」', 403);
  }
}

/** Takes a submission back. Rejected: `no_campaign` (404), `not_submitted` (409), `not_yours` (403) unless by the submitter or the owner. */
@Injectable()
export class WithdrawCampaign extends CloseSubmission {
  protected readonly state = 'withdrawn';
  protected readonly act = 'campaigns.withdraw';

  constructor(unitOfWork: UnitOfWork, audit: AuditLog) {
    super(unitOfWork, audit);
  }

  protected check({ submittedBy }: PendingSubmission, by: CloseCommand['by']): void {
    if (by.id !== submittedBy && !isOwner(by)) {
      throw new Rejected('not_yours', '只有提交人或品牌负责人可以撤回', 403);
    }
  }
}
