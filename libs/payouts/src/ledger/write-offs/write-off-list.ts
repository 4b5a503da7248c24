import { Injectable } from '@nestjs/common';
import { Database, textOf, type SqlValue } from '@app/database';
import { checkLimit, readCursor, Rejected, shanghaiDayStart, writeCursor, type Page } from '@app/kernel';
import type { WriteOffContent } from './write-off-content';

export const WRITE_OFF_STATES = ['draft', 'signed', 'closed', 'void'] as const;
export type WriteOffState = (typeof WRITE_OFF_STATES)[number];

export interface WriteOffSignature {
  readonly role: 'author' | 'approver';
  readonly operatorId: number;
  readonly operatorName: string;
  readonly at: Date;
}

export interface WriteOffItem {
  readonly id: number;
  readonly status: WriteOffState;
  readonly revision: number;
  /** Hex; what a signature names. */
  readonly contentHash: string;
  readonly content: WriteOffContent;
  readonly authorId: number;
  readonly createdAt: Date;
  /** When both had signed. */
  readonly closedAt: Date | null;
  /** Unspent fen that left the budget with it. */
  readonly returnedFen: number;
}

export interface WriteOffDetail extends WriteOffItem {
  /** On the present revision. */
  readonly signatures: readonly WriteOffSignature[];
}

export interface WriteOffFilter {
  readonly grantId?: number | undefined;
  readonly status?: WriteOffState | undefined;
}

const FROM = `FROM write_off_sheets s JOIN write_off_revisions r ON r.sheet_id = s.id AND r.revision = s.revision
  LEFT JOIN write_off_closures c ON c.sheet_id = s.id`;
const COLUMNS = `s.id, s.status, s.revision, s.created_at, r.content, r.content_hash, r.author_id, c.at AS closed_at, c.returned_fen`;
const SHEETS_AT_ONCE = 200;

/** Write-off sheets for the console. */
@Injectable()
export class WriteOffList {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async page(query: WriteOffFilter & { limit: number; cursor?: string | null }): Promise<Page<WriteOffItem>> {
    const limit = checkLimit(query.limit);
    const conditions: { sql: string; value: SqlValue }[] = [
      { sql: 's.id < ?', value: query.cursor ? Number(readCursor(query.cursor, 1)[0]) : 2 ** 32 },
    ];
    if (query.grantId !== undefined) conditions.push({ sql: 's.grant_id = ?', value: query.grantId });
    if (query.status !== undefined) conditions.push({ sql: 's.status = ?', value: query.status });
    const rows = await this.database.query<Row>(
      `SELECT ${COLUMNS} ${FROM} WHERE ${conditions.map(({ sql }) => sql).join(' AND ')} ORDER BY s.id DESC LIMIT ?`,
      [...conditions.map(({ value }) => value), limit + 1],
    );
    const items = rows.slice(0, limit).map(itemOf);
    return { items, nextCursor: rows.length > limit ? writeCursor([items.at(-1)!.id]) : null };
  }

  /** Throws Rejected `no_such_sheet` (404). */
  async one(id: number): Promise<WriteOffDetail> {
    const [row] = await this.database.query<Row>(`SELECT ${COLUMNS} ${FROM} WHERE s.id = ?`, [id]);
    if (!row) throw new Rejected('no_such_sheet', '没有这张核销单', 404);
    return { ...itemOf(row), signatures: await this.signatures(id, row.revision) };
  }

  /** Sheets that were closed on the Shanghai days `[from, to)`, of one 科目 or of all, in the order of their 科目 and number. */
  async *closed(question: {
    from: string;
    to: string;
    expenseAccount?: string | undefined;
  }): AsyncGenerator<WriteOffDetail> {
    const { from, to, expenseAccount } = question;
    const day = /^\d{4}-\d{2}-\d{2}$/;
    const length = day.test(from) && day.test(to) ? Date.parse(to) - Date.parse(from) : NaN;
    if (!(length > 0 && length <= 366 * 86_400_000)) {
      throw new Rejected('bad_range', '日期范围须为 1 至 366 天，结束日期不含在内', 422);
    }
    for (let after: [string, number] = ['', 0]; ;) {
      const rows = await this.database.query<Row & { account: string }>(
        `SELECT ${COLUMNS}, g.expense_account AS account ${FROM} JOIN budget_grants g ON g.id = s.grant_id
          WHERE c.at >= ? AND c.at < ? AND (g.expense_account > ? OR (g.expense_account = ? AND s.id > ?))
            ${expenseAccount === undefined ? '' : 'AND g.expense_account = ?'}
          ORDER BY g.expense_account, s.id LIMIT ${SHEETS_AT_ONCE}`,
        [
          ...[shanghaiDayStart(from), shanghaiDayStart(to), after[0], after[0], after[1]],
          ...(expenseAccount === undefined ? [] : [expenseAccount]),
        ],
      );
      for (const row of rows) yield { ...itemOf(row), signatures: await this.signatures(row.id, row.revision) };
      const last = rows.at(-1);
      if (!last || rows.length < SHEETS_AT_ONCE) return;
      after = [last.account, last.id];
    }
  }

  private async signatures(sheetId: number, revision: number): Promise<WriteOffSignature[]> {
    const rows = await this.database.query<{ role: Buffer; operator_id: number; name: string | null; at: Date }>(
      `SELECT s.role, s.operator_id, o.name, s.at FROM write_off_signatures s LEFT JOIN operators o ON o.id = s.operator_id
        WHERE s.sheet_id = ? AND s.revision = ? ORDER BY s.at, s.role`,
      [sheetId, revision],
    );
    return rows.map((row) => ({
      role: textOf(row.role) === 'author' ? 'author' : 'approver',
      operatorId: row.operator_id,
      operatorName: row.name ?? '',
      at: row.at,
    }));
  }
}

interface Row {
  id: number;
  status: Buffer;
  revision: number;
  created_at: Date;
  content: string;
  content_hash: Buffer;
  author_id: number;
  closed_at: Date | null;
  returned_fen: string | null;
}

function itemOf(row: Row): WriteOffItem {
  return {
    id: row.id,
    status: textOf(row.status) as WriteOffState,
    revision: row.revision,
    contentHash: row.content_hash.toString('hex'),
    content: JSON.parse(row.content) as WriteOffContent,
    authorId: row.author_id,
    createdAt: row.created_at,
    closedAt: row.closed_at,
    returnedFen: Number(row.returned_fen ?? 0),
  };
}
