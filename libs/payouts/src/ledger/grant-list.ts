import { Injectable } from '@nestjs/common';
import { Database, textOf, type SqlValue } from '@app/database';
import { checkLimit, fenFromColumn, readCursor, writeCursor, type Fen, type Page } from '@app/kernel';
import type { GrantState } from './grants';

/** 费用申请, and what became of its money. */
export interface GrantItem {
  readonly id: number;
  readonly budgetId: number;
  readonly amountFen: Fen;
  /** Settled prizes that were charged to it. */
  readonly usedFen: Fen;
  /** Given back unspent when it was written off for good. */
  readonly returnedFen: Fen;
  readonly applicationNo: string;
  readonly expenseAccount: string;
  readonly costCenter: string;
  readonly bearer: string;
  readonly status: string;
  readonly requestedBy: number;
  readonly approvedBy: number | null;
  /** Who rejected it or took it back, when, and why. */
  readonly decidedBy: number | null;
  readonly decidedAt: Date | null;
  readonly note: string | null;
  readonly createdAt: Date;
  readonly approvedAt: Date | null;
}

export interface GrantFilter {
  readonly budgetId?: number | undefined;
  readonly status?: GrantState | undefined;
}

const COLUMNS = `id, budget_id, amount_fen, used_fen, returned_fen, application_no, expense_account, cost_center, bearer, status,
  requested_by, approved_by, decided_by, decided_at, note, created_at, approved_at`;

/** Grants for the console, newest first. */
@Injectable()
export class GrantList {
  constructor(private readonly database: Database) {}

  async page(query: GrantFilter & { limit: number; cursor?: string | null }): Promise<Page<GrantItem>> {
    const limit = checkLimit(query.limit);
    const conditions: { sql: string; value: SqlValue }[] = [
      { sql: 'id < ?', value: query.cursor ? Number(readCursor(query.cursor, 1)[0]) : 2 ** 32 },
    ];
    if (query.budgetId !== undefined) conditions.push({ sql: 'budget_id = ?', value: query.budgetId });
    if (query.status !== undefined) conditions.push({ sql: 'status = ?', value: query.status });
    const rows = await this.database.query<GrantRow>(
      `SELECT ${COLUMNS} FROM budget_grants WHERE ${conditions.map(({ sql }) => sql).join(' AND ')} ORDER BY id DESC LIMIT ?`,
      [...conditions.map(({ value }) => value), limit + 1],
    );
    const items = rows.slice(0, limit).map(grantOf);
    return { items, nextCursor: rows.length > limit ? writeCursor([items.at(-1)!.id]) : null };
  }

  /** The newest of a budget. */
  async latest(budgetId: number, count: number): Promise<GrantItem[]> {
    const rows = await this.database.query<GrantRow>(
      `SELECT ${COLUMNS} FROM budget_grants WHERE budget_id = ? ORDER BY id DESC LIMIT ?`,
      [budgetId, count],
    );
    return rows.map(grantOf);
  }
}

interface GrantRow {
  id: number;
  budget_id: number;
  amount_fen: string;
  used_fen: string;
  returned_fen: string;
  application_no: string;
  expense_account: string;
  cost_center: string;
  bearer: Buffer;
  status: Buffer;
  requested_by: number;
  approved_by: number | null;
  decided_by: number | null;
  decided_at: Date | null;
  note: string | null;
  created_at: Date;
  approved_at: Date | null;
}

function grantOf(row: GrantRow): GrantItem {
  return {
    id: row.id,
    budgetId: row.budget_id,
    amountFen: fenFromColumn(row.amount_fen),
    usedFen: fenFromColumn(row.used_fen),
    returnedFen: fenFromColumn(row.returned_fen),
    applicationNo: row.application_no,
    expenseAccount: row.expense_account,
    costCenter: row.cost_center,
    bearer: textOf(row.bearer),
    status: textOf(row.status),
    requestedBy: row.requested_by,
    approvedBy: row.approved_by,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
    note: row.note,
    createdAt: row.created_at,
    approvedAt: row.approved_at,
  };
}
