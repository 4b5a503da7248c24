import { Injectable } from '@nestjs/common';
import { Database } from '@app/database';
import { checkLimit, fenFromColumn, readCursor, writeCursor, type Fen, type Page } from '@app/kernel';
import { GrantList, type GrantItem } from './grant-list';

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
  constructor(
    private readonly database: Database,
    private readonly grants: GrantList,
  ) {}

  async page(query: { limit: number; cursor?: string | null }): Promise<Page<BudgetItem>> {
    const limit = checkLimit(query.limit);
    const before = query.cursor ? Number(readCursor(query.cursor, 1)[0]) : 2 ** 32;
    const rows = await this.database.query<BudgetRow>(
      `SELECT id, name, granted_fen, available_fen, reserved_fen, settled_fen, created_at FROM budgets
        WHERE id < ? ORDER BY id DESC LIMIT ?`,
      [before, limit + 1],
    );
    const shown = rows.slice(0, limit);
    const items = await Promise.all(
      shown.map(async (row) => budgetOf(row, await this.grants.latest(row.id, GRANTS_SHOWN))),
    );
    return { items, nextCursor: rows.length > limit ? writeCursor([items.at(-1)!.id]) : null };
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
