import { Injectable } from '@nestjs/common';
import { Database, textOf } from '@app/database';
import { checkLimit, fenFromColumn, readCursor, writeCursor, type Fen, type Page } from '@app/kernel';

export interface GrantItem {
  readonly id: number;
  readonly amountFen: Fen;
  readonly applicationNo: string;
  readonly expenseAccount: string;
  readonly costCenter: string;
  readonly bearer: string;
  readonly status: string;
  readonly requestedBy: number;
  readonly approvedBy: number | null;
  readonly createdAt: Date;
}

export interface BudgetItem {
  readonly id: number;
  readonly name: string;
  readonly grantedFen: Fen;
  readonly availableFen: Fen;
  readonly reservedFen: Fen;
  readonly settledFen: Fen;
  readonly createdAt: Date;
  /** Latest first, at most 50. */
  readonly grants: readonly GrantItem[];
}

const GRANTS_SHOWN = 50;

/** Budgets for the console, newest first, each with its grants. */
@Injectable()
export class BudgetList {
  constructor(private readonly database: Database) {}

  async page(query: { limit: number; cursor?: string | null }): Promise<Page<BudgetItem>> {
    const limit = checkLimit(query.limit);
    const before = query.cursor ? Number(readCursor(query.cursor, 1)[0]) : 2 ** 32;
    const rows = await this.database.query<BudgetRow>(
      `SELECT id, name, granted_fen, available_fen, reserved_fen, settled_fen, created_at FROM budgets
        WHERE id < ? ORDER BY id DESC LIMIT ?`,
      [before, limit + 1],
    );
    const shown = rows.slice(0, limit);
    const items = await Promise.all(shown.map(async (row) => budgetOf(row, await this.grantsOf(row.id))));
    return { items, nextCursor: rows.length > limit ? writeCursor([items.at(-1)!.id]) : null };
  }

  private async grantsOf(budgetId: number): Promise<GrantItem[]> {
    const rows = await this.database.query<GrantRow>(
      `SELECT id, amount_fen, application_no, expense_account, cost_center, bearer, status, requested_by, approved_by, created_at
         FROM budget_grants WHERE budget_id = ? ORDER BY id DESC LIMIT ${GRANTS_SHOWN}`,
      [budgetId],
    );
    return rows.map((row) => ({
      id: row.id,
      amountFen: fenFromColumn(row.amount_fen),
      applicationNo: row.application_no,
      expenseAccount: row.expense_account,
      costCenter: row.cost_center,
      bearer: textOf(row.bearer),
      status: textOf(row.status),
      requestedBy: row.requested_by,
      approvedBy: row.approved_by,
      createdAt: row.created_at,
    }));
  }
}

interface BudgetRow {
  id: number;
  name: string;
  granted_fen: string;
  available_fen: string;
  reserved_fen: string;
  settled_fen: string;
  created_at: Date;
}

interface GrantRow {
  id: number;
  amount_fen: string;
  application_no: string;
  expense_account: string;
  cost_center: string;
  bearer: Buffer;
  status: Buffer;
  requested_by: number;
  approved_by: number | null;
  created_at: Date;
}

function budgetOf(row: BudgetRow, grants: readonly GrantItem[]): BudgetItem {
  return {
    id: row.id,
    name: row.name,
    grantedFen: fenFromColumn(row.granted_fen),
    availableFen: fenFromColumn(row.available_fen),
    reservedFen: fenFromColumn(row.reserved_fen),
    settledFen: fenFromColumn(row.settled_fen),
    createdAt: row.created_at,
    grants,
  };
}
