import { Injectable } from '@nestjs/common';
import { Database, textOf } from '@app/database';
import { addDays, Rejected, shanghaiDayStart } from '@app/kernel';
import { budgetPartOf } from './accounts';
import type { JournalKind } from './journal';

/** Fen of each part of a budget; `granted` is shown as what was granted, hence positive. */
export interface BudgetParts {
  readonly grantedFen: number;
  readonly availableFen: number;
  readonly reservedFen: number;
  readonly settledFen: number;
}

/** What one kind of journal did to the parts of a budget on one Shanghai day. */
export interface BudgetStatementLine extends BudgetParts {
  readonly day: string;
  readonly kind: JournalKind;
  readonly journals: number;
}

export interface BudgetStatement {
  readonly budgetId: number;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly opening: BudgetParts;
  /** By day, then kind. */
  readonly lines: readonly BudgetStatementLine[];
  readonly closing: BudgetParts;
}

const MOST_DAYS = 366;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
type Parts = Record<keyof BudgetParts, number>;

/** A budget's own pages of the ledger. */
@Injectable()
export class BudgetStatements {
  constructor(private readonly database: Database) {}

  /** Shanghai days `[from, to)`, at most 366. Rejected: `bad_range` (422), `no_such_budget` (404). */
  async read(budgetId: number, { from, to }: { from: string; to: string }): Promise<BudgetStatement> {
    if (!(isDay(from) && isDay(to) && from < to && to <= addDays(from, MOST_DAYS))) {
      throw new Rejected('bad_range', `日期范围须为 1 至 ${MOST_DAYS} 天，结束日期不含在内`, 422);
    }
    const [budget] = await this.database.query<{ name: string }>('SELECT name FROM budgets WHERE id = ?', [budgetId]);
    if (!budget) throw new Rejected('no_such_budget', '没有这个预算', 404);
    const [start, end] = [shanghaiDayStart(from), shanghaiDayStart(to)];
    const opening = await this.opening(budgetId, start);
    const lines = await this.lines(budgetId, start, end);
    const closing = { ...opening };
    for (const line of lines) for (const part of PARTS) closing[part] += line[part];
    return { budgetId, name: budget.name, from, to, opening, lines, closing };
  }

  private async opening(budgetId: number, start: Date): Promise<Parts> {
    const rows = await this.database.query<{ account: Buffer; fen: string }>(
      `SELECT l.account, SUM(l.amount_fen) AS fen FROM ledger_legs l JOIN ledger_journals j USING (journal_key)
        WHERE l.account IN (?, ?, ?, ?) AND j.at < ? GROUP BY l.account`,
      [...accountsOf(budgetId), start],
    );
    const opening = noFen();
    for (const { account, fen } of rows) add(opening, textOf(account), Number(fen));
    return opening;
  }

  private async lines(budgetId: number, start: Date, end: Date): Promise<BudgetStatementLine[]> {
    const rows = await this.database.query<{
      day: string;
      kind: Buffer;
      account: Buffer;
      fen: string;
      journals: string;
    }>(
      `SELECT DATE_FORMAT(j.at + INTERVAL 8 HOUR, '%Y-%m-%d') AS day, j.kind, l.account, SUM(l.amount_fen) AS fen,
              COUNT(*) AS journals
         FROM ledger_journals j JOIN ledger_legs l USING (journal_key)
        WHERE j.at >= ? AND j.at < ? AND l.account IN (?, ?, ?, ?) GROUP BY day, j.kind, l.account ORDER BY day, j.kind`,
      [start, end, ...accountsOf(budgetId)],
    );
    const lines = new Map<string, Parts & { day: string; kind: JournalKind; journals: number }>();
    for (const row of rows) {
      const [day, kind] = [row.day, textOf(row.kind) as JournalKind];
      const key = `${day} ${kind}`;
      const line = lines.get(key) ?? { day, kind, journals: 0, ...noFen() };
      add(line, textOf(row.account), Number(row.fen));
      line.journals = Math.max(line.journals, Number(row.journals));
      lines.set(key, line);
    }
    return [...lines.values()];
  }
}

const PARTS = ['grantedFen', 'availableFen', 'reservedFen', 'settledFen'] as const;

function noFen(): Parts {
  return { grantedFen: 0, availableFen: 0, reservedFen: 0, settledFen: 0 };
}

function add(parts: Parts, account: string, fen: number): void {
  const part = budgetPartOf(account)?.part;
  if (part === undefined) return;
  parts[`${part}Fen`] += part === 'granted' ? -fen : fen;
}

function accountsOf(budgetId: number): string[] {
  return ['granted', 'available', 'reserved', 'settled'].map((part) => `budget:${budgetId}:${part}`);
}

function isDay(text: string): boolean {
  if (!DAY.test(text)) return false;
  const at = new Date(`${text}T00:00:00.000Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
