import { audit, type Evidence } from './audit';
import type { SandboxBill } from './sandbox';
import type { Payout, ScanRow } from './wire';

const bill = (outBillNo: string, creditedFen: number, state = 'SUCCESS'): SandboxBill => ({
  ...{ channel: 'transfer', outBillNo, userId: 'u', amountFen: 100, state, failReason: null },
  ...{ acceptedCount: 1, creditedFen, lockedFen: 0 },
});
const payout = (payoutKey: string, billNo: string | null, state = 'SETTLED'): Payout => ({
  ...{ payoutKey, budgetId: 1, amountFen: 100, state, offerNo: 1, billNo, failReason: null },
});
const row = (scanId: string, code: string, amountFen: number): ScanRow => ({
  ...{ id: `7-${scanId}`, memberId: 7, code, verdict: 'first', amountFen, refusal: null },
});

/** Two payouts of 100 fen, one settled, one never taken: everything adds up. */
const SOUND: Evidence = {
  summary: {
    ...{ grantedFen: 1000, availableFen: 800, reservedFen: 100, settledFen: 100, awardedFen: 200 },
    ...{ byState: { SETTLED: { count: 1, fen: 100 }, FAILED: { count: 1, fen: 100 } }, unresolved: [] },
    ...{ openIncidents: [], faults: [] },
  },
  budgets: [{ id: 1, grantedFen: 1000, availableFen: 800, reservedFen: 100, settledFen: 100 }],
  budgetId: 1,
  grantedFen: 1000,
  payouts: [payout('1:1:1:0', 'Y1'), payout('1:1:2:0', 'Y2', 'FAILED')],
  sandbox: {
    ...{ merchantBalanceFen: 0, lockedFen: 0, creditedFen: 100, refundedFen: 100, acceptedBills: 2, successBills: 1 },
    ...{ failedBills: 1, openBills: 0, doubleCredits: 0, balanced: true, problems: [] },
  },
  bills: [bill('Y1', 100), bill('Y2', 0, 'FAIL')],
  scanIds: new Set(['a', 'b']),
  rows: [row('a', 'C1', 100), row('b', 'C2', 100)],
  decisions: { checked: 2, differing: [] },
  wins: [
    { awardId: '1', userId: 'u', code: 'C1', kind: 'cash', amountFen: 100 },
    { awardId: '2', userId: 'u', code: 'C2', kind: 'cash', amountFen: 100 },
  ],
  opened: [],
  lockedFen: 120,
  top: { stock: 2, issued: 2 },
  wrongs: [],
};

const failing = (change: Partial<Evidence>): string[] =>
  audit({ ...SOUND, ...change })
    .checks.filter(({ faults }) => faults.length > 0)
    .map(({ name }) => name);

it('finds nothing wrong when both books agree', () => {
  const verdict = audit(SOUND);
  expect(verdict.checks.flatMap(({ faults }) => faults)).toEqual([]);
  expect(verdict).toMatchObject({ ok: true, differenceFen: 0 });
});

it('counts a difference of every bill, also where two of them would cancel out', () => {
  const verdict = audit({ ...SOUND, bills: [bill('Y1', 0, 'FAIL'), bill('Y2', 100)] });
  expect(verdict).toMatchObject({ ok: false, differenceFen: 200 });
});

it('sees a bill that was given up here and paid there', () => {
  expect(failing({ bills: [...SOUND.bills, bill('Y0', 100)] })).toEqual(['I5', 'I6']);
});

it('sees money that is settled here under a bill that does not exist there', () => {
  expect(audit({ ...SOUND, bills: [bill('Y2', 0, 'FAIL')] })).toMatchObject({ ok: false, differenceFen: 100 });
});

it('names payouts that are still under way', () => {
  const summary = {
    ...SOUND.summary,
    byState: { ...SOUND.summary.byState, UNKNOWN: { count: 1, fen: 100 } },
    unresolved: [{ payoutKey: '1:1:9:0', state: 'UNKNOWN', amountFen: 100, billNo: 'Y9' }],
  };
  const [quiet] = audit({ ...SOUND, summary }).checks;
  expect(quiet?.faults.join()).toContain('1:1:9:0');
});

it.each<[string, Partial<Evidence>, string]>([
  ['two winners of one code', { rows: [row('a', 'C1', 100), row('b', 'C1', 100)] }, 'I11'],
  [
    'a packet that opens with another amount',
    {
      wins: [...SOUND.wins, { awardId: '3', userId: 'u', code: 'C3', kind: 'locked', amountFen: 0 }],
      budgets: [{ ...SOUND.budgets[0]!, availableFen: 680, reservedFen: 220 }],
      opened: [119],
    },
    'wins',
  ],
  [
    'a decision that comes out differently',
    { decisions: { checked: 2, differing: [{ id: '1-a', recorded: 'x', again: 'y' }] } },
    'I15',
  ],
  ['decisions that nobody checked', { decisions: { checked: 0, differing: [] } }, 'I15'],
  ['an answered scan without a row', { rows: [row('a', 'C1', 100)] }, 'I12'],
  ['two rows of one scan', { rows: [...SOUND.rows, row('a', 'C1', 0)] }, 'I12'],
  ['a row nobody got an answer for', { rows: [...SOUND.rows, row('z', 'C9', 0)] }, 'I12'],
  ['a prize given too often', { top: { stock: 2, issued: 3 } }, 'I13'],
  ['a promise that the budget does not hold', { wins: SOUND.wins.slice(1) }, 'wins'],
  ['a budget that does not add up', { budgets: [{ ...SOUND.budgets[0]!, availableFen: 801 }] }, 'I1'],
  ['a bill credited twice', { sandbox: { ...SOUND.sandbox, doubleCredits: 1 } }, 'I5'],
  ['a broken promise', { wrongs: ['a void code gave a prize'] }, 'words'],
])('sees %s', (_what, change, name) => {
  expect(failing(change)).toEqual([name]);
});

it('lets alarms about answers that were made unreadable pass, and no others', () => {
  const raised = (kind: string): Partial<Evidence> => ({
    summary: { ...SOUND.summary, openIncidents: [{ kind, count: 1 }] },
  });
  expect(failing(raised('unlisted'))).toEqual([]);
  expect(failing(raised('contradiction'))).toEqual(['I2-I4']);
});
