import type { Mutant } from './mutant';

const DRIVING = 'libs/payouts/src/driving';
const STEP = `${DRIVING}/next-step.ts`;
const BEGIN = `${DRIVING}/begin-exchanges.ts`;
const JUDGE = `${DRIVING}/judge-exchanges.ts`;
const RECORD = `${DRIVING}/record-outcome.ts`;
const ATTEMPTS = `${DRIVING}/attempts.repository.ts`;
const REQUEST = `${DRIVING}/request-payout.ts`;
const FAIL = "{ ...QUIET, to: 'FAILED', reason: 'mutant', nextInMs: null }";

/** What an answer of WeChat leads to. */
const STEPS: readonly Mutant[] = [
  {
    name: 'silence is failure',
    reconciler: 'both',
    file: STEP,
    find: 'const step = unclear(situation, meaning.why);',
    replace: `if (meaning.why === 'timeout') return ${FAIL}; const step = unclear(situation, meaning.why);`,
  },
  {
    name: 'an unknown code is failure',
    reconciler: 'both',
    file: STEP,
    find: "return meaning.alarm ? { ...step, incident: { kind: 'unlisted', detail: meaning.why } } : step;",
    replace: `return meaning.alarm ? ${FAIL} : step;`,
  },
  {
    name: 'not found is failure',
    reconciler: 'both',
    file: STEP,
    find: 'return notFound(situation);',
    replace: `return ${FAIL};`,
  },
  {
    name: 'not found is sent again at once',
    reconciler: 'both',
    file: STEP,
    find: 'if (since < waits.resendAfterMs) {',
    replace: 'if (since < 0) {',
  },
  {
    name: 'on its way is arrived',
    reconciler: 'both',
    quick: true,
    file: STEP,
    find: "return unclear({ ...situation, state: left(situation.state) }, 'in_flight');",
    replace: "return { ...QUIET, to: 'SETTLED', reason: 'mutant', nextInMs: null };",
  },
  {
    name: 'waiting for the person is arrived',
    reconciler: 'both',
    file: STEP,
    find: 'return waitingForPerson(situation, meaning.package);',
    replace: "return { ...QUIET, to: 'SETTLED', reason: 'mutant', nextInMs: null };",
  },
  {
    name: 'what may be there counts as unsent',
    file: STEP,
    find: 'if (history.mayBeThere) {',
    replace: 'if (history.mayBeThere && checks < 0) {',
  },
  {
    name: 'a lost package is never asked for',
    reconciler: 'both',
    file: STEP,
    find: 'const missing = situation.packageMissing && handedOut === null;',
    replace: 'const missing = situation.packageMissing && handedOut === null && situation.checks < 0;',
  },
  {
    name: 'a waiting bill is not looked at again',
    reconciler: 'both',
    file: STEP,
    find: "reason: 'wait_user', nextInMs };",
    replace: "reason: 'wait_user', nextInMs: null };",
  },
  {
    name: 'a limit ends the bill',
    reconciler: 'both',
    file: STEP,
    find: 'return notTaken(situation, meaning.why, meaning.when, null);',
    replace: `return ${FAIL};`,
  },
  {
    name: 'an empty balance ends the bill',
    reconciler: 'both',
    file: STEP,
    find: "return notTaken(situation, meaning.why, 'soon', meaning.why);",
    replace: `return ${FAIL};`,
  },
];

/** What is committed before anything is said, and afterwards. */
const LINE: readonly Mutant[] = [
  {
    name: 'leases are ignored',
    reconciler: 'both',
    quick: true,
    file: BEGIN,
    find: 'payout.nextAt !== null && payout.nextAt <= now ?',
    replace: 'payout.nextAt !== null ?',
  },
  {
    name: 'a lost lease is sent again unasked',
    reconciler: 'both',
    quick: true,
    file: BEGIN,
    find: "const exchange = exchangeOf(candidate, 'query', false);",
    replace: "const exchange = exchangeOf(candidate, payout.state === 'SENDING' ? 'send' : 'query', false);",
  },
  {
    name: 'bills are not stored before they are sent',
    reconciler: 'both',
    file: BEGIN,
    find: 'plans.flatMap(({ born, write }) => (born ? [{ payout: write.payout, frozen: born }] : [])),',
    replace: 'plans.flatMap(({ born, write }) => (born && !write ? [{ payout: write.payout, frozen: born }] : [])),',
  },
  {
    name: 'exchanges leave no attempt',
    reconciler: 'both',
    file: BEGIN,
    find: 'plans.flatMap(({ exchange }) => (exchange ? [exchange] : [])),',
    replace: "plans.flatMap(({ exchange }) => (exchange && exchange.act !== 'send' ? [exchange] : [])),",
  },
  {
    name: 'a payout is left to people who are not told',
    file: BEGIN,
    find: "const alarm = unknownMs < escalateAfterMs ? null : 'WeChat gave no clear answer in time';",
    replace: 'const alarm = unknownMs < escalateAfterMs ? null : null;',
  },
  {
    name: 'a stale worker may record',
    reconciler: 'both',
    file: JUDGE,
    find: 'if (payout.attemptNo === attemptNo && payout.billNo === billNo) {',
    replace: 'if (payout.billNo === billNo) {',
  },
  {
    name: 'a stale worker may record on another bill',
    reconciler: 'both',
    file: JUDGE,
    find: 'if (payout.attemptNo === attemptNo && payout.billNo === billNo) {',
    replace: 'if (payout.attemptNo >= attemptNo) {',
  },
  {
    name: 'what was refused is counted as not taken',
    file: ATTEMPTS,
    find: "const NOT_TAKEN: readonly Meaning['kind'][] = ['retry_same_id', 'channel_blocked'];",
    replace:
      "const NOT_TAKEN: readonly Meaning['kind'][] = ['retry_same_id', 'channel_blocked', 'unknown', 'not_found'];",
  },
  {
    name: 'an attempt without an end is forgotten',
    file: ATTEMPTS,
    find: 'outcome === null || !isNotTaken(textOf(outcome))',
    replace: 'outcome !== null && !isNotTaken(textOf(outcome))',
  },
  {
    name: 'nobody looks again after an unclear answer',
    reconciler: 'both',
    file: RECORD,
    find: 'const change: Change = { leaseMs: null, nextInMs,',
    replace: "const change: Change = { leaseMs: null, nextInMs: to === 'UNKNOWN' ? null : nextInMs,",
  },
  {
    name: 'a callback does not fence the exchange under way',
    reconciler: 'both',
    file: RECORD,
    find: 'const attemptNo = payout.attemptNo + 1;',
    replace: 'const attemptNo = payout.attemptNo;',
  },
  {
    name: 'the job of a tap drives nothing',
    file: `${DRIVING}/reconcile-payouts.ts`,
    find: 'return this.line.run([payoutKey], { urgent: true });',
    replace: 'void payoutKey; return Promise.resolve();',
    reconciler: 'off',
  },
  {
    name: 'nobody drives what is unknown',
    file: 'libs/payouts/src/payout-state.ts',
    find: "export const DRIVEN_STATES = ['PENDING', 'SENDING', 'UNKNOWN', 'WAIT_USER']",
    replace: "export const DRIVEN_STATES = ['PENDING', 'SENDING', 'WAIT_USER']",
  },
  {
    name: 'nobody drives what a dead worker left',
    file: 'libs/payouts/src/payout-state.ts',
    find: "export const DRIVEN_STATES = ['PENDING', 'SENDING', 'UNKNOWN', 'WAIT_USER']",
    replace: "export const DRIVEN_STATES = ['PENDING', 'UNKNOWN', 'WAIT_USER']",
  },
];

/** Numbers, bytes and offers. */
const BILLS: readonly Mutant[] = [
  {
    name: 'the bill number holds the hour',
    reconciler: 'both',
    file: `${DRIVING}/bill-number.ts`,
    find: '`${payoutKey}\\n${offerNo}`',
    replace: '`${payoutKey}\\n${offerNo}${Math.floor(Date.now() / 3_600_000)}`',
  },
  {
    name: 'every attempt has a bill number of its own',
    file: BEGIN,
    find: 'return billNumber(this.config.keys.bill, payout.payoutKey, payout.offerNo);',
    replace: 'return billNumber(this.config.keys.bill, payout.payoutKey, payout.offerNo + payout.attemptNo);',
  },
  {
    name: 'the offer number is not in the bill number',
    file: `${DRIVING}/bill-number.ts`,
    find: '`${payoutKey}\\n${offerNo}`',
    replace: '`${payoutKey}\\n1`',
  },
  {
    name: 'a resend is written anew',
    quick: true,
    file: `${DRIVING}/bills.ts`,
    find: 'const request = JSON.parse(text) as FrozenRequest;',
    replace:
      "const parsed = JSON.parse(text) as FrozenRequest; const request = { ...parsed, body: { ...parsed.body, transfer_remark: `again ${Date.now()}`, remark: 'again' } };",
  },
  {
    name: 'the amount comes from elsewhere',
    file: `${DRIVING}/prepare-sends.ts`,
    find: 'prepare({ billNo, mchId, amountFen, openid, ...agreed })',
    replace: 'prepare({ billNo, mchId, amountFen: amountFen + 1, openid, ...agreed })',
  },
  {
    name: 'a tap makes the next offer of whatever is there',
    file: 'libs/payouts/src/payout.ts',
    find: 'return isProvenFailure(payout.state) ?',
    replace: "return isProvenFailure(payout.state) || payout.state === 'WAIT_USER' ?",
  },
  {
    name: 'an unknown bill counts as failed',
    file: 'libs/payouts/src/payout-state.ts',
    find: "return state === 'FAILED' || state === 'REFUNDED';",
    replace: "return state === 'FAILED' || state === 'REFUNDED' || state === 'UNKNOWN';",
  },
  {
    name: 'frozen payouts are offered again',
    file: REQUEST,
    find: 'if (await this.incidents.freezes(tx, payout.payoutKey)) return',
    replace: 'if ((await this.incidents.freezes(tx, payout.payoutKey)) && payout.offerNo > 9) return',
  },
  {
    name: 'the next offer begins without a word',
    file: REQUEST,
    find: 'await this.payouts.nextOffer(tx, failed, await this.nextChannel(tx, failed, request.channel));\n    return this.drive(tx, request.payoutKey);',
    replace:
      "await this.payouts.nextOffer(tx, failed, await this.nextChannel(tx, failed, request.channel));\n    return { kind: 'requested', state: 'PENDING' };",
  },
  {
    name: 'a request for money leaves no outbox row',
    file: REQUEST,
    find: 'await this.outbox.append(tx, SendPayout, { payoutKey });',
    replace: '',
  },
];

export const DRIVING_MUTANTS: readonly Mutant[] = [...STEPS, ...LINE, ...BILLS];
