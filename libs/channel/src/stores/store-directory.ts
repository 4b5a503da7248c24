import { Injectable } from '@nestjs/common';
import type { Scope } from '@app/analytics';
import { Database } from '@app/database';
import { checkLimit, readCursor, writeCursor, type Page, type PageRequest } from '@app/kernel';
import { CHINA } from '@app/regions';
import { maySee } from '../rights';
import type { Store } from './store';
import { StoresRepository, type StoreFilter } from './stores.repository';

/** Reads of stores. What lies outside the scope is not there: not in lists, not by its number. */
@Injectable()
export class StoreDirectory {
  constructor(
    private readonly database: Database,
    private readonly stores: StoresRepository,
  ) {}

  /** By id. A distributor sees its own stores only, and none when it asks for another's. */
  async list(scope: Scope, { limit, cursor, ...filter }: PageRequest & StoreFilter): Promise<Page<Store>> {
    checkLimit(limit);
    if (filter.distributorId !== undefined && !maySee(scope, filter.distributorId)) {
      return { items: [], nextCursor: null };
    }
    const own = scope.kind === 'distributor' ? { distributorId: scope.distributorId } : {};
    const country = filter.adcode === CHINA ? { adcode: undefined } : {};
    const after = cursor ? Number(readCursor(cursor, 1)[0]) : 0;
    const rows = await this.stores.page(this.database, { ...filter, ...own, ...country }, after, limit + 1);
    const items = rows.slice(0, limit);
    return { items, nextCursor: rows.length > limit ? writeCursor([items.at(-1)!.id]) : null };
  }

  async find(scope: Scope, id: number): Promise<Store | null> {
    const store = await this.stores.find(this.database, id);
    return store && maySee(scope, store.distributorId) ? store : null;
  }

  /** How many active stores redeem each product: those that redeem all and those that name it. Counts only, hence without a scope. */
  async redeeming(productIds: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const ids = [...new Set(productIds)];
    if (ids.length === 0) return new Map();
    const { all, named } = await this.stores.countRedeeming(this.database, ids);
    return new Map(ids.map((id) => [id, all + (named.get(id) ?? 0)]));
  }

  /** How many stores are active. */
  total(): Promise<number> {
    return this.stores.countActive(this.database);
  }
}
