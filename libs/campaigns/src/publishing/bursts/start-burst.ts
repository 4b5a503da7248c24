import { Injectable } from '@nestjs/common';
import { databaseNow, UnitOfWork } from '@app/database';
import { Defect, Rejected } from '@app/kernel';
import { AuditLog, hasRight, type Operator } from '@app/staff';
import { periodOf } from '../../document/period';
import { lockCampaign, versionInForce } from '../campaigns.repository';

const HOUR_MS = 3_600_000;

export interface StartBurstCommand {
  readonly campaignId: number;
  /** At most what the plan allows; the run never goes past the campaign's period. */
  readonly hours: number;
  readonly by: Operator;
  readonly reason: string;
}

/** One authorised person starts a burst that two people approved beforehand. It begins with the commit on every node and ends by itself. */
@Injectable()
export class StartBurst {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Rejected: `burst_forbidden` (403) without the right `start-burst`, `no_campaign` (404), `burst_not_armed` (409) when it is no approved
   * burst or was started before, `burst_too_long` (422), `burst_out_of_period` (409).
   */
  async run({ campaignId, hours, by, reason }: StartBurstCommand): Promise<{ from: Date; until: Date }> {
    if (!hasRight(by, 'start-burst')) throw new Rejected('burst_forbidden', '启动区域加码是一项单独的权限', 403);
    return this.unitOfWork.run(async (tx) => {
      const campaign = await lockCampaign(tx, campaignId);
      if (campaign.status !== 'armed') throw notArmed();
      const version = await versionInForce(tx, campaign);
      const plan = version?.content.burst;
      if (!version || !plan) throw new Defect(`campaign ${campaignId} is armed without a plan`);
      if (!(hours > 0 && hours <= plan.maxHours)) {
        throw new Rejected('burst_too_long', `预案最多允许持续 ${plan.maxHours} 小时`, 422, {
          maxHours: plan.maxHours,
        });
      }
      const from = await databaseNow(tx);
      const period = periodOf(version.content.period);
      if (!period.from || !period.to || from < period.from || from >= period.to) {
        throw new Rejected('burst_out_of_period', '现在不在预案的有效期内', 409);
      }
      const until = new Date(Math.min(from.getTime() + hours * HOUR_MS, period.to.getTime()));
      await tx.execute(
        `UPDATE campaigns SET status = 'live', run_from = ?, run_until = ?, run_by = ?, epoch = epoch + 1,
                updated_at = UTC_TIMESTAMP(6)
          WHERE id = ? AND status = 'armed'`,
        [from, until, by.id, campaignId],
      );
      await this.audit.append(tx, {
        ...{ actorId: by.id, act: 'campaigns.start-burst', object: `campaign:${campaignId}`, reason },
        ...{ before: { status: 'armed' }, after: { hours, from, until, contentHash: version.contentHash } },
      });
      return { from, until };
    });
  }
}

/** Stops a burst before its time, for ever: anybody of headquarters may, because it only costs less. */
@Injectable()
export class StopBurst {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: AuditLog,
  ) {}

  /** `changed` is false when it was over already. Rejected: `no_campaign` (404), `burst_not_running` (409). */
  run(command: { campaignId: number; by: number | null; reason: string }): Promise<{ changed: boolean }> {
    const { campaignId, by, reason } = command;
    return this.unitOfWork.run(async (tx) => {
      const { status, runFrom, runUntil } = await lockCampaign(tx, campaignId);
      if (runFrom === null) throw new Rejected('burst_not_running', '这个区域加码没有在进行', 409);
      if (status === 'ended') return { changed: false };
      await tx.execute(
        `UPDATE campaigns SET status = 'ended', run_until = LEAST(run_until, UTC_TIMESTAMP(6)), ended_at = UTC_TIMESTAMP(6),
                epoch = epoch + 1, updated_at = UTC_TIMESTAMP(6)
          WHERE id = ?`,
        [campaignId],
      );
      await this.audit.append(tx, {
        ...{ actorId: by, act: 'campaigns.stop-burst', object: `campaign:${campaignId}`, reason },
        ...{ before: { status, runUntil }, after: { status: 'ended' } },
      });
      return { changed: true };
    });
  }
}

function notArmed(): Rejected {
  return new Rejected('burst_not_armed', '只有审批通过、还没启动过的区域加码可以启动', 409);
}
