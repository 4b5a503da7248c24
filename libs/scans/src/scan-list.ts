import { Injectable } from '@nestjs/common';
import { ScansFound, type Scope } from '@app/analytics';
import { CodeBook } from '@app/codes';
import { Database } from '@app/database';
import { checkLimit, memberId, Rejected, writeCursor, type CodeTriple, type Page } from '@app/kernel';
import { childrenOf, regionOf } from '@app/regions';
import { positionOf, type ScanPosition } from './scan-position';
import { VERDICTS, type Verdict } from './scan-outcome';
import { ScanRecords, type ScanRecord } from './scan-records.repository';
import { maskedRow, scanRow, type ScanRow } from './scan-row';

/** What scans are searched by. Everything narrows; nothing at all = every scan of the scope. */
export interface ScanFilter {
  readonly memberId?: number;
  /** As printed or typed. */
  readonly code?: string;
  readonly from?: Date;
  /** Not included. */
  readonly to?: Date;
  readonly verdicts?: readonly Verdict[];
  /** A division of GB/T 2260, with all that lies in it; 0 = unknown place. */
  readonly adcode?: number;
  readonly productId?: number;
  /** Code batch. */
  readonly batchId?: number;
}

/**
 * Scans in lists for staff, newest first. By code, member or time alone they are read as they were recorded; by product, batch, place,
 * verdict or a distributor's scope through the facts, which are a few seconds behind.
 */
@Injectable()
export class ScanList {
  constructor(
    private readonly database: Database,
    private readonly records: ScanRecords,
    private readonly found: ScansFound,
    private readonly codeBook: CodeBook,
  ) {}

  /**
   * Of a distributor's scope only the scans in its territory, with codes masked and without members; searching for one code or one member
   * is headquarters' then (403). Rejected 422 for a code that is not ours and a region that is none.
   */
  async page(
    scope: Scope,
    filter: ScanFilter,
    page: { limit: number; cursor?: string | null },
  ): Promise<Page<ScanRow>> {
    const limit = checkLimit(page.limit);
    const before = page.cursor ? positionOf(page.cursor) : null;
    const foreign = scope.kind === 'distributor';
    if (foreign && (filter.code !== undefined || filter.memberId !== undefined)) {
      throw new Rejected('forbidden', '按码或会员查找只有品牌总部可以做', 403);
    }
    const rows = await this.read(scope, filter, limit + 1, before);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const items = shown.map((record) => scanRow(record, this.codeBook));
    return {
      items: foreign ? items.map(maskedRow) : items,
      nextCursor: rows.length > limit && last ? writeCursor([last.at.toISOString(), last.member, last.scanId]) : null,
    };
  }

  private async read(
    scope: Scope,
    filter: ScanFilter,
    limit: number,
    before: ScanPosition | null,
  ): Promise<ScanRecord[]> {
    const code = this.codeOf(filter.code);
    const { from, to, verdicts, adcode, productId, batchId } = filter;
    const goods = { ...(productId !== undefined && { productId }), ...(batchId !== undefined && { batchId }) };
    const narrowed = adcode !== undefined || verdicts !== undefined || Object.keys(goods).length > 0;
    const times = { ...(from && { from }), ...(to && { to }) };
    if (code || filter.memberId !== undefined || (scope.kind === 'national' && !narrowed)) {
      const member = filter.memberId === undefined ? {} : { member: memberId(filter.memberId) };
      const places = adcode === undefined ? {} : { adcodes: [region(adcode), ...below(adcode)] };
      const narrow = { ...(code && { code }), ...member, ...times, ...places, ...goods, ...(verdicts && { verdicts }) };
      return this.records.page(this.database, narrow, limit, before);
    }
    const sought = {
      ...times,
      ...goods,
      ...(adcode !== undefined && { place: { adcode: region(adcode), below: below(adcode) } }),
      ...(verdicts && { verdicts: verdicts.map((verdict) => VERDICTS.indexOf(verdict)) }),
    };
    const key = before && { ...before, member: memberId(before.member) };
    return this.records.many(this.database, await this.found.keys(scope, sought, limit, key));
  }

  private codeOf(text: string | undefined): CodeTriple | null {
    if (text === undefined) return null;
    const code = this.codeBook.decode(text);
    if (code === 'malformed' || code === 'forged') throw new Rejected('not_our_code', '这不是我们的码', 422);
    return code;
  }
}

function region(adcode: number): number {
  if (adcode !== 0 && regionOf(adcode) === null) {
    throw new Rejected('no_such_region', '没有这个地区', 422, { field: 'adcode' });
  }
  return adcode;
}

function below(adcode: number): number[] {
  if (adcode === 0) return [];
  return childrenOf(adcode).flatMap((child) => [child.adcode, ...childrenOf(child.adcode).map((one) => one.adcode)]);
}
