/**
 * The stand-in's own double-entry book. One entry takes an amount from one account and gives it to another, so the sum over all accounts is always zero; only
 * `bank` (the world outside) may go below zero. Accounts: `bank`, `merchant:<mchId>`, `locked:<bill key>`, `user:<userId>`.
 */

export type EntryKind = 'topup' | 'lock' | 'credit' | 'release';

export interface Entry {
  readonly seq: number;
  /** Virtual epoch milliseconds. */
  readonly at: number;
  readonly kind: EntryKind;
  readonly billKey?: string;
  readonly from: string;
  readonly to: string;
  readonly amountFen: number;
}

export const BANK = 'bank';
export const merchantAccount = (mchId: string): string => `merchant:${mchId}`;
export const lockedAccount = (key: string): string => `locked:${key}`;
export const userAccount = (userId: string): string => `user:${userId}`;

export class Ledger {
  private readonly balances = new Map<string, number>();
  readonly entries: Entry[] = [];

  balance(account: string): number {
    return this.balances.get(account) ?? 0;
  }

  /** Throws when the amount is not a positive integer or the paying account (other than the bank) cannot cover it. */
  move(entry: Omit<Entry, 'seq'>): void {
    const { from, to, amountFen } = entry;
    if (!Number.isSafeInteger(amountFen) || amountFen <= 0) throw new Error(`an entry cannot move ${amountFen} fen`);
    if (from !== BANK && this.balance(from) < amountFen) throw new Error(`${from} cannot pay ${amountFen} fen`);
    this.set(from, this.balance(from) - amountFen);
    this.set(to, this.balance(to) + amountFen);
    const { at, kind, billKey } = entry;
    this.entries.push({ seq: this.entries.length + 1, at, kind, billKey, from, to, amountFen });
  }

  /** Recomputes every account from the entries alone and names each account that disagrees with the running balances. */
  recount(): {
    problems: string[];
    balances: Map<string, number>;
    credits: Map<string, { count: number; fen: number }>;
  } {
    const balances = new Map<string, number>();
    const credits = new Map<string, { count: number; fen: number }>();
    for (const { from, to, amountFen, kind, billKey } of this.entries) {
      balances.set(from, (balances.get(from) ?? 0) - amountFen);
      balances.set(to, (balances.get(to) ?? 0) + amountFen);
      if (kind !== 'credit' || billKey === undefined) continue;
      const credit = credits.get(billKey) ?? { count: 0, fen: 0 };
      credits.set(billKey, { count: credit.count + 1, fen: credit.fen + amountFen });
    }
    return { problems: this.compare(balances), balances, credits };
  }

  private compare(recounted: Map<string, number>): string[] {
    const problems: string[] = [];
    let sum = 0;
    for (const [account, fen] of recounted) {
      sum += fen;
      if (fen !== this.balance(account))
        problems.push(`${account}: entries say ${fen}, book says ${this.balance(account)}`);
      if (fen < 0 && account !== BANK) problems.push(`${account} is below zero: ${fen}`);
    }
    for (const account of this.balances.keys()) {
      if (!recounted.has(account)) problems.push(`${account} has a balance and no entry`);
    }
    if (sum !== 0) problems.push(`the accounts add up to ${sum} fen instead of 0`);
    return problems;
  }

  private set(account: string, fen: number): void {
    // An emptied bill account never comes back: dropping it keeps the map as small as the open bills.
    if (fen === 0 && account.startsWith('locked:')) this.balances.delete(account);
    else this.balances.set(account, fen);
  }
}
