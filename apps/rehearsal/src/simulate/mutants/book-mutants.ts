import type { Mutant } from './mutant';

const LEDGER = 'libs/payouts/src/ledger';
const SETTLE = 'libs/payouts/src/driving/settle-payouts.ts';
const WRITES = 'libs/scans/src/scan-writes.ts';

/** The books, the reward commit, and the word to others. */
export const BOOK_MUTANTS: readonly Mutant[] = [
  {
    name: 'money is reserved whether it is there or not',
    file: `${LEDGER}/budgets.ts`,
    find: 'if (await this.shift(tx, fresh, MOTIONS.reserve)) return true;',
    replace: 'await this.shift(tx, fresh, MOTIONS.reserve); if (tx) return true;',
  },
  {
    name: 'budgets change without a condition',
    file: `${LEDGER}/budgets.ts`,
    find: 'WHERE id IN (${placeholders(ids)}) AND ${from}_fen >= ${amount}`,\n      [...amounts, ...amounts, ...ids, ...amounts],',
    replace: 'WHERE id IN (${placeholders(ids)})`,\n      [...amounts, ...amounts, ...ids],',
  },
  {
    name: 'a settled payout is not booked',
    file: SETTLE,
    find: `    await this.settlements.settle(
      tx,
      proven.map(({ payout }) => payout),
    );`,
    replace: '',
  },
  {
    name: 'a settled payout is counted twice',
    quick: true,
    file: `${LEDGER}/settlements.ts`,
    find: "await this.budgets.count(tx, 'settle', payouts);",
    replace: "await this.budgets.count(tx, 'settle', [...payouts, ...payouts]);",
  },
  {
    name: 'settling forgets what the member got',
    file: `${LEDGER}/settlements.ts`,
    find: "      ...movement(budgetId, 'reserved', 'settled', amountFen),\n      ...transfer(clearing(payout), `member:${memberId}`, amountFen),",
    replace: "      ...movement(budgetId, 'reserved', 'settled', amountFen),",
  },
  {
    name: 'settling counts what was free',
    file: `${LEDGER}/settlements.ts`,
    find: "movement(budgetId, 'reserved', 'settled', amountFen)",
    replace: "movement(budgetId, 'available', 'settled', amountFen)",
  },
  {
    name: 'settling does not count',
    file: `${LEDGER}/settlements.ts`,
    find: "await this.budgets.count(tx, 'settle', payouts);",
    replace: '',
  },
  {
    name: 'reserved money counts as paid',
    file: `${LEDGER}/budgets.ts`,
    find: "reserve: { from: 'available', to: 'reserved' },",
    replace: "reserve: { from: 'available', to: 'settled' },",
  },
  {
    name: 'of a group only the last is counted',
    file: `${LEDGER}/budgets.ts`,
    find: 'sums.set(budgetId, (sums.get(budgetId) ?? 0) + amountFen);',
    replace: 'sums.set(budgetId, amountFen);',
  },
  {
    name: 'a journal loses a leg',
    file: `${LEDGER}/journal.ts`,
    find: 'legs.map((leg, index) => [key, index, leg.account, leg.amountFen])',
    replace: 'legs.slice(1).map((leg, index) => [key, index, leg.account, leg.amountFen])',
  },
  {
    name: 'money is told and never added',
    file: 'libs/members/src/member-money.ts',
    find: 'if (event) await addToTotals(tx, this.members, effective, [event], await this.spend.from(tx));',
    replace: '',
  },
  {
    name: 'the latest money is all money',
    file: 'libs/members/src/member-totals.ts',
    find: 'receivedFen: a.receivedFen + b.receivedFen,',
    replace: 'receivedFen: Math.max(a.receivedFen, b.receivedFen),',
  },
  {
    name: 'grants are not charged',
    file: `${LEDGER}/settlements.ts`,
    find: 'await this.uses.charge(tx, payouts);',
    replace: '',
  },
  {
    name: 'a grant pays the whole of a split',
    file: `${LEDGER}/grant-allotment.ts`,
    find: 'uses.push({ payoutKey, offerNo, grantId: grant.grantId, fen });',
    replace: 'uses.push({ payoutKey, offerNo, grantId: grant.grantId, fen: missing });',
  },
  {
    name: 'members are not told of their money',
    reconciler: 'both',
    file: SETTLE,
    find: 'await this.members.recordMoneyReceived(tx, ...moved);',
    replace: '',
  },
  {
    name: 'members are told in no commit',
    reconciler: 'both',
    file: 'libs/members/src/member-money.ts',
    find: `    await this.outbox.appendMany(
      tx,
      MembersPayoutSettled,
      fresh.map(({ memberId, eventKey }) => ({ memberId, eventKey })),
    );`,
    replace: '',
  },
  {
    name: 'a prize is given without a reservation',
    reconciler: 'both',
    file: WRITES,
    find: 'if (!(await this.budgets.reserve(tx, entries))) throw new DecideAgain(true);',
    replace: '',
  },
  {
    name: 'a prize is given without its stock',
    reconciler: 'both',
    file: WRITES,
    find: 'if (!(await issueStock(tx, uses))) throw new DecideAgain(true);',
    replace: '',
  },
  {
    name: 'only the first prize of a group is reserved',
    reconciler: 'both',
    file: 'libs/scans/src/scan-world.ts',
    find: 'this.spent.set(award.budgetId, (this.spent.get(award.budgetId) ?? 0) + award.amountFen);',
    replace: 'this.spent.set(award.budgetId, this.spent.get(award.budgetId) ?? award.amountFen);',
  },
  {
    name: 'a used code may win again',
    file: 'libs/scans/src/judge-scan.ts',
    find: 'if (claim.consumed) return',
    replace: 'if (claim.consumed && claim.scans < 0) return',
  },
  {
    name: 'a prize is told and not kept',
    reconciler: 'both',
    file: WRITES,
    find: 'await this.awards.insert(tx, world.awards);',
    replace: '',
  },
  {
    name: 'a code stays unused',
    reconciler: 'both',
    file: 'libs/scans/src/judge-scan.ts',
    find: 'consumed: { by: scan.member, scanId: scan.scanId, at: world.now } });',
    replace: 'consumed: null });',
  },
  {
    name: 'the prize of a used code is shown to anybody',
    reconciler: 'both',
    file: 'libs/scans/src/judge-scan.ts',
    find: 'award: repeat?.mine ? world.awardOf(scan.code) : null };',
    replace: 'award: world.awardOf(scan.code) };',
  },
  {
    name: 'scans are answered and not kept',
    reconciler: 'both',
    file: WRITES,
    find: 'await this.records.insert(tx, records);',
    replace: '',
  },
  {
    name: 'nobody is told of scans',
    reconciler: 'both',
    quick: true,
    file: WRITES,
    find: 'outboxEntry(MembersScansRecorded, { scans }),',
    replace: '',
  },
  {
    name: 'a job is done before it has run',
    reconciler: 'both',
    file: 'libs/jobs/src/job-runner.ts',
    find: 'let completed = false;',
    replace: 'let completed = false; await this.rows.completeAlone(row.id);',
  },
  {
    name: 'a job that failed is done',
    reconciler: 'both',
    file: 'libs/jobs/src/job-runner.ts',
    find: 'await this.trouble(row, job, error);',
    replace: 'await this.rows.completeAlone(row.id); void error;',
  },
  {
    name: 'a job that met bad luck is done',
    reconciler: 'both',
    file: 'libs/jobs/src/job-runner.ts',
    find: 'return this.rows.postpone(row.id, wait, reason, false);',
    replace: 'return this.rows.completeAlone(row.id);',
  },
  {
    name: 'rows that were claimed do not come again',
    reconciler: 'both',
    file: 'libs/jobs/src/outbox-rows.ts',
    find: 'due = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND\n         WHERE status = ${OPEN} AND due <= UTC_TIMESTAMP(6) ${',
    replace:
      'due = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND + INTERVAL 30 DAY\n         WHERE status = ${OPEN} AND due <= UTC_TIMESTAMP(6) ${',
  },
];
