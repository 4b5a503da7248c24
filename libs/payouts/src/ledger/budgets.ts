import { Injectable } from '@nestjs/common';
import { placeholders, type Tx } from '@app/database';
import { Defect, fenFromColumn, type Fen } from '@app/kernel';
import {
  bookJournal,
  bookJournals,
  journal,
  movement,
  type BudgetPart,
  type Journal,
  type JournalKind,
} from './journal';

/** One movement of a budget. `journalKey` is a natural key: the same movement again changes nothing. */
export interface BudgetEntry {
  readonly budgetId: number;
  readonly fen: number;
  readonly journalKey: string;
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
   * Reserves all entries or none, in three statements whatever their number. False when a budget has too little: then the transaction
   * can only be rolled back, and it refuses to go on or to commit; the caller decides again with the exact remainders. At most one
   * entry per budget. An entry whose journal was booked before counts as reserved.
   */
  async reserve(tx: Tx, entries: readonly BudgetEntry[]): Promise<boolean> {
    if (entries.length === 0) return true;
    const sorted = inOrder(entries);
    const booked = await bookJournals(
      tx,
      sorted.map((entry) => journalOf(entry, RESERVE)),
    );
    const keys = new Set(booked.map(({ key }) => key));
    const fresh = sorted.filter(({ journalKey }) => keys.has(journalKey));
    if (await this.shift(tx, fresh, RESERVE)) return true;
    tx.refuse(new Defect('a budget was short: this transaction has to be rolled back'));
    return false;
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
    if ((await bookJournal(tx, journalOf(entry, motion))) === 'already') return false;
    if (await this.shift(tx, [entry], motion)) return true;
    throw new Defect(`budget ${entry.budgetId} has less than ${entry.fen} fen ${motion.from}`);
  }

  /** Moves all in one conditional update; false when one of them has too little, and then the others may have moved. */
  private async shift(tx: Tx, entries: readonly BudgetEntry[], { from, to }: Motion): Promise<boolean> {
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

function journalOf({ budgetId, fen: amount, journalKey }: BudgetEntry, { kind, from, to }: Motion): Journal {
  return journal({ key: journalKey, kind, legs: movement(budgetId, from, to, amount) });
}

/** Rows are always locked in the order of their ids. */
function inOrder(entries: readonly BudgetEntry[]): BudgetEntry[] {
  const sorted = [...entries].sort((one, other) => one.budgetId - other.budgetId);
  for (let at = 1; at < sorted.length; at++) {
    if (sorted[at]!.budgetId === sorted[at - 1]!.budgetId) throw new Defect('one entry per budget in a reservation');
  }
  return sorted;
}
