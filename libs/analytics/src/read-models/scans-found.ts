import { Injectable } from '@nestjs/common';
import { Database, placeholders, textOf, type SqlValue } from '@app/database';
import { memberId, type MemberId } from '@app/kernel';
import { cityGrain } from '../place-grain';
import type { Scope } from '../scope';

/** Which scans are looked for. At least a product, a batch, a place, verdicts or a distributor's scope must narrow it. */
export interface ScansSought {
  /** `adcode` 0 = unknown place; `below`: all regions that lie in it. */
  readonly place?: { readonly adcode: number; readonly below: readonly number[] };
  /** Numbers as they stand in `scans.verdict`. */
  readonly verdicts?: readonly number[];
  readonly productId?: number;
  readonly batchId?: number;
  readonly from?: Date;
  /** Not included. */
  readonly to?: Date;
}

export interface ScanKey {
  readonly at: Date;
  readonly member: MemberId;
  readonly scanId: string;
}

interface Row {
  at: Date;
  member: string;
  scanId: Buffer;
}

/**
 * Finds scans by place, verdict and distributor, newest first. It reads the facts, so a scan is found a few seconds after it happened.
 * A province is asked city by city. First each index is walked backwards to the instant at which a page is full, then what lies since then
 * is put in order: many scans share one instant, and no index of a partitioned table keeps the order among them.
 */
@Injectable()
export class ScansFound {
  constructor(private readonly database: Database) {}

  async keys(scope: Scope, sought: ScansSought, limit: number, before: ScanKey | null): Promise<ScanKey[]> {
    const anchors = anchorsOf(scope, sought);
    const ends = anchors.map((anchor) => {
      const { where, params } = conditions(anchor, scope, sought, before);
      const sql = `(SELECT at FROM ${tableOf(anchor)} WHERE ${where} ORDER BY at DESC LIMIT 1 OFFSET ?)`;
      return { sql, params: [...params, limit - 1] };
    });
    const full = await this.database.query<{ at: Date }>(...union(ends));
    // Of a place that fills the page by itself nothing older is needed, and so of no other place.
    const since = full.map(({ at }) => at.getTime()).reduce((latest, at) => Math.max(latest, at), 0);
    const from = new Date(Math.max(since, sought.from?.getTime() ?? 0));
    const parts = anchors.map((anchor) => {
      const { where, params } = conditions(anchor, scope, { ...sought, from }, before);
      const sql = `(SELECT at, member_id AS member, scan_id AS scanId FROM ${tableOf(anchor)} WHERE ${where}
        ORDER BY at DESC, member_id DESC, scan_id DESC LIMIT ?)`;
      return { sql, params: [...params, limit] };
    });
    const [sql, params] = union(parts);
    const rows = await this.database.query<Row>(`${sql} ORDER BY at DESC, member DESC, scanId DESC LIMIT ?`, [
      ...params,
      limit,
    ]);
    return rows.map(({ at, member, scanId }) => ({ at, member: memberId(member), scanId: textOf(scanId) }));
  }
}

interface Part {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

function union(parts: readonly Part[]): [string, SqlValue[]] {
  return [parts.map(({ sql }) => sql).join(' UNION ALL '), parts.flatMap(({ params }) => params)];
}

function tableOf({ index }: Anchor): string {
  return `scan_facts FORCE INDEX (${index})`;
}

interface Anchor {
  readonly index: string;
  readonly column: 'batch_id' | 'city' | 'product_id' | 'distributor_id' | 'verdict';
  readonly value: number;
}

/** One index and one value of its first column for each part of the question. */
function anchorsOf(scope: Scope, { place, productId, batchId, verdicts = [] }: ScansSought): Anchor[] {
  if (batchId !== undefined) return [{ index: 'ix_scan_facts_batch', column: 'batch_id', value: batchId }];
  if (place) {
    const cities = new Set([place.adcode, ...place.below].map(cityGrain));
    return [...cities].map((value) => ({ index: 'ix_scan_facts_city', column: 'city', value }));
  }
  if (productId !== undefined) return [{ index: 'ix_scan_facts_product', column: 'product_id', value: productId }];
  if (scope.kind === 'distributor') {
    return [{ index: 'ix_scan_facts_distributor', column: 'distributor_id', value: scope.distributorId }];
  }
  return verdicts.map((value) => ({ index: 'ix_scan_facts_verdict', column: 'verdict', value }));
}

type Add = (sql: string, ...values: SqlValue[]) => void;

/** All cities of the place, where no index of a city leads to it. */
function addPlace({ adcode, below }: NonNullable<ScansSought['place']>, add: Add): void {
  const cities = [...new Set([adcode, ...below].map(cityGrain))];
  add(`city IN (${placeholders(cities)})`, ...cities);
}

function conditions(
  { column, value }: Anchor,
  scope: Scope,
  { place, productId, batchId, verdicts = [], from, to }: ScansSought,
  before: ScanKey | null,
): { where: string; params: SqlValue[] } {
  const where = [`${column} = ?`];
  const params: SqlValue[] = [value];
  const add: Add = (sql, ...values) => void (where.push(sql), params.push(...values));
  if (place && column !== 'city') addPlace(place, add);
  if (place && place.adcode > 0 && place.below.length === 0) add('adcode = ?', place.adcode);
  if (productId !== undefined && column !== 'product_id') add('product_id = ?', productId);
  if (batchId !== undefined && column !== 'batch_id') add('batch_id = ?', batchId);
  if (scope.kind === 'distributor' && column !== 'distributor_id') add('distributor_id = ?', scope.distributorId);
  if (verdicts.length > 0 && column !== 'verdict') add(`verdict IN (${placeholders(verdicts)})`, ...verdicts);
  if (from) add('at >= ?', from);
  if (to) add('at < ?', to);
  if (before) {
    add('at <= ? AND (at < ? OR (member_id, scan_id) < (?, ?))', before.at, before.at, before.member, before.scanId);
  }
  return { where: where.join(' AND '), params };
}
