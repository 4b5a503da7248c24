import { placeholders, textOf, type Reader } from '@app/database';
import { fenFromColumn, type Fen } from '@app/kernel';
import { releaseKey } from '../ledger/releases';
import { offerKey } from '../ledger/settlements';

export interface BillEvidence {
  readonly at: Date;
  readonly billNo: string;
  readonly offerNo: number;
  readonly channel: string;
  readonly mchId: string;
  readonly amountFen: Fen;
  /** SHA-256 of the stored request, 64 hex characters. */
  readonly requestHash: string;
}

export interface AttemptRow {
  readonly startedAt: Date;
  readonly billNo: string;
  readonly attemptNo: number;
  readonly act: string;
  readonly finishedAt: Date | null;
  readonly outcome: string | null;
  /** The raw reply; openid, package and names were removed before it was stored. */
  readonly evidence: string | null;
  /** What was sent was, byte for byte, the request of the bill. */
  readonly sameRequest: boolean;
}

export interface MoveRow {
  readonly at: Date;
  readonly moveNo: number;
  readonly from: string;
  readonly to: string;
  readonly billNo: string | null;
  readonly reason: string;
}

export interface JournalRow {
  readonly at: Date;
  readonly journalKey: string;
  readonly journalKind: string;
  readonly memo: string | null;
  readonly legs: readonly { readonly account: string; readonly amountFen: number }[];
}

export interface DifferenceRow {
  readonly foundAt: Date;
  readonly goneAt: Date | null;
  readonly day: string;
  readonly difference: string;
  readonly billNo: string;
  readonly ourFen: number | null;
  readonly paidFen: number;
  readonly returnedFen: number;
}

/** Application that a settled amount was charged to, oldest first. */
export interface GrantUse {
  readonly grantId: number;
  readonly applicationNo: string;
  readonly expenseAccount: string;
  readonly costCenter: string;
  readonly bearer: string;
  readonly act: string;
  readonly offerNo: number;
  readonly fen: Fen;
}

/** Offers, attempts and moves shown at most; what is older is left out and the answer says so. */
export const MOST_BILLS = 100;
export const MOST_ROWS = 2000;

export async function billsOf(reader: Reader, payoutKey: string): Promise<BillEvidence[]> {
  const rows = await reader.query<{
    bill_no: Buffer;
    offer_no: number;
    channel: Buffer;
    mch_id: Buffer;
    amount_fen: string;
    request_hash: Buffer;
    created_at: Date;
  }>(
    `SELECT bill_no, offer_no, channel, mch_id, amount_fen, request_hash, created_at FROM payout_bills
      WHERE payout_key = ? ORDER BY offer_no DESC LIMIT ${MOST_BILLS}`,
    [payoutKey],
  );
  return rows.reverse().map((row) => ({
    ...{ at: row.created_at, billNo: textOf(row.bill_no), offerNo: row.offer_no, channel: textOf(row.channel) },
    ...{
      mchId: textOf(row.mch_id),
      amountFen: fenFromColumn(row.amount_fen),
      requestHash: row.request_hash.toString('hex'),
    },
  }));
}

export async function attemptsOf(reader: Reader, bills: readonly BillEvidence[]): Promise<AttemptRow[]> {
  if (bills.length === 0) return [];
  const rows = await reader.query<{
    bill_no: Buffer;
    attempt_no: number;
    act: Buffer;
    request_hash: Buffer;
    started_at: Date;
    finished_at: Date | null;
    outcome: Buffer | null;
    evidence: string | null;
  }>(
    `SELECT bill_no, attempt_no, act, request_hash, started_at, finished_at, outcome, evidence FROM payout_attempts
      WHERE bill_no IN (${placeholders(bills)}) ORDER BY started_at DESC LIMIT ${MOST_ROWS}`,
    bills.map(({ billNo }) => billNo),
  );
  const hashes = new Map(bills.map(({ billNo, requestHash }) => [billNo, requestHash]));
  return rows.reverse().map((row) => ({
    ...{ startedAt: row.started_at, billNo: textOf(row.bill_no), attemptNo: row.attempt_no, act: textOf(row.act) },
    ...{
      finishedAt: row.finished_at,
      outcome: row.outcome === null ? null : textOf(row.outcome),
      evidence: row.evidence,
    },
    sameRequest: hashes.get(textOf(row.bill_no)) === row.request_hash.toString('hex'),
  }));
}

export async function movesOf(reader: Reader, payoutKey: string): Promise<MoveRow[]> {
  const rows = await reader.query<{
    move_no: number;
    from_state: Buffer;
    to_state: Buffer;
    bill_no: Buffer | null;
    reason: Buffer;
    at: Date;
  }>(
    `SELECT move_no, from_state, to_state, bill_no, reason, at FROM payout_moves
      WHERE payout_key = ? ORDER BY move_no DESC LIMIT ${MOST_ROWS}`,
    [payoutKey],
  );
  return rows.reverse().map((row) => ({
    ...{ at: row.at, moveNo: row.move_no, from: textOf(row.from_state), to: textOf(row.to_state) },
    ...{ billNo: row.bill_no === null ? null : textOf(row.bill_no), reason: textOf(row.reason) },
  }));
}

/** A result is turned round once, at most a few times; what goes beyond is missing here. */
const TURNS = [1, 2, 3];

/**
 * Journals that name this payout, its bills or its awards. Prizes that were won in the same moment are reserved together, under the key
 * of one of them, so the reservation of the others shows in their award.
 */
export async function journalsOf(
  reader: Reader,
  payoutKey: string,
  bills: readonly BillEvidence[],
  awards: readonly { readonly awardKey: string; readonly budgetId: number | null }[],
): Promise<JournalRow[]> {
  const keys = [
    ...bills.flatMap(({ billNo, offerNo }) => [
      ...['settle', 'refund', 'cleared'].map((act) => `${act}:${payoutKey}:${offerNo}`),
      ...TURNS.flatMap((turn) => ['settle', 'refund'].map((act) => `${act}:${offerKey({ payoutKey, offerNo, turn })}`)),
      ...['confirm', 'confirm-refund'].map((act) => `${act}:${billNo}`),
    ]),
    ...awards.flatMap(({ awardKey, budgetId }) => [
      `reserve:${budgetId}:${awardKey}`,
      ...TURNS.flatMap((nth) => [releaseKey(awardKey, nth), `un${releaseKey(awardKey, nth)}`]),
    ]),
  ];
  if (keys.length === 0) return [];
  const rows = await reader.query<{
    journal_key: Buffer;
    kind: Buffer;
    at: Date;
    memo: string | null;
    account: Buffer;
    amount_fen: string;
  }>(
    `SELECT j.journal_key, j.kind, j.at, j.memo, l.account, l.amount_fen FROM ledger_journals j JOIN ledger_legs l USING (journal_key)
      WHERE j.journal_key IN (${placeholders(keys)}) ORDER BY j.at, j.journal_key, l.leg`,
    keys,
  );
  const journals = new Map<string, JournalRow & { legs: { account: string; amountFen: number }[] }>();
  for (const { journal_key, kind, at, memo, account, amount_fen } of rows) {
    const journalKey = textOf(journal_key);
    const known = journals.get(journalKey) ?? { at, journalKey, journalKind: textOf(kind), memo, legs: [] };
    known.legs.push({ account: textOf(account), amountFen: Number(amount_fen) });
    journals.set(journalKey, known);
  }
  return [...journals.values()];
}

export async function differencesOf(reader: Reader, payoutKey: string): Promise<DifferenceRow[]> {
  const rows = await reader.query<{
    day: string;
    kind: Buffer;
    bill_no: Buffer;
    our_fen: string | null;
    paid_fen: string;
    returned_fen: string;
    found_at: Date;
    gone_at: Date | null;
  }>(
    `SELECT CAST(day AS CHAR) AS day, kind, bill_no, our_fen, paid_fen, returned_fen, found_at, gone_at
       FROM reconciliation_differences WHERE payout_key = ? ORDER BY found_at LIMIT 100`,
    [payoutKey],
  );
  return rows.map((row) => ({
    ...{ foundAt: row.found_at, goneAt: row.gone_at, day: row.day, difference: textOf(row.kind) },
    ...{ billNo: textOf(row.bill_no), ourFen: row.our_fen === null ? null : Number(row.our_fen) },
    ...{ paidFen: Number(row.paid_fen), returnedFen: Number(row.returned_fen) },
  }));
}

export async function grantUsesOf(reader: Reader, payoutKey: string): Promise<GrantUse[]> {
  const rows = await reader.query<{
    grant_id: number;
    application_no: string;
    expense_account: string;
    cost_center: string;
    bearer: Buffer;
    act: Buffer;
    offer_no: number;
    fen: string;
  }>(
    `SELECT u.grant_id, g.application_no, g.expense_account, g.cost_center, g.bearer, u.act, u.offer_no, u.fen
       FROM grant_uses u JOIN budget_grants g ON g.id = u.grant_id WHERE u.payout_key = ? ORDER BY u.at, u.grant_id LIMIT 200`,
    [payoutKey],
  );
  return rows.map((row) => ({
    ...{ grantId: row.grant_id, applicationNo: row.application_no, expenseAccount: row.expense_account },
    ...{ costCenter: row.cost_center, bearer: textOf(row.bearer), act: textOf(row.act), offerNo: row.offer_no },
    fen: fenFromColumn(row.fen),
  }));
}
