import { Injectable } from '@nestjs/common';
import { textOf, type Tx } from '@app/database';
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

/** Every exchange with WeChat leaves a row before it begins and its result when it is over. */
@Injectable()
export class AttemptsRepository {
  async begin(tx: Tx, attempt: { billNo: string; attemptNo: number; act: Act; requestHash: Buffer }): Promise<void> {
    await tx.execute(
      `INSERT INTO payout_attempts (bill_no, attempt_no, act, request_hash, started_at)
       VALUES (?, ?, ?, ?, UTC_TIMESTAMP(6))`,
      [attempt.billNo, attempt.attemptNo, attempt.act, attempt.requestHash],
    );
  }

  async finish(tx: Tx, billNo: string, attemptNo: number, outcome: Outcome): Promise<void> {
    const { meaning, evidence } = outcome;
    const why = 'why' in meaning ? `${meaning.why} | ` : '';
    await tx.execute(
      'UPDATE payout_attempts SET finished_at = UTC_TIMESTAMP(6), outcome = ?, evidence = ? WHERE bill_no = ? AND attempt_no = ?',
      [meaning.kind, `${why}${evidence}`, billNo, attemptNo],
    );
  }

  /** History of a bill before `attemptNo`, that attempt included only for the time of the last send. */
  async history(tx: Tx, billNo: string, attemptNo: number): Promise<BillHistory> {
    const rows = await tx.query<{
      attempt_no: number;
      outcome: Buffer | null;
      evidence: string | null;
      since_ms: string;
    }>(
      `SELECT attempt_no, outcome, evidence,
         TIMESTAMPDIFF(MICROSECOND, started_at, UTC_TIMESTAMP(6)) DIV 1000 AS since_ms
       FROM payout_attempts WHERE bill_no = ? AND act = 'send' ORDER BY attempt_no`,
      [billNo],
    );
    const earlier = rows.filter((row) => row.attempt_no < attemptNo);
    const last = rows.at(-1);
    return {
      mayBeThere: earlier.some(({ outcome }) => outcome === null || !isNotTaken(textOf(outcome))),
      refusedWith: last?.outcome && textOf(last.outcome) === 'refused' ? reasonOf(last.evidence) : null,
      sinceLastSendMs: last ? Number(last.since_ms) : null,
    };
  }
}

function isNotTaken(outcome: string): boolean {
  return NOT_TAKEN.some((kind) => kind === outcome);
}

function reasonOf(evidence: string | null): string {
  return evidence?.split(' | ')[0] ?? 'REFUSED';
}
