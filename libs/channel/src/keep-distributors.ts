import { Injectable } from '@nestjs/common';
import { UnitOfWork, type Tx } from '@app/database';
import { Rejected } from '@app/kernel';
import { AuditLog, type Operator } from '@app/staff';
import { assertTop, checkedDistributorName } from './create-distributor';
import { DistributorsRepository, type Distributor } from './distributors.repository';
import { headquartersOnly } from './rights';
import { TerritoriesRepository } from './territories.repository';

/** Headquarters renames a distributor, puts it below another one, ends the cooperation or takes it up again. */
@Injectable()
export class KeepDistributors {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly distributors: DistributorsRepository,
    private readonly territories: TerritoriesRepository,
    private readonly audit: AuditLog,
  ) {}

  /** Throws Rejected 404 for an unknown one, 422 for a bad name or a parent that cannot be one. */
  async change(actor: Operator, id: number, wanted: { name: string; parentId: number | null }): Promise<void> {
    headquartersOnly(actor);
    const name = checkedDistributorName(wanted.name);
    const { parentId } = wanted;
    await this.unitOfWork.run(async (tx) => {
      const before = await this.locked(tx, id);
      if (parentId !== null && parentId !== before.parentId) await this.checkParent(tx, id, parentId);
      await this.distributors.change(tx, id, name, parentId);
      await this.audit.append(tx, {
        actorId: actor.id,
        act: 'channel.change-distributor',
        object: `distributor:${id}`,
        before: { name: before.name, parentId: before.parentId },
        after: { name, parentId },
      });
    });
  }

  /**
   * Ending also ends its territories from this moment on; its stores stay, and scans keep whom they were attributed to. Asking for what it
   * is already changes nothing. Throws Rejected 404.
   */
  async setStatus(actor: Operator, id: number, status: Distributor['status'], reason?: string): Promise<void> {
    headquartersOnly(actor);
    await this.unitOfWork.run(async (tx) => {
      const before = await this.locked(tx, id);
      if (!(await this.distributors.setStatus(tx, id, status))) return;
      const endedTerritories = status === 'ended' ? await this.territories.endAll(tx, id) : 0;
      await this.audit.append(tx, {
        actorId: actor.id,
        act: status === 'ended' ? 'channel.end-distributor' : 'channel.reopen-distributor',
        object: `distributor:${id}`,
        before: { status: before.status },
        after: { status, endedTerritories },
        ...(reason ? { reason } : {}),
      });
    });
  }

  private async checkParent(tx: Tx, id: number, parentId: number): Promise<void> {
    if (parentId === id) throw new Rejected('bad_parent', '经销商不能是自己的上级', 422);
    assertTop(await this.distributors.lock(tx, parentId));
    if (await this.distributors.hasChildren(tx, id)) {
      throw new Rejected('bad_parent', '它自己有二批商，不能再归到别人下面', 422);
    }
  }

  private async locked(tx: Tx, id: number): Promise<Distributor> {
    const found = await this.distributors.lock(tx, id);
    if (!found) throw new Rejected('no_distributor', '没有这个经销商', 404);
    return found;
  }
}
