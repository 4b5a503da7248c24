import type { Mutant } from './mutant';

const SETTLE = 'libs/payouts/src/driving/settle-payouts.ts';
const SETTLEMENTS = 'libs/payouts/src/ledger/settlements.ts';
const BUDGETS = 'libs/payouts/src/ledger/budgets.ts';
const JOURNAL = 'libs/payouts/src/ledger/journal.ts';
const EVENTS = 'libs/members/src/member-events.repository.ts';
const MONEY = 'libs/members/src/member-money.ts';
const TOTALS = 'libs/members/src/member-totals.ts';

/** Bugs in what is booked, counted and told. */
export const BOOKS_MUTANTS: readonly Mutant[] = [
  {
    name: 'members-are-not-told-of-money',
    file: SETTLE,
    find: 'await this.members.recordMoneyReceived(tx, ...moved);',
    replace: '',
  },
  {
    name: 'settled-without-books',
    file: SETTLE,
    find: 'await this.settlements.settle(',
    replace: 'await Promise.resolve(',
  },
  {
    name: 'settled-without-counting',
    file: SETTLEMENTS,
    find: "await this.budgets.count(tx, 'settle', payouts);",
    replace: '',
  },
  {
    name: 'settled-without-journal',
    file: SETTLEMENTS,
    find: 'await bookAll(tx, payouts.map(settled));',
    replace: '',
  },
  {
    name: 'settled-out-of-what-is-free',
    file: SETTLEMENTS,
    find: "movement(budgetId, 'reserved', 'settled', amountFen)",
    replace: "movement(budgetId, 'available', 'settled', amountFen)",
  },
  {
    name: 'of-a-group-the-last-is-counted',
    file: BUDGETS,
    find: 'sums.set(budgetId, (sums.get(budgetId) ?? 0) + amountFen);',
    replace: 'sums.set(budgetId, amountFen);',
  },
  {
    name: 'reserved-and-counted-as-free',
    file: BUDGETS,
    find: "reserve: { from: 'available', to: 'reserved' },",
    replace: "reserve: { from: 'available', to: 'settled' },",
  },
  {
    name: 'one-leg-is-missing',
    file: JOURNAL,
    find: 'legs.map((leg, index) => [key, index, leg.account, leg.amountFen])',
    replace: 'legs.slice(1).map((leg, index) => [key, index, leg.account, leg.amountFen])',
  },
  {
    name: 'money-is-told-and-never-added',
    file: MONEY,
    find: 'if (event) await addToTotals(tx, this.members, effective, [event], await this.spend.from(tx));',
    replace: '',
  },
  {
    name: 'money-is-added-at-every-delivery',
    file: EVENTS,
    find: 'WHERE member_id = ? AND event_key = ? AND folded = 0',
    replace: 'WHERE member_id = ? AND event_key = ?',
  },
  {
    name: 'the-latest-money-is-all-money',
    file: TOTALS,
    find: 'receivedFen: a.receivedFen + b.receivedFen,',
    replace: 'receivedFen: Math.max(a.receivedFen, b.receivedFen),',
  },
];
