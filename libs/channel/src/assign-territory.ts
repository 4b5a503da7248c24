import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@app/database';
import { Rejected } from '@app/kernel';
import { CHINA, regionOf } from '@app/regions';
import { AuditLog, type Operator } from '@app/staff';
import type { Territory } from './attribution';
import { DistributorsRepository } from './distributors.repository';
import { headquartersOnly } from './rights';
import { TerritoriesRepository } from './territories.repository';

export interface TerritoryWish {
  readonly distributorId: number;
  /** A GB/T 2260 code of any level; 100000 = the whole country. */
  readonly adcode: number;
  /** null = every product line. */
  readonly productLine: string | null;
  readonly from: Date;
  /** null = open end. */
  readonly to: Date | null;
}

const MAX_LINE_BYTES = 32;

@Injectable()
export class AssignTerritory {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly distributors: DistributorsRepository,
    private readonly territories: TerritoriesRepository,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Returns the territory's id. It holds for scans from `from` on that are still to come; scans already made keep whom they were
   * attributed to. Two distributors may share a region; the same distributor may not hold the same one twice at a time (409).
   */
  async run(actor: Operator | null, wish: TerritoryWish): Promise<number> {
    headquartersOnly(actor);
    const wanted = checked(wish);
    return this.unitOfWork.run(async (tx) => {
      // Locked: two assignments to one distributor cannot overlook each other.
      const distributor = await this.distributors.lock(tx, wanted.distributorId);
      if (!distributor) throw new Rejected('no_distributor', '没有这个经销商', 404);
      const other = await this.territories.overlapping(tx, wanted);
      if (other)
        throw new Rejected('territory_overlap', '该经销商在这段时间已负责这个区域', 409, { territoryId: other.id });
      const id = await this.territories.insert(tx, wanted);
      await this.audit.append(tx, {
        actorId: actor?.id ?? null,
        act: 'channel.assign-territory',
        object: `territory:${id}`,
        after: wanted,
      });
      return id;
    });
  }
}

function checked({ distributorId, adcode, productLine, from, to }: TerritoryWish): Omit<Territory, 'id'> {
  if (adcode !== CHINA && regionOf(adcode) === null) throw new Rejected('no_region', '没有这个行政区划代码', 422);
  if (productLine !== null && (productLine === '' || Buffer.byteLength(productLine) > MAX_LINE_BYTES)) {
    throw new Rejected('bad_line', '产品线无效', 422);
  }
  if (Number.isNaN(from.getTime()) || (to !== null && !(to > from))) {
    throw new Rejected('bad_period', '结束时间必须晚于开始时间', 422);
  }
  return { distributorId, adcode, productLine, from, to };
}
