import { Injectable } from '@nestjs/common';
import { WriteOffLines } from '@app/analytics';
import { Database, databaseNow, textOf } from '@app/database';
import { Defect, fenFromColumn, Rejected, shanghaiDayStart } from '@app/kernel';
import { LinesHash, type WriteOffContent } from './write-off-content';

/** What the author of a sheet chooses. */
export interface WriteOffWish {
  readonly grantId: number;
  /** Shanghai days `[from, to)`. */
  readonly from: string;
  readonly to: string;
  readonly final: boolean;
  readonly memo: string;
}

/** A period is closed this long after its end: whatever was booked in it has been committed by then. */
const GRACE_MS = 15 * 60_000;
const MOST_LINES = 200_000;
const MOST_DAYS_MS = 366 * 86_400_000;
const MEMO_CHARS = 500;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Makes sheets from the ledger. The same wish always gives the same sheet, because its period is over. */
@Injectable()
export class WriteOffEvidence {
  constructor(
    private readonly database: Database,
    private readonly lines: WriteOffLines,
  ) {}

  /**
   * Reads all evidence; takes seconds for the longest sheets, so call it before a transaction. Rejected: `no_such_grant` (404),
   * `bad_range`, `bad_memo`, `too_long` (422), `not_over` (409).
   */
  async read(wish: WriteOffWish): Promise<WriteOffContent> {
    const { grantId, from, to, final } = wish;
    const memo = wish.memo.trim();
    if (memo.length > MEMO_CHARS) throw new Rejected('bad_memo', `说明不超过 ${MEMO_CHARS} 个字`, 422);
    await this.checkPeriod(wish);
    const grant = await this.grant(grantId);
    const { beforeFen, settledFen, refundedFen } = await this.lines.sums({ grantId, from, to });
    const hash = new LinesHash();
    let sum = 0;
    for await (const line of this.lines.read({ grantId, from, to })) {
      hash.add(line);
      sum += line.fen;
      if (hash.lines > MOST_LINES) {
        throw new Rejected('too_long', `一张核销单最多 ${MOST_LINES} 条明细，请缩短期间分开核销`, 422);
      }
    }
    const netFen = settledFen - refundedFen;
    if (sum !== netFen) throw new Defect(`evidence of grant ${grantId} sums to ${sum} fen, its uses to ${netFen}`);
    return {
      schema: 1,
      grant,
      ...{ from, to, beforeFen, settledFen, refundedFen, netFen },
      unspentFen: grant.amountFen - beforeFen - netFen,
      ...{ final, memo, lines: hash.lines, linesHash: hash.digest() },
    };
  }

  private async checkPeriod({ from, to }: Pick<WriteOffWish, 'from' | 'to'>): Promise<void> {
    const length = isDay(from) && isDay(to) ? Date.parse(to) - Date.parse(from) : NaN;
    if (!(length > 0 && length <= MOST_DAYS_MS)) {
      throw new Rejected('bad_range', '核销期间须为 1 至 366 天，结束日期不含在内', 422);
    }
    const now = await databaseNow(this.database);
    if (shanghaiDayStart(to).getTime() + GRACE_MS > now.getTime()) {
      throw new Rejected('not_over', '核销期间还没有结束，结束 15 分钟后才能核销', 409);
    }
  }

  private async grant(id: number): Promise<WriteOffContent['grant']> {
    const [row] = await this.database.query<{
      budget_id: number;
      application_no: string;
      expense_account: string;
      cost_center: string;
      bearer: Buffer;
      amount_fen: string;
    }>(
      `SELECT budget_id, application_no, expense_account, cost_center, bearer, amount_fen FROM budget_grants
        WHERE id = ? AND status = 'approved'`,
      [id],
    );
    if (!row) throw new Rejected('no_such_grant', '没有这笔已批准的费用申请', 404);
    return {
      ...{ id, budgetId: row.budget_id, applicationNo: row.application_no, expenseAccount: row.expense_account },
      ...{ costCenter: row.cost_center, bearer: textOf(row.bearer), amountFen: fenFromColumn(row.amount_fen) },
    };
  }
}

function isDay(text: string): boolean {
  if (!DAY.test(text)) return false;
  const at = new Date(`${text}T00:00:00.000Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
