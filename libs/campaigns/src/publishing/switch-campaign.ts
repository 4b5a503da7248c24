import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@app/database';
import { Rejected } from '@app/kernel';
import { AuditLog } from '@app/staff';
import { closePending } from './approvals/submissions.repository';
import type { StoredStatus } from './campaign.entity';
import { lockCampaign } from './campaigns.repository';

export type Switch = 'pause' | 'resume' | 'end';

/** Every allowed move; ended is for ever. */
export const CAMPAIGN_MOVES: Record<StoredStatus, Partial<Record<Switch, StoredStatus>>> = {
  draft: {},
  armed: { end: 'ended' },
  live: { pause: 'paused', end: 'ended' },
  paused: { resume: 'live', end: 'ended' },
  ended: {},
};
const REACHED: Record<Switch, StoredStatus> = { pause: 'paused', resume: 'live', end: 'ended' };

export interface SwitchCommand {
  readonly campaignId: number;
  readonly switch: Switch;
  readonly by: number | null;
  readonly reason: string;
}

/** Pauses, resumes or ends a campaign. A scan that reads the campaign's status after this committed obeys it. */
@Injectable()
export class SwitchCampaign {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: AuditLog,
  ) {}

  /** `changed` is false when it was so already. Rejected: `no_campaign` (404), `campaign_switch_refused` (409). */
  run(command: SwitchCommand): Promise<{ status: StoredStatus; changed: boolean }> {
    return this.unitOfWork.run(async (tx) => {
      const { status: before } = await lockCampaign(tx, command.campaignId);
      if (before === REACHED[command.switch]) return { status: before, changed: false };
      const status = CAMPAIGN_MOVES[before][command.switch];
      if (!status) throw new Rejected('campaign_switch_refused', refusalWords(before), 409);
      await tx.execute(
        `UPDATE campaigns SET status = ?, epoch = epoch + 1, updated_at = UTC_TIMESTAMP(6),
                ended_at = IF(?, UTC_TIMESTAMP(6), ended_at)
          WHERE id = ?`,
        [status, status === 'ended', command.campaignId],
      );
      if (status === 'ended') {
        await closePending(tx, command.campaignId, { state: 'withdrawn', by: command.by, note: '活动已经结束' });
      }
      await this.audit.append(tx, {
        ...{ actorId: command.by, act: `campaigns.${command.switch}`, object: `campaign:${command.campaignId}` },
        ...{ before: { status: before }, after: { status }, reason: command.reason },
      });
      return { status, changed: true };
    });
  }
}

function refusalWords(status: StoredStatus): string {
  if (status === 'draft') return '活动还没有发布';
  return status === 'armed' ? '区域加码还没有启动' : '活动已经结束，不能再改变状态';
}
