import { Injectable } from '@nestjs/common';
import type { Scope } from '@app/analytics';
import { Database } from '@app/database';
import { checkLimit, readCursor, Rejected, writeCursor, type Page, type PageRequest } from '@app/kernel';
import { maySee } from '../rights';
import type { AwardKey, DayTotal, RedemptionItem } from './redemption';
import { RedemptionsRepository, type RedemptionFilter, type RedemptionPosition } from './redemptions.repository';

const ROWS_A_READ = 1000;

/** Lists of what stores handed over, newest first. What lies outside the scope is not there. */
@Injectable()
export class RedemptionList {
  constructor(
    private readonly database: Database,
    private readonly redemptions: RedemptionsRepository,
  ) {}

  async list(
    scope: Scope,
    { limit, cursor, ...filter }: PageRequest & RedemptionFilter,
  ): Promise<Page<RedemptionItem>> {
    const own = ownOf(scope, filter);
    return own ? this.page(own, { limit, cursor: cursor ?? null }) : { items: [], nextCursor: null };
  }

  /** Every row, a thousand at a time, for files. */
  async *rows(scope: Scope, filter: RedemptionFilter): AsyncGenerator<RedemptionItem> {
    const own = ownOf(scope, filter);
    for (let after: RedemptionPosition | null = null; own;) {
      const rows: RedemptionItem[] = await this.redemptions.page(this.database, own, after, ROWS_A_READ);
      yield* rows;
      const last = rows.at(-1);
      if (rows.length < ROWS_A_READ || !last) return;
      after = { at: last.redeemedAt, key: last };
    }
  }

  /** Of one store, for a clerk whose post was checked. */
  ofStore(
    storeId: number,
    time: Pick<RedemptionFilter, 'from' | 'to'>,
    page: PageRequest,
  ): Promise<Page<RedemptionItem>> {
    return this.page({ storeId, ...time }, page);
  }

  /** What a store handed over on a Shanghai day. */
  day(storeId: number, day: string): Promise<DayTotal> {
    return this.redemptions.dayOf(this.database, storeId, day);
  }

  private async page(filter: RedemptionFilter, { limit, cursor }: PageRequest): Promise<Page<RedemptionItem>> {
    checkLimit(limit);
    const rows = await this.redemptions.page(this.database, filter, cursor ? positionOf(cursor) : null, limit + 1);
    const items = rows.slice(0, limit);
    return { items, nextCursor: rows.length > limit ? cursorOf(items.at(-1)!) : null };
  }
}

/** The filter within the scope; null where nothing can be in both. */
function ownOf(scope: Scope, filter: RedemptionFilter): RedemptionFilter | null {
  if (scope.kind === 'national') return filter;
  if (filter.distributorId !== undefined && !maySee(scope, filter.distributorId)) return null;
  return { ...filter, distributorId: scope.distributorId };
}

function cursorOf({ redeemedAt, code, slot }: RedemptionItem): string {
  // Times are stored to the millisecond; within one, the key orders.
  return writeCursor([redeemedAt.toISOString(), code.batch, code.layer, code.serial, slot]);
}

function positionOf(cursor: string): RedemptionPosition {
  const [at, ...numbers] = readCursor(cursor, 5);
  const time = new Date(String(at));
  const [batch, layer, serial, slot] = numbers.map(Number);
  if (Number.isNaN(time.getTime()) || !numbers.map(Number).every(Number.isInteger)) {
    throw new Rejected('bad_cursor', '翻页标记无效，请从第一页重新开始', 400);
  }
  const key: AwardKey = { code: { batch: batch!, layer: layer!, serial: serial! }, slot: slot! };
  return { at: time, key };
}
