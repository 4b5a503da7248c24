import type { Mutant } from './mutant';

const CASES = 'libs/payouts/src/cases';
const DECIDE = `${CASES}/decide-money.ts`;
const RESULT = `${CASES}/carry-out-decision.ts`;

/** What people decide. */
export const PEOPLE_MUTANTS: readonly Mutant[] = [
  {
    name: 'who asked may say yes',
    reconciler: 'both',
    file: `${CASES}/money-decisions.repository.ts`,
    find: '[end.state, end.by, end.note, decision.id,',
    replace: '[end.state, decision.askedBy, end.note, decision.id,',
  },
  {
    name: 'one person closes a contradiction',
    reconciler: 'both',
    file: `${CASES}/incident-kinds.ts`,
    find: "contradiction: { title: '微信前后说法矛盾', freezes: true, closedBy: 'two' },",
    replace: "contradiction: { title: '微信前后说法矛盾', freezes: true, closedBy: 'one' },",
  },
  {
    name: 'a mismatch freezes nothing',
    reconciler: 'both',
    file: `${CASES}/incident-kinds.ts`,
    find: "mismatch: { title: '微信的金额或收款人与我们不符', freezes: true,",
    replace: "mismatch: { title: '微信的金额或收款人与我们不符', freezes: false,",
  },
  {
    name: 'what people settle is not booked',
    reconciler: 'both',
    file: RESULT,
    find: 'await this.settlements.settle(tx, [{ ...payout, turn }]);',
    replace: '',
  },
  {
    name: 'what people settle is told to nobody',
    reconciler: 'both',
    file: RESULT,
    find: 'await this.members.recordMoneyReceived(tx, { memberId: member, payoutKey, offerNo, turn, amountFen, at });',
    replace: '',
  },
  {
    name: 'yes means the contrary',
    reconciler: 'both',
    file: DECIDE,
    find: "return decision.kind === 'settle' ? this.result.settle(tx, payout) : this.result.fail(tx, payout);",
    replace: "return decision.kind !== 'settle' ? this.result.settle(tx, payout) : this.result.fail(tx, payout);",
  },
  {
    name: 'a no counts as a yes',
    reconciler: 'both',
    file: DECIDE,
    find: "await endDecision(tx, decision, { state: 'approved', by: vote.by, note: vote.note });",
    replace: "await endDecision(tx, decision, { state: 'refused', by: vote.by, note: vote.note });",
  },
];
