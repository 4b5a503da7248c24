import { isDuplicate, textOf, type Reader, type Tx } from '@app/database';
import { Defect, Rejected } from '@app/kernel';
import {
  contentHash,
  pendingKey,
  type DecisionContent,
  type DecisionKind,
  type DecisionState,
  type Position,
} from './money-decision';

/** A decision as it is stored. */
export interface StoredDecision extends DecisionContent {
  readonly id: number;
  readonly state: DecisionState;
  /** 64 hex characters, as stored. */
  readonly contentHash: string;
}

interface Row {
  id: number;
  kind: Buffer;
  payout_key: Buffer | null;
  incident_id: string | null;
  content_hash: Buffer;
  revision: number;
  bill_no: Buffer | null;
  offer_no: number | null;
  move_no: number | null;
  amount_fen: string | null;
  reason: string;
  evidence: string;
  state: Buffer;
  asked_by: number;
}

const COLUMNS = `id, kind, payout_key, incident_id, content_hash, revision, bill_no, offer_no, move_no, amount_fen, reason, evidence,
  state, asked_by`;

/** Rejected `already_asked` (409) when one about the same is pending: the unique key says so. */
export async function insertDecision(
  tx: Tx,
  wanted: Omit<DecisionContent, 'revision'>,
): Promise<{ id: number; contentHash: string }> {
  const content: DecisionContent = { ...wanted, revision: 1 };
  const hash = contentHash(content);
  const { kind, payoutKey, incidentId, position, reason, evidence, askedBy } = content;
  try {
    const { insertId } = await tx.execute(
      `INSERT INTO money_decisions (kind, payout_key, incident_id, pending_key, content_hash, bill_no, offer_no, move_no, amount_fen,
         reason, evidence, asked_by, asked_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6))`,
      [
        ...[kind, payoutKey, incidentId, pendingKey(content), Buffer.from(hash, 'hex')],
        ...[position?.billNo ?? null, position?.offerNo ?? null, position?.moveNo ?? null, position?.amountFen ?? null],
        ...[reason, evidence, askedBy],
      ],
    );
    return { id: insertId, contentHash: hash };
  } catch (error) {
    if (!isDuplicate(error, 'uq_money_decisions_pending')) throw error;
    throw new Rejected('already_asked', '已有一份申请在等第二个人', 409);
  }
}

/** Rejected `no_decision` (404). Throws Defect when the row is not what its hash says. */
export async function readDecision(reader: Reader, id: number, lock = false): Promise<StoredDecision> {
  const [row] = await reader.query<Row>(
    `SELECT ${COLUMNS} FROM money_decisions WHERE id = ?${lock ? ' FOR UPDATE' : ''}`,
    [id],
  );
  if (!row) throw new Rejected('no_decision', '没有这份申请', 404);
  const decision = decisionOf(row);
  if (contentHash(decision) !== decision.contentHash) throw new Defect(`decision ${id} was changed behind its hash`);
  return decision;
}

/** Other words: the next revision with the next hash. */
export async function reviseDecision(
  tx: Tx,
  before: StoredDecision,
  words: { reason: string; evidence: string },
): Promise<string> {
  const hash = contentHash({ ...before, ...words, revision: before.revision + 1 });
  const { affectedRows } = await tx.execute(
    `UPDATE money_decisions SET reason = ?, evidence = ?, revision = ?, content_hash = ?
      WHERE id = ? AND state = 'pending' AND content_hash = ?`,
    [
      ...[words.reason, words.evidence, before.revision + 1, Buffer.from(hash, 'hex')],
      ...[before.id, Buffer.from(before.contentHash, 'hex')],
    ],
  );
  if (affectedRows !== 1) throw alreadyDecided();
  return hash;
}

/** Ends what is pending, under exactly this hash. Rejected `already_decided` (409). */
export async function endDecision(
  tx: Tx,
  decision: StoredDecision,
  end: { readonly state: Exclude<DecisionState, 'pending'>; readonly by: number; readonly note: string },
): Promise<void> {
  const { affectedRows } = await tx.execute(
    `UPDATE money_decisions SET state = ?, pending_key = NULL, decided_by = ?, decided_at = UTC_TIMESTAMP(6), decision_note = ?
      WHERE id = ? AND state = 'pending' AND content_hash = ?`,
    [end.state, end.by, end.note, decision.id, Buffer.from(decision.contentHash, 'hex')],
  );
  if (affectedRows !== 1) throw alreadyDecided();
}

export function alreadyDecided(): Rejected {
  return new Rejected('already_decided', '这份申请已经有结论', 409);
}

function decisionOf(row: Row): StoredDecision {
  return {
    id: row.id,
    kind: textOf(row.kind) as DecisionKind,
    payoutKey: row.payout_key === null ? null : textOf(row.payout_key),
    incidentId: row.incident_id === null ? null : Number(row.incident_id),
    position: positionOf(row),
    reason: row.reason,
    evidence: row.evidence,
    askedBy: row.asked_by,
    revision: row.revision,
    state: textOf(row.state) as DecisionState,
    contentHash: row.content_hash.toString('hex'),
  };
}

function positionOf({ bill_no, offer_no, move_no, amount_fen }: Row): Position | null {
  if (offer_no === null || move_no === null || amount_fen === null) return null;
  return {
    billNo: bill_no === null ? null : textOf(bill_no),
    offerNo: offer_no,
    moveNo: move_no,
    amountFen: Number(amount_fen),
  };
}
