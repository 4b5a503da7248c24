import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { placeholders, textOf, type Tx } from '@app/database';
import { Defect, Rejected } from '@app/kernel';
import { assertTwoPeople } from '@app/staff';
import { asAccount, budgetPartOf } from './accounts';
import { GrantUses } from './grant-uses';
import { bookJournal, journal, type BudgetPart, type Leg } from './journal';

export interface CorrectionRequest {
  /** Sum 0; 2 to 20. What the legs of one budget move inside it must sum to 0 as well. */
  readonly legs: readonly { readonly account: string; readonly amountFen: number }[];
  readonly reason: string;
  /** Operator id of the author. */
  readonly requestedBy: number;
}

const MOST_LEGS = 20;
const LARGEST_LEG_FEN = 10_000_000_000;
const REASON_CHARS = 500;

interface Pending {
  readonly status: string;
  readonly requestedBy: number;
  readonly legs: readonly Leg[];
  readonly reason: string;
}

/**
 * Movements that nothing else books: two people put the ledger right, with a reason. What was settled follows from payouts alone and
 * money of a budget from grants alone, so neither can be made here. Money of a budget can be taken away again, when it is available: it leaves
 * the grants that were approved last, which count it as returned.
 */
@Injectable()
export class Corrections {
  constructor(private readonly uses: GrantUses) {}

  /** Returns the id of a correction that moves nothing until a second person approves it. */
  async request(tx: Tx, request: CorrectionRequest): Promise<number> {
    const legs = checkedLegs(request.legs);
    await this.refuseUnknownBudgets(tx, legs);
    const reason = checkedReason(request.reason);
    const text = JSON.stringify(legs);
    const { insertId } = await tx.execute(
      `INSERT INTO ledger_corrections (legs, content_hash, reason, requested_by, created_at)
       VALUES (?, ?, ?, ?, UTC_TIMESTAMP(6))`,
      [text, createHash('sha256').update(`${text}\n${reason}`).digest(), reason, request.requestedBy],
    );
    return insertId;
  }

  /** The second person's yes books it. Approving again is `already`. Rejected: `no_such_correction`, `same_person`, `closed`, `budget_short`. */
  async approve(tx: Tx, { id, by }: { id: number; by: number }): Promise<'approved' | 'already'> {
    const { status, requestedBy, legs, reason } = await this.lock(tx, id);
    if (requestedBy === by) throw new Rejected('same_person', '申请人不能审批自己的调账', 403);
    if (status === 'approved') return 'already';
    if (status !== 'requested') throw new Rejected('closed', '这笔调账已经结束', 409);
    await assertTwoPeople(tx, requestedBy, by);
    await this.decide(tx, { id, by, status: 'approved', note: null });
    await bookJournal(tx, journal({ key: `correction:${id}`, kind: 'correction', legs, memo: reason }));
    for (const [budgetId, { granted }] of inOrder(budgetChanges(legs))) {
      if (granted > 0) await this.uses.takeAway(tx, budgetId, granted);
    }
    await this.moveBudgets(tx, legs);
    return 'approved';
  }

  /** The second person's no, with its reason. */
  async reject(tx: Tx, { id, by, note }: { id: number; by: number; note: string }): Promise<void> {
    const { status, requestedBy } = await this.lock(tx, id);
    if (requestedBy === by) throw new Rejected('same_person', '自己申请的请用「撤回」', 403);
    if (status !== 'requested') throw new Rejected('closed', '这笔调账已经结束', 409);
    await this.decide(tx, { id, by, status: 'rejected', note: checkedReason(note) });
  }

  /** The author takes it back. */
  async withdraw(tx: Tx, { id, by }: { id: number; by: number }): Promise<void> {
    const { status, requestedBy } = await this.lock(tx, id);
    if (requestedBy !== by) throw new Rejected('not_yours', '只有申请人可以撤回', 403);
    if (status !== 'requested') throw new Rejected('closed', '这笔调账已经结束', 409);
    await this.decide(tx, { id, by, status: 'withdrawn', note: null });
  }

  private async lock(tx: Tx, id: number): Promise<Pending> {
    const [row] = await tx.query<{
      legs: string;
      content_hash: Buffer;
      reason: string;
      status: Buffer;
      requested_by: number;
    }>('SELECT legs, content_hash, reason, status, requested_by FROM ledger_corrections WHERE id = ? FOR UPDATE', [id]);
    if (!row) throw new Rejected('no_such_correction', '没有这笔调账', 404);
    const hash = createHash('sha256').update(`${row.legs}\n${row.reason}`).digest();
    if (!hash.equals(row.content_hash)) throw new Defect(`correction ${id} is not what was asked for`);
    const legs = JSON.parse(row.legs) as Leg[];
    return { status: textOf(row.status), requestedBy: row.requested_by, legs, reason: row.reason };
  }

  private async decide(
    tx: Tx,
    { id, by, status, note }: { id: number; by: number; status: string; note: string | null },
  ): Promise<void> {
    const { affectedRows } = await tx.execute(
      `UPDATE ledger_corrections SET status = ?, decided_by = ?, decided_at = UTC_TIMESTAMP(6), note = ?
        WHERE id = ? AND status = 'requested'`,
      [status, by, note, id],
    );
    if (affectedRows !== 1) throw new Defect('a locked correction changed');
  }

  private async refuseUnknownBudgets(tx: Tx, legs: readonly Leg[]): Promise<void> {
    const ids = [...budgetChanges(legs).keys()];
    if (ids.length === 0) return;
    const rows = await tx.query(`SELECT id FROM budgets WHERE id IN (${placeholders(ids)})`, ids);
    if (rows.length !== ids.length) throw new Rejected('no_such_budget', '没有这个预算', 404);
  }

  private async moveBudgets(tx: Tx, legs: readonly Leg[]): Promise<void> {
    for (const [budgetId, change] of inOrder(budgetChanges(legs))) {
      const { granted, available, reserved } = change;
      const { affectedRows } = await tx.execute(
        `UPDATE budgets SET granted_fen = granted_fen + ?, available_fen = available_fen + ?, reserved_fen = reserved_fen + ?
          WHERE id = ? AND available_fen + ? >= 0 AND reserved_fen + ? >= 0`,
        [-granted, available, reserved, budgetId, available, reserved],
      );
      if (affectedRows !== 1) throw new Rejected('budget_short', `预算 ${budgetId} 的余额不够这次调账`, 409);
    }
  }
}

type Change = Record<Exclude<BudgetPart, 'settled'>, number>;

/** What the legs do to each budget. */
function budgetChanges(legs: readonly Leg[]): ReadonlyMap<number, Change> {
  const changes = new Map<number, Change>();
  for (const { account, amountFen } of legs) {
    const of = budgetPartOf(account);
    if (!of || of.part === 'settled') continue;
    const change = changes.get(of.budgetId) ?? { granted: 0, available: 0, reserved: 0 };
    change[of.part] += amountFen;
    changes.set(of.budgetId, change);
  }
  return changes;
}

/** Rows are always locked in the order of their ids. */
function inOrder(changes: ReadonlyMap<number, Change>): [number, Change][] {
  return [...changes].sort(([one], [other]) => one - other);
}

function checkedLegs(wanted: CorrectionRequest['legs']): Leg[] {
  if (wanted.length < 2 || wanted.length > MOST_LEGS) throw bad(`分录须为 2 至 ${MOST_LEGS} 条`);
  const legs = wanted.map(({ account, amountFen }): Leg => {
    const known = asAccount(account);
    if (!known) throw bad(`没有这个账户：${account.slice(0, 64)}`);
    if (!Number.isSafeInteger(amountFen) || amountFen === 0 || Math.abs(amountFen) > LARGEST_LEG_FEN) {
      throw bad('每条分录须为非零的整数分，不超过 1 亿元');
    }
    return { account: known, amountFen };
  });
  if (new Set(legs.map(({ account }) => account)).size !== legs.length) throw bad('同一账户只能出现一次');
  if (legs.reduce((sum, { amountFen }) => sum + amountFen, 0) !== 0) throw bad('分录合计须为 0');
  for (const { account, amountFen } of legs) {
    const part = budgetPartOf(account)?.part;
    if (part === 'settled') throw bad('已发放金额只能由发放与退款变动');
    if (part === 'granted' && amountFen < 0) throw bad('增加预算请走费用申请');
  }
  for (const { granted, available, reserved } of budgetChanges(legs).values()) {
    if (granted + available + reserved !== 0) throw bad('同一预算内的分录合计须为 0');
  }
  return legs;
}

function checkedReason(reason: string): string {
  const text = reason.trim();
  if (text === '' || text.length > REASON_CHARS)
    throw new Rejected('bad_reason', `原因须为 1 至 ${REASON_CHARS} 个字`, 422);
  return text;
}

function bad(message: string): Rejected {
  return new Rejected('bad_legs', message, 422);
}
