import { Injectable } from '@nestjs/common';
import type { Scope } from '@app/analytics';
import { Database } from '@app/database';
import { checkLimit, readCursor, writeCursor, type Page, type PageRequest } from '@app/kernel';
import type { Territory } from './attribution';
import { DistributorsRepository, type Distributor } from './distributors.repository';
import { maySee } from './rights';
import { TerritoriesRepository } from './territories.repository';

/** Lists for the console. What lies outside the scope is not there: not in lists, not by its number. */
@Injectable()
export class DistributorDirectory {
  constructor(
    private readonly database: Database,
    private readonly distributors: DistributorsRepository,
    private readonly territories: TerritoriesRepository,
  ) {}

  async list(scope: Scope, { limit, cursor }: PageRequest): Promise<Page<Distributor>> {
    checkLimit(limit);
    if (scope.kind === 'distributor') {
      const own = await this.distributors.find(this.database, scope.distributorId);
      return { items: own ? [own] : [], nextCursor: null };
    }
    const rows = await this.distributors.page(this.database, afterId(cursor), limit + 1);
    return pageOf(rows, limit);
  }

  async find(scope: Scope, id: number): Promise<Distributor | null> {
    return maySee(scope, id) ? this.distributors.find(this.database, id) : null;
  }

  async territoriesOf(scope: Scope, distributorId: number, { limit, cursor }: PageRequest): Promise<Page<Territory>> {
    checkLimit(limit);
    if (!maySee(scope, distributorId)) return { items: [], nextCursor: null };
    const rows = await this.territories.ofDistributor(this.database, distributorId, afterId(cursor), limit + 1);
    return pageOf(rows, limit);
  }
}

function afterId(cursor: string | null | undefined): number {
  return cursor ? Number(readCursor(cursor, 1)[0]) : 0;
}

function pageOf<T extends { readonly id: number }>(rows: readonly T[], limit: number): Page<T> {
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? writeCursor([items.at(-1)!.id]) : null };
}
