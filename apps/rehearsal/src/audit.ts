import { OPEN_STATES } from './quiet';
import type { SandboxBill, SandboxLedger } from './sandbox';
import type { Win } from './tally';
import type { Budget, DecisionCheck, LedgerSummary, Payout, ScanRow } from './wire';

/** Both books and what the shoppers saw, once nothing moves any more. */
export interface Evidence {
  readonly summary: LedgerSummary;
  readonly budgets: readonly Budget[];
  readonly budgetId: number;
  readonly grantedFen: number;
  readonly payouts: readonly Payout[];
  readonly sandbox: SandboxLedger;
  readonly bills: readonly SandboxBill[];
  /** scanId of every scan a shopper got a 200 for. */
  readonly scanIds: ReadonlySet<string>;
  /** Rows of the batch of this rehearsal in our record of scans. */
  readonly rows: readonly ScanRow[];
  /** Every recorded decision, made once more from what was stored with it. */
  readonly decisions: DecisionCheck;
  readonly wins: readonly Win[];
  /** Fen in each packet that a later bottle opened, and what each was to hold. */
  readonly opened: readonly number[];
  readonly lockedFen: number;
  readonly top: { readonly stock: number; readonly issued: number };
  readonly wrongs: readonly string[];
}

export interface Check {
  readonly name: string;
  readonly says: string;
  /** What does not hold; empty = it holds. */
  readonly faults: readonly string[];
}

export interface Verdict {
  readonly checks: readonly Check[];
  /** Σ over all bills of |settled in our ledger − credited in the sandbox's|. */
  readonly differenceFen: number;
  readonly ok: boolean;
}

/** Compares the two ledgers bill by bill, and the promises made to shoppers with both. Pure. */
export function audit(evidence: Evidence): Verdict {
  const bills = compareBills(evidence.payouts, evidence.bills);
  const checks = [
    { name: 'quiet', says: 'no payout is pending, sending, unknown or waiting', faults: openPayouts(evidence.summary) },
    { name: 'I1', says: 'granted = available + reserved + settled, in every budget', faults: budgetSums(evidence) },
    { name: 'I2-I4', says: 'our books agree with themselves', faults: ownFaults(evidence.summary) },
    { name: 'I5', says: 'at most one success effect a payout', faults: effects(evidence, bills.superseded) },
    { name: 'I6', says: 'settled here = credited there, for every bill', faults: bills.faults },
    { name: 'I11', says: 'one winner a code', faults: winners(evidence) },
    { name: 'I12', says: 'every answered scan has exactly one row', faults: rowsOfScans(evidence) },
    { name: 'I13', says: 'the limited prize was not given too often', faults: stock(evidence) },
    { name: 'I15', says: 'every stored decision comes out the same again', faults: decisions(evidence) },
    {
      name: 'wins',
      says: 'what shoppers were promised = what the budget reserved and paid',
      faults: promises(evidence),
    },
    { name: 'words', says: 'every answer was what the shopper could expect', faults: evidence.wrongs },
  ];
  const ok = bills.differenceFen === 0 && checks.every(({ faults }) => faults.length === 0);
  return { checks, differenceFen: bills.differenceFen, ok };
}

function openPayouts({ byState, unresolved }: LedgerSummary): string[] {
  const open = OPEN_STATES.filter((state) => (byState[state]?.count ?? 0) > 0);
  if (open.length === 0) return [];
  return [
    ...open.map((state) => `${byState[state]?.count} payouts are ${state}`),
    ...unresolved.map(
      ({ payoutKey, state, amountFen, billNo }) => `${payoutKey} ${state} ${amountFen} fen ${billNo ?? ''}`,
    ),
  ];
}

function budgetSums({ budgets, budgetId, grantedFen }: Evidence): string[] {
  const faults = budgets
    .filter((one) => one.grantedFen !== one.availableFen + one.reservedFen + one.settledFen)
    .map((one) => `budget ${one.id}: ${JSON.stringify(one)}`);
  const own = budgets.find(({ id }) => id === budgetId);
  if (own?.grantedFen !== grantedFen)
    faults.push(`budget ${budgetId} was granted ${grantedFen}, it says ${own?.grantedFen}`);
  return faults;
}

/** Raised by answers that were made unreadable on purpose; all other kinds mean that something really went wrong. */
const EXPECTED_INCIDENTS = new Set(['unlisted']);

function ownFaults({ faults, openIncidents }: LedgerSummary): string[] {
  return [
    ...faults.map(({ invariant, detail }) => `${invariant} ${detail}`),
    ...openIncidents
      .filter(({ kind }) => !EXPECTED_INCIDENTS.has(kind))
      .map(({ kind, count }) => `${count} open incidents of kind ${kind}`),
  ];
}

interface BillComparison {
  readonly faults: string[];
  readonly differenceFen: number;
  /** Bills there that are not the present bill of any payout here: earlier offers. */
  readonly superseded: SandboxBill[];
}

/** Every bill of both sides. A bill that is no payout's present one must have come to nothing. */
function compareBills(payouts: readonly Payout[], bills: readonly SandboxBill[]): BillComparison {
  const ours = new Map(payouts.flatMap((payout) => (payout.billNo === null ? [] : [[payout.billNo, payout] as const])));
  const superseded: SandboxBill[] = [];
  const faults: string[] = [];
  let differenceFen = 0;
  for (const bill of bills) {
    const payout = ours.get(bill.outBillNo);
    ours.delete(bill.outBillNo);
    if (!payout) superseded.push(bill);
    const settled = payout?.state === 'SETTLED' ? payout.amountFen : 0;
    if (settled === bill.creditedFen) continue;
    differenceFen += Math.abs(settled - bill.creditedFen);
    const here = payout ? `${payout.payoutKey} ${payout.state}` : 'no payout';
    faults.push(
      `${bill.outBillNo}: here ${here} settled ${settled} fen, there ${bill.state} credited ${bill.creditedFen} fen`,
    );
  }
  for (const [billNo, payout] of ours) {
    if (payout.state !== 'SETTLED') continue;
    differenceFen += payout.amountFen;
    faults.push(`${billNo}: here ${payout.payoutKey} settled ${payout.amountFen} fen, there is no such bill`);
  }
  return { faults, differenceFen, superseded };
}

function effects({ sandbox }: Evidence, superseded: readonly SandboxBill[]): string[] {
  const faults = superseded
    .filter((bill) => bill.creditedFen > 0)
    .map((bill) => `${bill.outBillNo} was given up here and paid ${bill.creditedFen} fen there`);
  if (sandbox.doubleCredits > 0) faults.push(`${sandbox.doubleCredits} bills were credited twice`);
  if (!sandbox.balanced) faults.push(...sandbox.problems.map((problem) => `sandbox: ${problem}`));
  return faults;
}

function winners({ rows }: Evidence): string[] {
  const byCode = new Map<string, Set<string>>();
  for (const { code, amountFen, id, memberId } of rows) {
    if (amountFen === 0) continue;
    byCode.set(code, (byCode.get(code) ?? new Set()).add(`${memberId} in ${id}`));
  }
  return [...byCode].filter(([, all]) => all.size > 1).map(([code, all]) => `${code}: ${[...all].join(', ')}`);
}

function decisions({ decisions: { checked, differing } }: Evidence): string[] {
  if (checked === 0) return ['no decision was checked'];
  return differing.slice(0, 10).map(({ id, recorded, again }) => `${id}: recorded ${recorded}, now ${again}`);
}

function rowsOfScans({ scanIds, rows }: Evidence): string[] {
  const seen = new Map<string, number>();
  for (const { id } of rows) {
    const scanId = id.slice(id.indexOf('-') + 1);
    seen.set(scanId, (seen.get(scanId) ?? 0) + 1);
  }
  const missing = [...scanIds].filter((scanId) => !seen.has(scanId));
  const foreign = [...seen.keys()].filter((scanId) => !scanIds.has(scanId));
  const twice = [...seen].filter(([, count]) => count > 1).map(([scanId]) => scanId);
  const some = (what: string, list: readonly string[]): string[] =>
    list.length === 0 ? [] : [`${list.length} ${what}: ${list.slice(0, 5).join(', ')}`];
  return [
    ...some('answered scans without a row', missing),
    ...some('rows of scans nobody got an answer for', foreign),
    ...some('scans with two rows', twice),
  ];
}

function stock({ top }: Evidence): string[] {
  return top.issued > top.stock ? [`${top.issued} were given, ${top.stock} there were`] : [];
}

function promises({ wins, opened, lockedFen, budgets, budgetId, payouts }: Evidence): string[] {
  const locked = wins.filter(({ kind }) => kind === 'locked').length;
  const cash = wins.reduce((sum, win) => sum + (win.kind === 'cash' ? win.amountFen : 0), 0);
  const promised = cash + locked * lockedFen;
  const own = budgets.find(({ id }) => id === budgetId);
  const booked = (own?.reservedFen ?? 0) + (own?.settledFen ?? 0);
  const faults = promised === booked ? [] : [`shoppers were promised ${promised} fen, the budget holds ${booked}`];
  const paid = payouts.filter((payout) => payout.budgetId === budgetId && payout.state === 'SETTLED');
  const paidFen = paid.reduce((sum, payout) => sum + payout.amountFen, 0);
  const odd = opened.filter((amountFen) => amountFen !== lockedFen);
  if (odd.length > 0) faults.push(`opened packets held ${odd.join(', ')} fen instead of ${lockedFen}`);
  if (opened.length > locked) faults.push(`${opened.length} packets were opened of ${locked}`);
  if (paidFen !== own?.settledFen) faults.push(`payouts settled ${paidFen} fen, the budget ${own?.settledFen}`);
  return faults;
}
