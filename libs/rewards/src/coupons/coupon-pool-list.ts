import { Injectable } from '@nestjs/common';
import { Database, textOf } from '@app/database';
import { checkLimit, readCursor, Rejected, writeCursor, type Page, type PageRequest } from '@app/kernel';
import type { LineFault } from './coupon-lines';

export interface CouponPoolItem {
  readonly id: number;
  readonly name: string;
  /** Codes imported so far. */
  readonly total: number;
  readonly taken: number;
  readonly left: number;
  readonly lowMark: number;
  /** At or below the low mark: time to import more. */
  readonly low: boolean;
  readonly createdAt: Date;
}

/** An import and what became of its lines: `lines` = accepted + duplicates + bad + blank ones, once it is finished. */
export interface CouponImport {
  readonly id: number;
  readonly importKey: string;
  readonly lines: number;
  readonly doneLines: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly bad: number;
  readonly blank: number;
  readonly createdAt: Date;
  /** Null while lines are left: send the same import again and it goes on. */
  readonly finishedAt: Date | null;
  /** Line numbers from 1, rising; at most the first MOST_FAULTS. */
  readonly faults: readonly { readonly line: number; readonly fault: LineFault }[];
  readonly faultsLeftOut: number;
}

export interface CouponPoolDetail extends CouponPoolItem {
  /** Latest first, at most 20. */
  readonly imports: readonly Omit<CouponImport, 'faults' | 'faultsLeftOut'>[];
}

const MOST_FAULTS = 1000;
const MOST_IMPORTS = 20;
const POOL = `SELECT p.id, p.name, p.low_mark AS lowMark, p.created_at AS createdAt, s.total, s.taken
                FROM coupon_pools p JOIN coupon_stock s ON s.pool_id = p.id`;
const IMPORT = `SELECT id, import_key AS importKey, line_count AS \`lines\`, done_lines AS doneLines, accepted, duplicates, bad,
                       created_at AS createdAt, finished_at AS finishedAt FROM coupon_imports`;

type PoolRow = Omit<CouponPoolItem, 'left' | 'low'>;
type ImportRow = Omit<CouponImport, 'importKey' | 'blank' | 'faults' | 'faultsLeftOut'> & { importKey: Buffer };

/** Coupon pools as HQ sees them. No code is ever shown. */
@Injectable()
export class CouponPoolList {
  constructor(private readonly database: Database) {}

  /** Newest first; with `low` only those at or below their mark. */
  async page(request: PageRequest & { readonly low?: boolean }): Promise<Page<CouponPoolItem>> {
    const limit = checkLimit(request.limit);
    const before = request.cursor ? Number(readCursor(request.cursor, 1)[0]) : Number.MAX_SAFE_INTEGER;
    const rows = await this.database.query<PoolRow>(
      `${POOL} WHERE p.id < ?${request.low ? ' AND s.total - s.taken <= p.low_mark' : ''} ORDER BY p.id DESC LIMIT ?`,
      [before, limit + 1],
    );
    const items = rows.slice(0, limit).map(poolOf);
    return { items, nextCursor: rows.length > limit ? writeCursor([items.at(-1)!.id]) : null };
  }

  /** Rejected `no_such_pool` (404). */
  async one(poolId: number): Promise<CouponPoolDetail> {
    const [row] = await this.database.query<PoolRow>(`${POOL} WHERE p.id = ?`, [poolId]);
    if (!row) throw new Rejected('no_such_pool', '没有这个券码库', 404);
    const imports = await this.database.query<ImportRow>(
      `${IMPORT} WHERE pool_id = ? ORDER BY id DESC LIMIT ${MOST_IMPORTS}`,
      [poolId],
    );
    return { ...poolOf(row), imports: imports.map(importOf) };
  }

  /** The report of one import. Rejected `no_such_import` (404). */
  async importOf(poolId: number, importId: number): Promise<CouponImport> {
    const [row] = await this.database.query<ImportRow>(`${IMPORT} WHERE pool_id = ? AND id = ?`, [poolId, importId]);
    if (!row) throw new Rejected('no_such_import', '没有这次导入', 404);
    const faults = await this.database.query<{ line: number; fault: Buffer }>(
      `SELECT line, fault FROM coupon_import_faults WHERE import_id = ? ORDER BY line LIMIT ${MOST_FAULTS}`,
      [importId],
    );
    return {
      ...importOf(row),
      faults: faults.map(({ line, fault }) => ({ line, fault: textOf(fault) as LineFault })),
      faultsLeftOut: row.duplicates + row.bad - faults.length,
    };
  }
}

function poolOf(row: PoolRow): CouponPoolItem {
  const left = row.total - row.taken;
  return { ...row, left, low: left <= row.lowMark };
}

function importOf(row: ImportRow): Omit<CouponImport, 'faults' | 'faultsLeftOut'> {
  const blank = row.doneLines - row.accepted - row.duplicates - row.bad;
  return { ...row, importKey: textOf(row.importKey), blank };
}
