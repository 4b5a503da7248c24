import { Injectable } from '@nestjs/common';
import { Database, textOf } from '@app/database';
import { checkLimit, readCursor, writeCursor, type Page } from '@app/kernel';
import type { Leg } from './journal';

export interface CorrectionItem {
  readonly id: number;
  readonly legs: readonly Leg[];
  readonly reason: string;
  /** requested, approved, rejected, withdrawn */
  readonly status: string;
  readonly requestedBy: number;
  readonly createdAt: Date;
  readonly decidedBy: number | null;
  readonly decidedAt: Date | null;
  readonly note: string | null;
}

/** Corrections for the console, newest first. */
@Injectable()
export class CorrectionList {
  constructor(private readonly database: Database) {}

  async page(query: { limit: number; cursor?: string | null }): Promise<Page<CorrectionItem>> {
    const limit = checkLimit(query.limit);
    const before = query.cursor ? Number(readCursor(query.cursor, 1)[0]) : 2 ** 32;
    const rows = await this.database.query<Row>(
      `SELECT id, legs, reason, status, requested_by, created_at, decided_by, decided_at, note FROM ledger_corrections
        WHERE id < ? ORDER BY id DESC LIMIT ?`,
      [before, limit + 1],
    );
    const items = rows.slice(0, limit).map((row) => ({
      ...{ id: row.id, legs: JSON.parse(row.legs) as Leg[], reason: row.reason, status: textOf(row.status) },
      ...{ requestedBy: row.requested_by, createdAt: row.created_at },
      ...{ decidedBy: row.decided_by, decidedAt: row.decided_at, note: row.note },
    }));
    return { items, nextCursor: rows.length > limit ? writeCursor([items.at(-1)!.id]) : null };
  }
}

interface Row {
  id: number;
  legs: string;
  reason: string;
  status: Buffer;
  requested_by: number;
  created_at: Date;
  decided_by: number | null;
  decided_at: Date | null;
  note: string | null;
}
