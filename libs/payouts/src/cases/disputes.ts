import { placeholders, textOf, type Reader, type Tx } from '@app/database';
import { Rejected } from '@app/kernel';
import type { Payout } from '../payout';
import { DISPUTING_KINDS } from './incident-kinds';

export type Outcome = 'settle' | 'fail';

/** Results that two people may turn round, each by the decision that says the contrary. */
const TURNED_ROUND: Partial<Record<Payout['state'], Outcome>> = {
  FAILED: 'settle',
  REFUNDED: 'settle',
  SETTLED: 'fail',
};

/** So short a note proves nothing. */
const SHORTEST_EVIDENCE = 10;

/**
 * What people may decide: a payout that waits for them, either way; and a result of its last offer that an open case puts in doubt, the
 * other way round. Rejected `not_manual` (409) for any other, `not_disputed` (409) when no case doubts the result, `later_offer` (409) when
 * the doubt is about an earlier offer's bill.
 */
export async function assertDecidable(tx: Tx, payout: Payout, kind: Outcome): Promise<void> {
  const { state, payoutKey, billNo } = payout;
  if (state === 'MANUAL') return;
  if (TURNED_ROUND[state] !== kind) throw notManual(state);
  const doubts = await tx.query<{ bill_no: Buffer | null }>(
    `SELECT bill_no FROM payout_incidents
      WHERE payout_key = ? AND resolved_at IS NULL AND kind IN (${placeholders(DISPUTING_KINDS)})`,
    [payoutKey, ...DISPUTING_KINDS],
  );
  if (doubts.length === 0) {
    throw new Rejected('not_disputed', '没有未关闭的矛盾、不符或对账异常，不能改变已有的结果', 409, { state });
  }
  if (doubts.every(({ bill_no }) => bill_no !== null && textOf(bill_no) !== billNo)) {
    throw new Rejected('later_offer', '异常说的是更早一次发放的单号，这次发放的结果不能改', 409, { billNo });
  }
}

/** Rejected `evidence_needed` (422): what says that no money arrived, or that money arrived after all, names what WeChat shows. */
export function assertEvidence(kind: string, payout: Pick<Payout, 'state'> | null, evidence: string): void {
  const turnsRound = kind === 'settle' && payout !== null && payout.state !== 'MANUAL';
  if ((kind !== 'fail' && !turnsRound) || evidence.trim().length >= SHORTEST_EVIDENCE) return;
  const seen =
    kind === 'fail' ? '人工失败须写明在微信商户平台看到的没有成功的证据' : '改为到账须写明在微信商户平台看到的到账证据';
  throw new Rejected('evidence_needed', seen, 422, { field: 'evidence' });
}

/** The last clear answer of WeChat about the payout's bill since a case put its result in doubt; null when there was none. */
export async function lastWordSinceDispute(reader: Reader, { payoutKey, billNo }: Payout): Promise<string | null> {
  const [row] = await reader.query<{ outcome: Buffer }>(
    `SELECT a.outcome FROM payout_attempts a
      WHERE a.bill_no = ? AND a.outcome IN ('succeeded', 'failed', 'refunded', 'not_found', 'wait_user', 'in_flight')
        AND a.finished_at >= (SELECT MIN(i.created_at) FROM payout_incidents i
          WHERE i.payout_key = ? AND i.resolved_at IS NULL AND i.kind IN (${placeholders(DISPUTING_KINDS)}))
      ORDER BY a.attempt_no DESC LIMIT 1`,
    [billNo, payoutKey, ...DISPUTING_KINDS],
  );
  return row ? textOf(row.outcome) : null;
}

export function notManual(state: string): Rejected {
  return new Rejected('not_manual', '只有「人工处理」状态的发放，或结果被异常质疑的发放，才能人工定论', 409, { state });
}
