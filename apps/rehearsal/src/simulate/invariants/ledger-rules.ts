import { numberIn, textIn, type Change, type Row } from './change';
import type { Verdict } from './verdict';

const APPEND_ONLY = new Set(['ledger_journals', 'ledger_legs', 'payout_bills', 'payout_moves', 'grant_uses']);
const PARTS = ['granted', 'available', 'reserved', 'settled'] as const;

/** The books: journals sum to nothing, counters are what was booked, prizes are what was reserved, payments are what was settled. */
export class LedgerRules {
  private readonly accounts = new Map<string, number>();
  private readonly journals = new Map<string, { kind: string; sum: number; legs: number }>();
  private readonly budgets = new Map<string, Row>();
  /** Fen of prizes, of releases and of settled payouts, by budget. */
  private readonly awarded = new Map<string, number>();
  private readonly released = new Map<string, number>();
  private readonly paid = new Map<string, number>();
  /** Fen charged to grants, by budget. */
  private readonly charged = new Map<string, number>();

  constructor(private readonly verdict: Verdict) {}

  commit(changes: readonly Change[]): void {
    const journals = new Set<string>();
    const budgets = new Set<string>();
    for (const change of changes) this.take(change, journals, budgets);
    for (const key of journals) this.checkJournal(key);
    for (const id of budgets) this.checkBudget(id);
  }

  account(name: string): number {
    return this.accounts.get(name) ?? 0;
  }

  /** Accounts that begin so, with what is in them. */
  *accountsOf(prefix: string): Iterable<readonly [string, number]> {
    for (const [name, fen] of this.accounts) if (name.startsWith(prefix)) yield [name, fen];
  }

  private take({ table, before, after }: Change, journals: Set<string>, budgets: Set<string>): void {
    if (APPEND_ONLY.has(table) && before !== null) this.verdict.fail('I2', `a row of ${table} was changed`);
    switch (table) {
      case 'ledger_journals':
        return this.takeJournal(after, journals);
      case 'ledger_legs':
        return this.takeLeg(after, journals, budgets);
      case 'budgets':
        return this.takeBudget(after, budgets);
      case 'awards':
        return this.takeAward(before, after, budgets);
      case 'budget_grants':
        return this.takeGrant(before, after, budgets);
      case 'payouts':
        return this.takePayout(before, after, budgets);
    }
  }

  private takeJournal(after: Row | null, journals: Set<string>): void {
    if (!after) return;
    const key = textIn(after, 'journal_key');
    const known = this.journals.get(key);
    this.journals.set(key, { kind: textIn(after, 'kind'), sum: known?.sum ?? 0, legs: known?.legs ?? 0 });
    journals.add(key);
  }

  private takeLeg(after: Row | null, journals: Set<string>, budgets: Set<string>): void {
    if (!after) return;
    const key = textIn(after, 'journal_key');
    const fen = numberIn(after, 'amount_fen');
    const account = textIn(after, 'account');
    add(this.accounts, account, fen);
    const entry = this.journals.get(key) ?? { kind: '', sum: 0, legs: 0 };
    this.journals.set(key, { ...entry, sum: entry.sum + fen, legs: entry.legs + 1 });
    journals.add(key);
    const [what, id, part] = account.split(':');
    if (what !== 'budget') return;
    budgets.add(id!);
    if (part === 'available' && fen > 0 && entry.kind === 'release') add(this.released, id!, fen);
  }

  private takeBudget(after: Row | null, budgets: Set<string>): void {
    if (!after) return;
    const id = textIn(after, 'id');
    this.budgets.set(id, after);
    budgets.add(id);
  }

  private takeAward(before: Row | null, after: Row | null, budgets: Set<string>): void {
    if (before || !after) return this.verdict.fail('I11', 'an award was changed or removed');
    const id = textIn(after, 'budget_id');
    if (id === '') return;
    add(this.awarded, id, numberIn(after, 'amount_fen'));
    budgets.add(id);
  }

  private takeGrant(before: Row | null, after: Row | null, budgets: Set<string>): void {
    if (!after) return this.verdict.fail('I2', 'a grant was removed');
    const id = textIn(after, 'budget_id');
    add(this.charged, id, numberIn(after, 'used_fen') - (before ? numberIn(before, 'used_fen') : 0));
    budgets.add(id);
  }

  private takePayout(before: Row | null, after: Row | null, budgets: Set<string>): void {
    for (const [row, sign] of [
      [before, -1],
      [after, 1],
    ] as const) {
      if (!row || textIn(row, 'state') !== 'SETTLED') continue;
      const id = textIn(row, 'budget_id');
      add(this.paid, id, sign * numberIn(row, 'amount_fen'));
      budgets.add(id);
    }
  }

  private checkJournal(key: string): void {
    const { sum, legs } = this.journals.get(key)!;
    this.verdict.check(sum === 0 && legs >= 2, 'I2', () => `journal ${key} has ${legs} legs that sum to ${sum}`);
  }

  private checkBudget(id: string): void {
    const row = this.budgets.get(id);
    if (!row) return this.verdict.fail('I3', `money of budget ${id}, which is not there`);
    const [granted, available, reserved, settled] = PARTS.map((part) => numberIn(row, `${part}_fen`)) as Numbers;
    const sound = available >= 0 && reserved >= 0 && settled >= 0 && granted === available + reserved + settled;
    this.verdict.check(sound, 'I1', () => `budget ${id}: ${granted} ≠ ${available} + ${reserved} + ${settled}`);
    for (const part of PARTS) {
      const counted = numberIn(row, `${part}_fen`);
      const booked = this.account(`budget:${id}:${part}`) * (part === 'granted' ? -1 : 1);
      this.verdict.check(counted === booked, 'I3', () => `budget ${id} counts ${counted} ${part}, booked ${booked}`);
    }
    const paid = this.paid.get(id) ?? 0;
    this.verdict.check(settled === paid, 'I6', () => `budget ${id} has ${settled} settled, its payouts ${paid}`);
    const charged = this.charged.get(id) ?? 0;
    this.verdict.check(
      charged === settled,
      'I3',
      () => `grants of budget ${id} paid ${charged}, settled is ${settled}`,
    );
    const owed = (this.awarded.get(id) ?? 0) - (this.released.get(id) ?? 0);
    const kept = reserved + settled;
    this.verdict.check(kept === owed, 'I3', () => `budget ${id} keeps ${kept} fen for prizes of ${owed}`);
  }
}

type Numbers = [number, number, number, number];

function add(map: Map<string, number>, key: string, fen: number): void {
  map.set(key, (map.get(key) ?? 0) + fen);
}
