import { Injectable } from '@nestjs/common';
import { placeholders, type SqlValue, textOf, type Tx } from '@app/database';
import type { Meaning, Outcome } from '../channels/payout-channel';

export type Act = 'send' | 'query' | 'cancel' | 'notify';

/** What earlier attempts say about a bill. */
export interface BillHistory {
  /** An earlier send may have been taken by WeChat: its outcome is open, or was anything but "not taken". */
  readonly mayBeThere: boolean;
  /** The reason of the last send, when that send was refused for good. */
  readonly refusedWith: string | null;
  /** Since the last send began; null when there was none. */
  readonly sinceLastSendMs: number | null;
}

/** Outcomes of a send after which WeChat provably has not taken the bill by that send. */
const NOT_TAKEN: readonly Meaning['kind'][] = ['retry_same_id', 'channel_blocked'];

/** An exchange that begins: its number within the payout, and the hash of what is sent (I7). */
export interface AttemptBegun {
  readonly billNo: string;
  readonly attemptNo: number;
  readonly act: Act;
  readonly requestHash: Buffer;
}

export interface AttemptEnded {
  readonly billNo: string;
  readonly attemptNo: number;
  readonly outcome: Outcome;
}

interface SendRow {
  bill_no: Buffer;
  attempt_no: number;
  outcome: Buffer | null;
  evidence: string | null;
  since_ms: string;
}

/** Every exchange with WeChat leaves a row before it begins and its result when it is over. */
@Injectable()
export class AttemptsRepository {
  async begin(tx: Tx, attempts: readonly AttemptBegun[]): Promise<void> {
    if (attempts.length === 0) return;
    await tx.execute(
      `INSERT INTO payout_attempts (bill_no, attempt_no, act, request_hash, started_at)
       VALUES ${attempts.map(() => '(?, ?, ?, ?, UTC_TIMESTAMP(6))').join(', ')}`,
      attempts.flatMap(({ billNo, attemptNo, act, requestHash }) => [billNo, attemptNo, act, requestHash]),
    );
  }

  /** A number that no attempt of this bill has. */
  async nextNo(tx: Tx, billNo: string): Promise<number> {
    const [row] = await tx.query<{ last: number | null }>(
      'SELECT MAX(attempt_no) AS last FROM payout_attempts WHERE bill_no = ?',
      [billNo],
    );
    return (row?.last ?? 0) + 1;
  }

  /** Which of these bills a send was begun of since then. */
  async sentSince(tx: Tx, billNos: readonly string[], since: Date): Promise<ReadonlySet<string>> {
    if (billNos.length === 0) return new Set();
    const rows = await tx.query<{ bill_no: Buffer }>(
      `SELECT DISTINCT bill_no FROM payout_attempts
        WHERE bill_no IN (${placeholders(billNos)}) AND act = 'send' AND started_at >= ?`,
      [...billNos, since],
    );
    return new Set(rows.map((row) => textOf(row.bill_no)));
  }

  /** Whether a callback with this outcome is kept of this bill. */
  async wasTold(tx: Tx, billNo: string, outcome: Meaning['kind']): Promise<boolean> {
    const rows = await tx.query(
      "SELECT attempt_no FROM payout_attempts WHERE bill_no = ? AND act = 'notify' AND outcome = ? LIMIT 1",
      [billNo, outcome],
    );
    return rows.length > 0;
  }

  /** Results of exchanges of different bills. */
  async finish(tx: Tx, ended: readonly AttemptEnded[]): Promise<void> {
    if (ended.length === 0) return;
    const bills = ended.map(({ billNo }) => billNo);
    const byBill = (of: (each: AttemptEnded) => SqlValue): SqlValue[] =>
      ended.flatMap((each) => [each.billNo, of(each)]);
    const cases = `CASE bill_no ${ended.map(() => 'WHEN ? THEN ?').join(' ')} END`;
    await tx.execute(
      `UPDATE payout_attempts SET finished_at = UTC_TIMESTAMP(6), outcome = ${cases}, evidence = ${cases}
       WHERE bill_no IN (${placeholders(bills)}) AND attempt_no = ${cases}`,
      [
        ...byBill(({ outcome }) => outcome.meaning.kind),
        ...byBill(({ outcome }) => evidenceOf(outcome)),
        ...bills,
        ...byBill(({ attemptNo }) => attemptNo),
      ],
    );
  }

  /** Histories of bills before an attempt of theirs, that attempt included only for the time of the last send. */
  async histories(
    tx: Tx,
    of: readonly { readonly billNo: string; readonly attemptNo: number }[],
  ): Promise<ReadonlyMap<string, BillHistory>> {
    if (of.length === 0) return new Map();
    const rows = await tx.query<SendRow>(
      `SELECT bill_no, attempt_no, outcome, evidence,
         TIMESTAMPDIFF(MICROSECOND, started_at, UTC_TIMESTAMP(6)) DIV 1000 AS since_ms
       FROM payout_attempts WHERE bill_no IN (${placeholders(of)}) AND act = 'send' ORDER BY bill_no, attempt_no`,
      of.map(({ billNo }) => billNo),
    );
    const byBill = new Map<string, SendRow[]>(of.map(({ billNo }) => [billNo, []]));
    for (const row of rows) byBill.get(textOf(row.bill_no))!.push(row);
    return new Map(of.map(({ billNo, attemptNo }) => [billNo, historyOf(byBill.get(billNo)!, attemptNo)]));
  }
}

function historyOf(sends: readonly SendRow[], attemptNo: number): BillHistory {
  const earlier = sends.filter((row) => row.attempt_no < attemptNo);
  const last = sends.at(-1);
  return {
    mayBeThere: earlier.some(({ outcome }) => outcome === null || !isNotTaken(textOf(outcome))),
    refusedWith: last?.outcome && textOf(last.outcome) === 'refused' ? reasonOf(last.evidence) : null,
    sinceLastSendMs: last ? Number(last.since_ms) : null,
  };
}

function evidenceOf({ meaning, evidence }: Outcome): string {
  return 'why' in meaning ? `${meaning.why} | ${evidence}` : evidence;
}

function isNotTaken(outcome: string): boolean {
  return NOT_TAKEN.some((kind) => kind === outcome);
}

function reasonOf(evidence: string | null): string {
  return evidence?.split(' | ')[0] ?? 'REFUSED';
}
