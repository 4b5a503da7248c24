import { Injectable } from '@nestjs/common';
import { placeholders, type Tx } from '@app/database';
import { Defect, fen, fenFromColumn, type Fen } from '@app/kernel';
import { bookJournal, journal, movement, type BudgetPart, type JournalKind } from './journal';

/** One movement of a budget. `journalKey` is a natural key: the same movement again changes nothing. */
export interface BudgetEntry {
  readonly budgetId: number;
  readonly fen: number;
  readonly journalKey: string;
}

/** A budget that could not give what was asked, with what it still has. Its row is locked until the transaction ends. */
export interface ShortBudget {
  readonly budgetId: number;
  readonly availableFen: Fen;
}

interface Motion {
  readonly kind: JournalKind;
  readonly from: BudgetPart;
  readonly to: BudgetPart;
}

const RESERVE: Motion = { kind: 'reserve', from: 'available', to: 'reserved' };
const SETTLE: Motion = { kind: 'settle', from: 'reserved', to: 'settled' };
const RELEASE: Motion = { kind: 'release', from: 'reserved', to: 'available' };

/**
 * Moves fen between the parts of a budget: journal first, then a conditional update of the counters, which is the lock that
 * everybody queues for and therefore comes last. Call it as late in a transaction as you can.
 */
@Injectable()
export class Budgets {
  /**
   * Reserves all entries or none. Returns the budgets that were short (empty = all reserved); nothing is thrown and nothing of
   * the call remains in the transaction then, so the caller may decide again with the exact remainders. At most one entry per
   * budget. An entry whose journal was booked before counts as reserved.
   */
  async reserve(tx: Tx, entries: readonly BudgetEntry[]): Promise<readonly ShortBudget[]> {
    if (entries.length === 0) return [];
    const sorted = inOrder(entries);
    await tx.execute('SAVEPOINT reserve_budgets');
    const fresh: BudgetEntry[] = [];
    for (const entry of sorted) {
      if ((await this.book(tx, entry, RESERVE)) === 'booked') fresh.push(entry);
    }
    const short: number[] = [];
    for (const entry of fresh) {
      if (!(await this.shift(tx, entry, RESERVE))) short.push(entry.budgetId);
    }
    if (short.length === 0) return [];
    await tx.execute('ROLLBACK TO SAVEPOINT reserve_budgets');
    const left = await this.left(tx, short, { lock: true });
    return short.map((budgetId) => ({ budgetId, availableFen: left.get(budgetId) ?? fen(0) }));
  }

  /** Money arrived. False when this was booked before. Throws Defect when less is reserved than should be. */
  settle(tx: Tx, entry: BudgetEntry): Promise<boolean> {
    return this.mustMove(tx, entry, SETTLE);
  }

  /** What was reserved is free again. Same answers as settle. */
  release(tx: Tx, entry: BudgetEntry): Promise<boolean> {
    return this.mustMove(tx, entry, RELEASE);
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

  private async mustMove(tx: Tx, entry: BudgetEntry, motion: Motion): Promise<boolean> {
    if ((await this.book(tx, entry, motion)) === 'already') return false;
    if (await this.shift(tx, entry, motion)) return true;
    throw new Defect(`budget ${entry.budgetId} has less than ${entry.fen} fen ${motion.from}`);
  }

  private book(tx: Tx, { budgetId, fen: amount, journalKey }: BudgetEntry, { kind, from, to }: Motion) {
    return bookJournal(tx, journal({ key: journalKey, kind, legs: movement(budgetId, from, to, amount) }));
  }

  private async shift(tx: Tx, { budgetId, fen: amount }: BudgetEntry, { from, to }: Motion): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `UPDATE budgets SET ${from}_fen = ${from}_fen - ?, ${to}_fen = ${to}_fen + ? WHERE id = ? AND ${from}_fen >= ?`,
      [amount, amount, budgetId, amount],
    );
    return affectedRows === 1;
  }
}

/** Rows are always locked in the order of their ids. */
function inOrder(entries: readonly BudgetEntry[]): BudgetEntry[] {
  const sorted = [...entries].sort((one, other) => one.budgetId - other.budgetId);
  for (let at = 1; at < sorted.length; at++) {
    if (sorted[at]!.budgetId === sorted[at - 1]!.budgetId) throw new Defect('one entry per budget in a reservation');
  }
  return sorted;
}
