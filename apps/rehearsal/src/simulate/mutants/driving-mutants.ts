import type { Mutant } from './mutant';

const NEXT_STEP = 'libs/payouts/src/driving/next-step.ts';
const BEGIN = 'libs/payouts/src/driving/begin-exchanges.ts';
const JUDGE = 'libs/payouts/src/driving/judge-exchanges.ts';
const ATTEMPTS = 'libs/payouts/src/driving/attempts.repository.ts';
const BILLS = 'libs/payouts/src/driving/bills.ts';
const BILL_NUMBER = 'libs/payouts/src/driving/bill-number.ts';
const STATES = 'libs/payouts/src/payout-state.ts';
const DRIVEN = "export const DRIVEN_STATES = ['PENDING', 'SENDING', 'UNKNOWN', 'WAIT_USER']";

/** Bugs in what an answer leads to, and in what is said to WeChat. */
export const DRIVING_MUTANTS: readonly Mutant[] = [
  {
    name: 'unknown-is-failed',
    file: NEXT_STEP,
    find: 'const step = unclear(situation, meaning.why);',
    replace: "const step = { ...QUIET, to: 'FAILED', reason: meaning.why, nextInMs: null };",
  },
  {
    name: 'refused-is-failed-at-once',
    file: NEXT_STEP,
    find: 'return unclear(situation, meaning.why);',
    replace: "return { ...QUIET, to: 'FAILED', reason: meaning.why, nextInMs: null };",
  },
  {
    name: 'not-found-is-failed',
    file: NEXT_STEP,
    find: "if (history.refusedWith !== null) return { ...QUIET, to: 'FAILED', reason: history.refusedWith, nextInMs: null };",
    replace:
      "if (since >= 0) return { ...QUIET, to: 'FAILED', reason: history.refusedWith ?? 'NOT_FOUND', nextInMs: null };",
  },
  {
    name: 'not-found-is-sent-again-at-once',
    file: NEXT_STEP,
    find: 'if (since < waits.resendAfterMs) {',
    replace: 'if (since < 0) {',
  },
  {
    name: 'a-retry-forgets-what-was-sent-before',
    file: NEXT_STEP,
    find: 'if (history.mayBeThere) {',
    replace: 'if (history.mayBeThere && checks < 0) {',
  },
  {
    name: 'accepted-is-paid',
    file: NEXT_STEP,
    find: "return unclear({ ...situation, state: left(situation.state) }, 'in_flight');",
    replace: "return { ...QUIET, to: 'SETTLED', reason: 'in_flight', nextInMs: null };",
  },
  {
    name: 'waiting-for-the-person-is-paid',
    file: NEXT_STEP,
    find: 'return waitingForPerson(situation, meaning.package);',
    replace: "return { ...QUIET, to: 'SETTLED', reason: 'wait_user', nextInMs: null };",
  },
  {
    name: 'paid-is-failed',
    file: NEXT_STEP,
    find: "return { ...QUIET, to: 'SETTLED', reason: 'succeeded', nextInMs: null };",
    replace: "return { ...QUIET, to: 'FAILED', reason: 'succeeded', nextInMs: null };",
  },
  {
    name: 'failed-is-paid',
    file: NEXT_STEP,
    find: "return { ...QUIET, to: 'FAILED', reason: meaning.why, nextInMs: null, block };",
    replace: "return { ...QUIET, to: 'SETTLED', reason: meaning.why, nextInMs: null, block };",
  },
  {
    name: 'what-is-unclear-is-forgotten',
    file: NEXT_STEP,
    find: "const nextInMs = ladder(waits.queryLadderMs, state === 'SENDING' ? 0 : checks);",
    replace: 'const nextInMs = null;',
  },
  {
    name: 'what-waits-for-the-person-is-forgotten',
    file: NEXT_STEP,
    find: 'const nextInMs = untilPersonOrExpiry(situation, checks);',
    replace: 'const nextInMs = null;',
  },
  {
    name: 'what-was-not-taken-is-forgotten',
    file: NEXT_STEP,
    find: "return { ...QUIET, to: 'PENDING', reason: why, nextInMs, block };",
    replace: "return { ...QUIET, to: 'PENDING', reason: why, nextInMs: null, block };",
  },
  {
    name: 'a-lost-lease-sends-again',
    file: BEGIN,
    find: "const exchange = exchangeOf(candidate, 'query', false);",
    replace: "const exchange = exchangeOf(candidate, 'send', false);",
  },
  {
    name: 'a-bill-is-sent-before-it-is-stored',
    file: BEGIN,
    find: '(born ? [{ payout: write.payout, frozen: born }] : [])',
    replace: '[]',
  },
  {
    name: 'a-stale-result-counts',
    file: JUDGE,
    find: 'if (payout.attemptNo === attemptNo && payout.billNo === billNo) {',
    replace: 'if (payout.billNo === billNo) {',
  },
  {
    name: 'a-send-without-an-end-was-not-taken',
    file: ATTEMPTS,
    find: 'outcome === null || !isNotTaken(textOf(outcome))',
    replace: 'outcome !== null && !isNotTaken(textOf(outcome))',
  },
  {
    name: 'the-last-send-was-long-ago',
    file: ATTEMPTS,
    find: 'sinceLastSendMs: last ? Number(last.since_ms) : null,',
    replace: 'sinceLastSendMs: null,',
  },
  {
    name: 'what-is-sent-again-differs',
    file: BILLS,
    find: 'if (!same) throw new Defect(`bill ${bill.billNo} does not fit its payout`);\n    return request;',
    replace:
      'if (!same) throw new Defect(`bill ${bill.billNo} does not fit its payout`);\n    return { ...request, body: { ...request.body, transfer_remark: `${Date.now()}` } };',
  },
  {
    name: 'a-bill-number-by-chance',
    file: BILL_NUMBER,
    find: '`${payoutKey}\\n${offerNo}`',
    replace: '`${payoutKey}\\n${offerNo}\\n${Math.random()}`',
  },
  {
    name: 'one-bill-number-for-all-offers',
    file: BILL_NUMBER,
    find: '`${payoutKey}\\n${offerNo}`',
    replace: '`${payoutKey}\\n1`',
  },
  {
    name: 'nobody-drives-pending',
    file: STATES,
    find: DRIVEN,
    replace: "export const DRIVEN_STATES = ['SENDING', 'UNKNOWN', 'WAIT_USER']",
  },
  {
    name: 'nobody-drives-sending',
    file: STATES,
    find: DRIVEN,
    replace: "export const DRIVEN_STATES = ['PENDING', 'UNKNOWN', 'WAIT_USER']",
  },
  {
    name: 'nobody-drives-unknown',
    file: STATES,
    find: DRIVEN,
    replace: "export const DRIVEN_STATES = ['PENDING', 'SENDING', 'WAIT_USER']",
  },
  {
    name: 'nobody-drives-waiting',
    file: STATES,
    find: DRIVEN,
    replace: "export const DRIVEN_STATES = ['PENDING', 'SENDING', 'UNKNOWN']",
  },
];
