import { isPaid, isTerminal, type Bill } from '../world/bill';
import { lockedAccount, merchantAccount, type Entry } from '../world/ledger';
import type { World } from '../world/world';

export interface LedgerSummary {
  merchantBalanceFen: number;
  /** Money of open bills. */
  lockedFen: number;
  /** Money users got. */
  creditedFen: number;
  /** Money that was locked and came back. */
  refundedFen: number;
  toppedUpFen: number;
  acceptedBills: number;
  successBills: number;
  failedBills: number;
  openBills: number;
  /** Bills credited more than once or with another amount: must be 0. */
  doubleCredits: number;
  balanced: boolean;
  /** What is wrong when `balanced` is false. */
  problems: string[];
}

/** Counts everything anew from the entries and the bills; the running numbers are only compared with the result. */
export function summarize(world: World, mchId: string | undefined): LedgerSummary {
  const mine = (id: string): boolean => mchId === undefined || id === mchId;
  const { problems, balances, credits } = world.ledger.recount();
  const summary: LedgerSummary = {
    merchantBalanceFen: 0,
    lockedFen: 0,
    creditedFen: 0,
    refundedFen: 0,
    toppedUpFen: 0,
    acceptedBills: 0,
    successBills: 0,
    failedBills: 0,
    openBills: 0,
    doubleCredits: 0,
    balanced: false,
    problems,
  };
  for (const id of world.merchantsSeen)
    if (mine(id)) summary.merchantBalanceFen += balances.get(merchantAccount(id)) ?? 0;
  for (const bill of world.billsInOrder) if (mine(bill.mchId)) addBill(summary, bill, balances, credits);
  for (const entry of world.ledger.entries) addEntry(summary, entry, mine);
  const { toppedUpFen, merchantBalanceFen, creditedFen, lockedFen, doubleCredits } = summary;
  if (toppedUpFen !== merchantBalanceFen + creditedFen + lockedFen) {
    problems.push(
      `topped up ${toppedUpFen} ≠ balance ${merchantBalanceFen} + credited ${creditedFen} + locked ${lockedFen}`,
    );
  }
  if (doubleCredits > 0) problems.push(`${doubleCredits} bills were credited wrongly`);
  return { ...summary, balanced: problems.length === 0, problems: problems.slice(0, 20) };
}

function addBill(
  summary: LedgerSummary,
  bill: Bill,
  balances: Map<string, number>,
  credits: Map<string, { count: number; fen: number }>,
): void {
  const credit = credits.get(bill.key) ?? { count: 0, fen: 0 };
  const locked = balances.get(lockedAccount(bill.key)) ?? 0;
  summary.acceptedBills += 1;
  summary.lockedFen += locked;
  summary.creditedFen += credit.fen;
  if (isPaid(bill.state)) summary.successBills += 1;
  else if (isTerminal(bill.state)) summary.failedBills += 1;
  else summary.openBills += 1;
  const expected = isPaid(bill.state) ? { count: 1, fen: bill.amountFen } : { count: 0, fen: 0 };
  if (credit.count !== expected.count || credit.fen !== expected.fen) summary.doubleCredits += 1;
  if (credit.fen !== bill.creditedFen || locked !== bill.lockedFen) {
    summary.problems.push(`${bill.key}: bill and entries disagree`);
  }
}

function addEntry(summary: LedgerSummary, entry: Entry, mine: (mchId: string) => boolean): void {
  const merchant = entry.to.startsWith('merchant:') ? entry.to.slice('merchant:'.length) : undefined;
  if (merchant === undefined || !mine(merchant)) return;
  if (entry.kind === 'topup') summary.toppedUpFen += entry.amountFen;
  if (entry.kind === 'release') summary.refundedFen += entry.amountFen;
}

export function billView(bill: Bill): object {
  return {
    seq: bill.seq,
    channel: bill.channel,
    outBillNo: bill.outBillNo,
    platformNo: bill.platformNo,
    mchId: bill.mchId,
    openid: bill.openid,
    userId: bill.userId,
    amountFen: bill.amountFen,
    state: bill.state,
    failReason: bill.failReason ?? null,
    acceptedCount: bill.acceptedCount,
    creditedFen: bill.creditedFen,
    lockedFen: bill.lockedFen,
    notifyAttempts: bill.notifyAttempts,
    notifyDone: bill.notifyDone,
    createdAt: new Date(bill.createdAt).toISOString(),
    updatedAt: new Date(bill.updatedAt).toISOString(),
  };
}

/** Both legs of an entry; they add up to zero. */
export function entryView(entry: Entry): object {
  return {
    seq: entry.seq,
    at: new Date(entry.at).toISOString(),
    kind: entry.kind,
    bill: entry.billKey ?? null,
    legs: [
      { account: entry.from, amountFen: -entry.amountFen },
      { account: entry.to, amountFen: entry.amountFen },
    ],
  };
}
