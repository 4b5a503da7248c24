import type { Account, BudgetPart } from './journal';

const BUDGET = /^budget:([1-9][0-9]{0,9}):(granted|available|reserved|settled)$/;
const OTHERS = [
  /^channel:[0-9A-Za-z]{1,16}:[a-z0-9_]{1,24}$/,
  /^merchant:[0-9A-Za-z]{1,16}$/,
  /^member:[1-9][0-9]{0,15}$/,
];

/** The text as an account, or null for one that the books do not have. */
export function asAccount(text: string): Account | null {
  const known = text === 'outside' || BUDGET.test(text) || OTHERS.some((pattern) => pattern.test(text));
  return known ? (text as Account) : null;
}

/** Which part of which budget an account is; null for the others. */
export function budgetPartOf(account: string): { readonly budgetId: number; readonly part: BudgetPart } | null {
  const found = BUDGET.exec(account);
  return found ? { budgetId: Number(found[1]), part: found[2] as BudgetPart } : null;
}
