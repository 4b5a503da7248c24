import { Injectable } from '@nestjs/common';
import { Database } from '@app/database';
import { checkLimit, readCursor, Rejected, writeCursor, type Page, type PageRequest } from '@app/kernel';
import { CHINA } from '@app/regions';
import { StoresRepository, type StoreNear } from './stores.repository';

/** gcj02, degrees. */
export interface Spot {
  readonly latitude: number;
  readonly longitude: number;
}

export interface NearbyQuestion extends PageRequest {
  readonly near?: Spot | undefined;
  /** Without a spot: a region of any level below the country. */
  readonly adcode?: number | undefined;
  /** Only stores that redeem this product. */
  readonly productId?: number | undefined;
}

/** Radii that are tried until one holds enough stores. */
const RADII_KM = [2, 5, 20, 80];
/** Nobody walks past the hundredth store. */
const MOST = 100;

/** Stores where a prize can be redeemed (附近可兑门店), for everybody. */
@Injectable()
export class NearbyStores {
  constructor(
    private readonly database: Database,
    private readonly stores: StoresRepository,
  ) {}

  /** Nearest first, the hundred nearest within 80 km at most; by district in the order of their ids. Throws Rejected `no_place` (422). */
  async list({ near, adcode, productId, limit, cursor }: NearbyQuestion): Promise<Page<StoreNear>> {
    checkLimit(limit);
    const position = cursor ? Number(readCursor(cursor, 1)[0]) : 0;
    if (!Number.isInteger(position) || position < 0)
      throw new Rejected('bad_cursor', '翻页标记无效，请从第一页重新开始', 400);
    if (near) return this.around(near, productId, limit, position);
    if (adcode === undefined || adcode === CHINA) throw new Rejected('no_place', '请选择所在的地区', 422);
    const rows = await this.stores.page(this.database, { adcode, productId, status: 'active' }, position, limit + 1);
    const items = rows.slice(0, limit).map((store) => ({ ...store, distanceM: null }));
    return { items, nextCursor: rows.length > limit ? writeCursor([items.at(-1)!.id]) : null };
  }

  private async around(
    near: Spot,
    productId: number | undefined,
    limit: number,
    skip: number,
  ): Promise<Page<StoreNear>> {
    let found: StoreNear[] = [];
    for (const km of RADII_KM) {
      found = await this.stores.around(this.database, near, km, productId, MOST);
      if (found.length >= MOST) break;
    }
    const items = found.slice(skip, skip + limit);
    const next = skip + limit;
    return { items, nextCursor: next < found.length ? writeCursor([next]) : null };
  }
}
