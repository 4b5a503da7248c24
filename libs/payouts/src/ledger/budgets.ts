import { Injectable } from '@nestjs/common';
import { placeholders, type Tx } from '@app/database';
import { Defect, fenFromColumn, Rejected, type Fen } from '@app/kernel';
import { bookJournals, journal, movement, type BudgetPart } from './journal';

/** One movement of a budget. `journalKey` is a natural key: the same movement again changes nothing. */
export interface BudgetEntry {
  readonly budgetId: number;
  readonly fen: number;
  readonly journalKey: string;
}

/** What of a budget moves. */
export interface BudgetSum {
  readonly budgetId: number;
  readonly amountFen: number;
}

interface Motion {
  readonly from: BudgetPart;
  readonly to: BudgetPart;
}

const MOTIONS = {
  reserve: { from: 'available', to: 'reserved' },
  settle: { from: 'reserved', to: 'settled' },
  refund: { from: 'settled', to: 'reserved' },
  release: { from: 'reserved', to: 'available' },
  unrelease: { from: 'available', to: 'reserved' },
} as const satisfies Record<string, Motion>;

/**
 * Moves fen between the parts of a budget: journal first, then a conditional update of the counters, which is the lock that
 * everybody queues for and therefore comes last. Call it as late in a transaction as you can.
 */
@Injectable()
export class Budgets {
  /**
   * Reserves all entries or none, in three statements whatever their number. False when a budget has too little: then the transaction
   * can only be rolled back, and it refuses to go on or to commit; the caller decides again with the exact remainders. At most one
   * entry per budget. An entry whose journal was booked before counts as reserved.
   */
  async reserve(tx: Tx, entries: readonly BudgetEntry[]): Promise<boolean> {
    if (entries.length === 0) return true;
    const sorted = inOrder(entries);
    const booked = await bookJournals(
      tx,
      sorted.map(({ budgetId, fen, journalKey }) =>
        journal({ key: journalKey, kind: 'reserve', legs: movement(budgetId, 'available', 'reserved', fen) }),
      ),
    );
    const keys = new Set(booked.map(({ key }) => key));
    const fresh = sorted.filter(({ journalKey }) => keys.has(journalKey));
    if (await this.shift(tx, fresh, MOTIONS.reserve)) return true;
    tx.refuse(new Defect('a budget was short: this transaction has to be rolled back'));
    return false;
  }

  /**
   * Moves the counters of journals that the caller has booked in this transaction, summed by budget, in one statement. Throws Defect
   * when less is there than should be, or for a budget that does not exist.
   */
  async count(tx: Tx, motion: 'settle' | 'refund' | 'release', booked: readonly BudgetSum[]): Promise<void> {
    const entries = summed(booked);
    const { from } = MOTIONS[motion];
    if (await this.shift(tx, entries, MOTIONS[motion])) return;
    throw new Defect(`budgets ${entries.map(({ budgetId }) => budgetId).join(', ')} have less ${from} than is booked`);
  }

  /**
   * The same for releases that are undone. Rejected `budget_short` (409) when the fen were won or returned meanwhile: then nothing of this
   * transaction may stay.
   */
  async takeBack(tx: Tx, booked: readonly BudgetSum[]): Promise<void> {
    if (await this.shift(tx, summed(booked), MOTIONS.unrelease)) return;
    throw new Rejected('budget_short', '预算可用余额不足以补回已退回的这笔奖励：请先追加费用申请，再作结论', 409);
  }

  /** Available fen per budget; `lock` holds the rows until the transaction ends. Unknown ids are missing from the map. */
  async left(tx: Tx, ids: readonly number[], options: { lock?: boolean } = {}): Promise<ReadonlyMap<number, Fen>> {
    if (ids.length === 0) return new Map();
    const rows = await tx.query<{ id: number; available_fen: string }>(
      `SELECT id, available_fen FROM budgets WHERE id IN (${placeholders(ids)}) ORDER BY id${options.lock ? ' FOR UPDATE' : ''}`,
      ids,
    );
    return new Map(rows.map((row) => [row.id, fenFromColumn(row.available_fen)]));
  }

  /** Moves all in one conditional update; false when one of them has too little, and then the others may have moved. */
  private async shift(
    tx: Tx,
    entries: readonly Pick<BudgetEntry, 'budgetId' | 'fen'>[],
    { from, to }: Motion,
  ): Promise<boolean> {
    if (entries.length === 0) return true;
    const ids = entries.map(({ budgetId }) => budgetId);
    const amount = `CASE id ${entries.map(() => 'WHEN ? THEN ?').join(' ')} END`;
    const amounts = entries.flatMap(({ budgetId, fen: part }) => [budgetId, part]);
    const { affectedRows } = await tx.execute(
      `UPDATE budgets SET ${from}_fen = ${from}_fen - ${amount}, ${to}_fen = ${to}_fen + ${amount}
       WHERE id IN (${placeholders(ids)}) AND ${from}_fen >= ${amount}`,
      [...amounts, ...amounts, ...ids, ...amounts],
    );
    return affectedRows === entries.length;
  }
}

function summed(booked: readonly BudgetSum[]): Pick<BudgetEntry, 'budgetId' | 'fen'>[] {
  const sums = new Map<number, number>();
  for (const { budgetId, amountFen } of booked) sums.set(budgetId, (sums.get(budgetId) ?? 0) + amountFen);
  return [...sums].sort(([one], [other]) => one - other).map(([budgetId, fen]) => ({ budgetId, fen }));
}

/** Rows are always locked in the order of their ids. */
function inOrder(entries: readonly BudgetEntry[]): BudgetEntry[] {
  const sorted = [...entries].sort((one, other) => one.budgetId - other.budgetId);
  for (let at = 1; at < sorted.length; at++) {
    if (sorted[at]!.budgetId === sorted[at - 1]!.budgetId) throw new Defect('one entry per budget in a reservation');
  }
  return sorted;
}
