import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@app/database';
import { Rejected } from '@app/kernel';
import { AuditLog, type Operator } from '@app/staff';
import { DistributorsRepository, type Distributor } from './distributors.repository';
import { headquartersOnly } from './rights';

const MAX_NAME = 64;

@Injectable()
export class CreateDistributor {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly distributors: DistributorsRepository,
    private readonly audit: AuditLog,
  ) {}

  /** `actor` null = the system itself (demo data). Returns the new id. Throws Rejected for a bad name or an unknown parent. */
  async run(actor: Operator | null, wanted: { name: string; parentId?: number | null }): Promise<number> {
    headquartersOnly(actor);
    const name = checkedDistributorName(wanted.name);
    const parentId = wanted.parentId ?? null;
    return this.unitOfWork.run(async (tx) => {
      if (parentId !== null) assertTop(await this.distributors.lock(tx, parentId));
      const id = await this.distributors.insert(tx, name, parentId);
      await this.audit.append(tx, {
        actorId: actor?.id ?? null,
        act: 'channel.create-distributor',
        object: `distributor:${id}`,
        after: { name, parentId },
      });
      return id;
    });
  }
}

export function checkedDistributorName(text: string): string {
  const name = text.normalize('NFC').trim();
  if (name.length === 0 || name.length > MAX_NAME) {
    throw new Rejected('bad_name', '经销商名称须为 1 至 64 个字符', 422);
  }
  return name;
}

/** Below a distributor are sub-distributors (二批商), and below those nobody. */
export function assertTop(parent: Distributor | null): void {
  if (!parent) throw new Rejected('no_distributor', '没有这个上级经销商', 422);
  if (parent.parentId !== null) throw new Rejected('bad_parent', '二批商下面不能再设下级', 422);
}
