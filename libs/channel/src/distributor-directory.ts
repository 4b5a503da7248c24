import { Injectable } from '@nestjs/common';
import type { Scope } from '@app/analytics';
import { Database } from '@app/database';
import { checkLimit, readCursor, writeCursor, type Page, type PageRequest } from '@app/kernel';
import { within } from '@app/regions';
import type { Territory } from './attribution';
import { DistributorsRepository, type DistributorFilter, type DistributorItem } from './distributors.repository';
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

  /** By id; a distributor sees itself, at the top of what it sees. */
  async list(
    scope: Scope,
    { limit, cursor, ...filter }: PageRequest & DistributorFilter,
  ): Promise<Page<DistributorItem>> {
    checkLimit(limit);
    if (scope.kind === 'distributor') {
      const own = filter.parentId ? null : await this.distributors.findItem(this.database, scope.distributorId);
      return { items: own ? [own] : [], nextCursor: null };
    }
    const rows = await this.distributors.page(this.database, filter, afterId(cursor), limit + 1);
    return pageOf(rows, limit);
  }

  async find(scope: Scope, id: number): Promise<DistributorItem | null> {
    return maySee(scope, id) ? this.distributors.findItem(this.database, id) : null;
  }

  async territoriesOf(scope: Scope, distributorId: number, { limit, cursor }: PageRequest): Promise<Page<Territory>> {
    checkLimit(limit);
    if (!maySee(scope, distributorId)) return { items: [], nextCursor: null };
    const rows = await this.territories.ofDistributor(this.database, distributorId, afterId(cursor), limit + 1);
    return pageOf(rows, limit);
  }

  /** Whether a division has, or ever had, to do with whoever asks: headquarters everywhere, a distributor where its territories are or were. */
  async reaches(scope: Scope, adcode: number): Promise<boolean> {
    if (scope.kind !== 'distributor') return true;
    const all = await this.territories.all(this.database);
    return all.some(
      (one) => one.distributorId === scope.distributorId && (within(one.adcode, adcode) || within(adcode, one.adcode)),
    );
  }
}

function afterId(cursor: string | null | undefined): number {
  return cursor ? Number(readCursor(cursor, 1)[0]) : 0;
}

function pageOf<T extends { readonly id: number }>(rows: readonly T[], limit: number): Page<T> {
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? writeCursor([items.at(-1)!.id]) : null };
}
