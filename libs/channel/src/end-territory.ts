import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@app/database';
import { Rejected } from '@app/kernel';
import { AuditLog, type Operator } from '@app/staff';
import { headquartersOnly } from './rights';
import { TerritoriesRepository } from './territories.repository';

@Injectable()
export class EndTerritory {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly territories: TerritoriesRepository,
    private readonly audit: AuditLog,
  ) {}

  /** Sets the end of a territory; scans already made keep whom they were attributed to. Throws Rejected 404, 409, 422. */
  async run(actor: Operator | null, territoryId: number, at: Date, reason?: string): Promise<void> {
    headquartersOnly(actor);
    await this.unitOfWork.run(async (tx) => {
      const territory = await this.territories.lock(tx, territoryId);
      if (!territory) throw new Rejected('no_territory', '没有这条区域授权', 404);
      if (!(at > territory.from)) throw new Rejected('bad_period', '结束时间必须晚于开始时间', 422);
      if (territory.to !== null && territory.to <= at) {
        throw new Rejected('territory_ended', '这条区域授权已在更早的时间结束', 409);
      }
      await this.territories.end(tx, territoryId, at);
      await this.audit.append(tx, {
        actorId: actor?.id ?? null,
        act: 'channel.end-territory',
        object: `territory:${territoryId}`,
        before: { to: territory.to },
        after: { to: at },
        ...(reason ? { reason } : {}),
      });
    });
  }
}
