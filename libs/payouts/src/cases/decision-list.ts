import { Injectable } from '@nestjs/common';
import { Database, textOf, type Reader } from '@app/database';
import { checkLimit, fenFromColumn, readCursor, Rejected, writeCursor, type Fen, type Page } from '@app/kernel';
import { payoutState, type PayoutState } from '../payout-state';
import { incidentKind } from './incident-kinds';
import type { DecisionKind, DecisionState } from './money-decision';
import { personOf, type Person } from './person';

/** What one person asked and another decides, as people read it. */
export interface DecisionView {
  readonly id: number;
  readonly kind: DecisionKind;
  readonly state: DecisionState;
  /** What a yes must name: 64 hex characters. */
  readonly contentHash: string;
  readonly revision: number;
  readonly payoutKey: string | null;
  readonly caseId: number | null;
  /** Of the case that is to be closed. */
  readonly caseTitle: string | null;
  readonly billNo: string | null;
  readonly offerNo: number | null;
  readonly amountFen: Fen | null;
  /** Where the payout stands now; null where there is none. */
  readonly payoutState: PayoutState | null;
  /** The payout moved since: it can only be withdrawn or refused. */
  readonly outdated: boolean;
  readonly reason: string;
  readonly evidence: string;
  readonly askedBy: Person;
  readonly askedAt: Date;
  readonly decidedBy: Person | null;
  readonly decidedAt: Date | null;
  readonly decisionNote: string | null;
}

interface Row {
  id: number;
  kind: Buffer;
  state: Buffer;
  content_hash: Buffer;
  revision: number;
  payout_key: Buffer | null;
  incident_id: string | null;
  incident_kind: Buffer | null;
  bill_no: Buffer | null;
  offer_no: number | null;
  move_no: number | null;
  amount_fen: string | null;
  payout_state: Buffer | null;
  payout_move: number | null;
  reason: string;
  evidence: string;
  asked_by: number;
  asked_name: string | null;
  asked_at: Date;
  decided_by: number | null;
  decided_name: string | null;
  decided_at: Date | null;
  decision_note: string | null;
}

const SELECT = `SELECT d.id, d.kind, d.state, d.content_hash, d.revision, d.payout_key, d.incident_id, i.kind AS incident_kind, d.bill_no,
  d.offer_no, d.move_no, d.amount_fen, p.state AS payout_state, p.move_no AS payout_move, d.reason, d.evidence, d.asked_by,
  a.name AS asked_name, d.asked_at, d.decided_by, b.name AS decided_name, d.decided_at, d.decision_note
  FROM money_decisions d LEFT JOIN payouts p ON p.payout_key = d.payout_key LEFT JOIN payout_incidents i ON i.id = d.incident_id
  LEFT JOIN operators a ON a.id = d.asked_by LEFT JOIN operators b ON b.id = d.decided_by`;

/** Decisions of one state, those that are pending oldest first, the others latest first. */
@Injectable()
export class DecisionList {
  constructor(private readonly database: Database) {}

  async page(query: {
    limit: number;
    cursor?: string | null | undefined;
    state?: DecisionState | undefined;
  }): Promise<Page<DecisionView>> {
    const limit = checkLimit(query.limit);
    const state = query.state ?? 'pending';
    const [compare, order] = state === 'pending' ? ['>', 'ASC'] : ['<', 'DESC'];
    const from = query.cursor ? idOf(query.cursor) : state === 'pending' ? 0 : 2 ** 32;
    const rows = await this.database.query<Row>(
      `${SELECT} WHERE d.state = ? AND d.id ${compare} ? ORDER BY d.id ${order} LIMIT ?`,
      [state, from, limit + 1],
    );
    const items = rows.slice(0, limit).map(viewOf);
    return { items, nextCursor: rows.length > limit ? writeCursor([items.at(-1)!.id]) : null };
  }

  /** Rejected `no_decision` (404). */
  async one(id: number): Promise<DecisionView> {
    const [row] = await this.database.query<Row>(`${SELECT} WHERE d.id = ?`, [id]);
    if (!row) throw new Rejected('no_decision', '没有这份申请', 404);
    return viewOf(row);
  }

  /** Every decision about a payout and its cases, oldest first, at most 100. */
  async ofPayout(payoutKey: string, reader: Reader = this.database): Promise<DecisionView[]> {
    const rows = await reader.query<Row>(`${SELECT} WHERE d.payout_key = ? ORDER BY d.id LIMIT 100`, [payoutKey]);
    return rows.map(viewOf);
  }
}

function viewOf(row: Row): DecisionView {
  const state = textOf(row.state) as DecisionState;
  const caseKind = row.incident_kind === null ? null : textOf(row.incident_kind);
  return {
    ...{ id: row.id, kind: textOf(row.kind) as DecisionKind, state, revision: row.revision },
    contentHash: row.content_hash.toString('hex'),
    payoutKey: row.payout_key === null ? null : textOf(row.payout_key),
    caseId: row.incident_id === null ? null : Number(row.incident_id),
    caseTitle: caseKind === null ? null : (incidentKind(caseKind)?.title ?? caseKind),
    billNo: row.bill_no === null ? null : textOf(row.bill_no),
    offerNo: row.offer_no,
    amountFen: row.amount_fen === null ? null : fenFromColumn(row.amount_fen),
    payoutState: row.payout_state === null ? null : payoutState(textOf(row.payout_state)),
    outdated: state === 'pending' && isOutdated(row),
    ...{ reason: row.reason, evidence: row.evidence, decisionNote: row.decision_note },
    askedBy: { id: row.asked_by, name: row.asked_name ?? '' },
    askedAt: row.asked_at,
    decidedBy: personOf(row.decided_by, row.decided_name),
    decidedAt: row.decided_at,
  };
}

function isOutdated(row: Row): boolean {
  if (textOf(row.kind) === 'close') return false;
  // Every change of its state is a move: where it stands when somebody asks can be decided.
  return row.payout_move !== row.move_no || row.payout_state === null;
}

function idOf(cursor: string): number {
  const [id] = readCursor(cursor, 1);
  if (typeof id !== 'number') throw new Rejected('bad_cursor', '翻页标记无效，请从第一页重新开始', 400);
  return id;
}
