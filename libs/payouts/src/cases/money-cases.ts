import { Injectable } from '@nestjs/common';
import { Database, textOf, type Reader, type SqlValue } from '@app/database';
import { checkLimit, fenFromColumn, readCursor, Rejected, writeCursor, type Fen, type Page } from '@app/kernel';
import { payoutState, type PayoutState } from '../payout-state';
import { readTrails, type TrailLine } from './case-trail';
import { incidentKind } from './incident-kinds';
import { personOf, type Person } from './person';

export const CASE_STATES = ['open', 'working', 'closed'] as const;
/** `open`: nobody has taken it. `working`: it has an owner. `closed`: people or the end of its cause closed it. */
export type CaseState = (typeof CASE_STATES)[number];

/** An incident as the people who work on it see it. */
export interface MoneyCase {
  readonly id: number;
  readonly kind: string;
  readonly title: string;
  readonly state: CaseState;
  /** No new offer of its payout begins while it is not closed. */
  readonly freezes: boolean;
  readonly closedBy: 'one' | 'two';
  readonly detail: string;
  readonly owner: Person | null;
  readonly raisedAt: Date;
  readonly closedAt: Date | null;
  readonly payoutKey: string | null;
  readonly billNo: string | null;
  /** As the payout stands now; null where the case is about no single payout. */
  readonly payout: { readonly state: PayoutState; readonly amountFen: Fen; readonly memberId: number } | null;
  /** A closing that waits for its second person. */
  readonly pendingDecisionId: number | null;
}

export interface MoneyCaseDetail extends MoneyCase {
  /** Oldest first. */
  readonly trail: readonly TrailLine[];
}

export interface CaseQuestion {
  readonly limit: number;
  readonly cursor?: string | null | undefined;
  readonly kind?: string | undefined;
  /** Those that are not closed when absent. */
  readonly state?: CaseState | undefined;
  /** An operator's, or `none`: nobody's. */
  readonly owner?: number | 'none' | undefined;
  /** Raised at least so long ago. */
  readonly olderThanMinutes?: number | undefined;
}

/** What a badge shows. */
export interface CaseCounts {
  readonly open: number;
  readonly working: number;
  /** Working, owned by who asks. */
  readonly mine: number;
  /** Decisions that wait for a second person and that who asks may decide. */
  readonly toDecide: number;
  /** Not closed, by kind, the most first. */
  readonly byKind: readonly {
    readonly kind: string;
    readonly title: string;
    readonly count: number;
    readonly oldestAt: Date;
  }[];
}

const SELECT = `SELECT i.id, i.kind, i.detail, i.payout_key, i.bill_no, i.created_at, i.resolved_at, i.owner_id, o.name AS owner_name,
  p.state AS payout_state, p.amount_fen, p.member_id, d.id AS decision_id
  FROM payout_incidents i LEFT JOIN operators o ON o.id = i.owner_id LEFT JOIN payouts p ON p.payout_key = i.payout_key
  LEFT JOIN money_decisions d ON d.incident_id = i.id AND d.state = 'pending'`;

/** Cases for the console: those that are not closed oldest first, closed ones latest first. */
@Injectable()
export class MoneyCases {
  constructor(private readonly database: Database) {}

  async page(question: CaseQuestion): Promise<Page<MoneyCase>> {
    const limit = checkLimit(question.limit);
    const latestFirst = question.state === 'closed';
    const { where, values } = conditions(question);
    if (question.cursor) {
      where.push(latestFirst ? 'i.id < ?' : 'i.id > ?');
      values.push(idOf(question.cursor));
    }
    const rows = await this.database.query<CaseRow>(
      `${SELECT} WHERE ${where.join(' AND ')} ORDER BY i.id ${latestFirst ? 'DESC' : 'ASC'} LIMIT ?`,
      [...values, limit + 1],
    );
    const items = rows.slice(0, limit).map(caseOf);
    return { items, nextCursor: rows.length > limit ? writeCursor([items.at(-1)!.id]) : null };
  }

  /** Rejected `no_case` (404). */
  async one(id: number): Promise<MoneyCaseDetail> {
    const [row] = await this.database.query<CaseRow>(`${SELECT} WHERE i.id = ?`, [id]);
    if (!row) throw new Rejected('no_case', '没有这件事', 404);
    return { ...caseOf(row), trail: (await readTrails(this.database, [id])).get(id) ?? [] };
  }

  /** Every case of a payout, oldest first, with what was done. */
  async ofPayout(payoutKey: string, reader: Reader = this.database): Promise<MoneyCaseDetail[]> {
    const rows = await reader.query<CaseRow>(`${SELECT} WHERE i.payout_key = ? ORDER BY i.id LIMIT 100`, [payoutKey]);
    const cases = rows.map(caseOf);
    const trails = await readTrails(
      reader,
      cases.map(({ id }) => id),
    );
    return cases.map((each) => ({ ...each, trail: trails.get(each.id) ?? [] }));
  }

  async counts(viewerId: number): Promise<CaseCounts> {
    const rows = await this.database.query<{
      kind: Buffer;
      count: string;
      working: string;
      mine: string;
      oldest: Date;
    }>(
      `SELECT kind, COUNT(*) AS count, SUM(owner_id IS NOT NULL) AS working, SUM(owner_id <=> ?) AS mine, MIN(created_at) AS oldest
         FROM payout_incidents WHERE resolved_at IS NULL GROUP BY kind`,
      [viewerId],
    );
    const [pending] = await this.database.query<{ count: string }>(
      "SELECT COUNT(*) AS count FROM money_decisions WHERE state = 'pending' AND asked_by <> ?",
      [viewerId],
    );
    const byKind = rows.map(({ kind, count, oldest }) => ({
      ...{ kind: textOf(kind), title: incidentKind(textOf(kind))?.title ?? textOf(kind) },
      ...{ count: Number(count), oldestAt: oldest },
    }));
    const sum = (column: 'count' | 'working' | 'mine'): number =>
      rows.reduce((all, row) => all + Number(row[column]), 0);
    return {
      open: sum('count') - sum('working'),
      working: sum('working'),
      mine: sum('mine'),
      toDecide: Number(pending?.count ?? 0),
      byKind: byKind.sort((one, other) => other.count - one.count),
    };
  }
}

function conditions({ kind, state, owner, olderThanMinutes }: CaseQuestion): { where: string[]; values: SqlValue[] } {
  const where = [state === 'closed' ? 'i.resolved_at IS NOT NULL' : 'i.resolved_at IS NULL'];
  const values: SqlValue[] = [];
  if (state === 'open' || owner === 'none') where.push('i.owner_id IS NULL');
  if (state === 'working') where.push('i.owner_id IS NOT NULL');
  if (typeof owner === 'number') {
    where.push('i.owner_id = ?');
    values.push(owner);
  }
  if (kind !== undefined) {
    where.push('i.kind = ?');
    values.push(kind);
  }
  if (olderThanMinutes !== undefined) {
    where.push('i.created_at <= UTC_TIMESTAMP(6) - INTERVAL ? MINUTE');
    values.push(olderThanMinutes);
  }
  return { where, values };
}

interface CaseRow {
  id: string;
  kind: Buffer;
  detail: string;
  payout_key: Buffer | null;
  bill_no: Buffer | null;
  created_at: Date;
  resolved_at: Date | null;
  owner_id: number | null;
  owner_name: string | null;
  payout_state: Buffer | null;
  amount_fen: string | null;
  member_id: string | null;
  decision_id: number | null;
}

function caseOf(row: CaseRow): MoneyCase {
  const known = incidentKind(textOf(row.kind));
  return {
    id: Number(row.id),
    kind: textOf(row.kind),
    title: known?.title ?? textOf(row.kind),
    state: row.resolved_at !== null ? 'closed' : row.owner_id !== null ? 'working' : 'open',
    freezes: (known?.freezes ?? false) && row.resolved_at === null,
    closedBy: known?.closedBy ?? 'two',
    detail: row.detail,
    owner: personOf(row.owner_id, row.owner_name),
    raisedAt: row.created_at,
    closedAt: row.resolved_at,
    payoutKey: row.payout_key === null ? null : textOf(row.payout_key),
    billNo: row.bill_no === null ? null : textOf(row.bill_no),
    payout:
      row.payout_state === null
        ? null
        : {
            state: payoutState(textOf(row.payout_state)),
            amountFen: fenFromColumn(row.amount_fen),
            memberId: Number(row.member_id),
          },
    pendingDecisionId: row.decision_id,
  };
}

function idOf(cursor: string): number {
  const [id] = readCursor(cursor, 1);
  if (typeof id !== 'number') throw new Rejected('bad_cursor', '翻页标记无效，请从第一页重新开始', 400);
  return id;
}
