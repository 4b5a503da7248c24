import { Injectable } from '@nestjs/common';
import { isDuplicate, textOf, type Tx } from '@app/database';
import { Defect, fenFromColumn, Rejected } from '@app/kernel';
import { assertTwoPeople } from '@app/staff';
import { bookJournal, journal, movement } from './journal';

export const GRANT_STATES = ['requested', 'approved', 'rejected', 'withdrawn'] as const;
export type GrantState = (typeof GRANT_STATES)[number];
export const BEARERS = ['hq', 'distributor', 'shared'] as const;
export type Bearer = (typeof BEARERS)[number];

/** 费用申请: what a grant of money must carry. */
export interface GrantRequest {
  readonly budgetId: number;
  readonly amountFen: number;
  /** 费用申请单号, unique per budget: the same request again is the same grant. */
  readonly applicationNo: string;
  /** 费用科目 */
  readonly expenseAccount: string;
  /** 成本中心 */
  readonly costCenter: string;
  readonly bearer: Bearer;
  /** Operator id of the author. */
  readonly requestedBy: number;
}

/** 100 million yuan: above it somebody mistyped. */
const LARGEST_GRANT_FEN = 10_000_000_000;
const MAX_CHARS = 64;
const MAX_NOTE = 200;

@Injectable()
export class CreateBudget {
  /** Returns the id of a budget with no money in it. */
  async run(tx: Tx, { name }: { name: string }): Promise<number> {
    if (name.trim() === '' || name.length > MAX_CHARS) throw new Rejected('bad_name', '预算名称须为 1 至 64 个字');
    const { insertId } = await tx.execute('INSERT INTO budgets (name, created_at) VALUES (?, UTC_TIMESTAMP(6))', [
      name.trim(),
    ]);
    return insertId;
  }
}

@Injectable()
export class RequestGrant {
  /** Returns the id of the grant, which gives nothing until a second person approves it. */
  async run(tx: Tx, request: GrantRequest): Promise<number> {
    refuseBadGrant(request);
    const [budget] = await tx.query('SELECT id FROM budgets WHERE id = ?', [request.budgetId]);
    if (!budget) throw new Rejected('no_such_budget', '没有这个预算', 404);
    try {
      const { insertId } = await tx.execute(
        `INSERT INTO budget_grants (budget_id, amount_fen, application_no, expense_account, cost_center, bearer, requested_by, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6))`,
        [
          request.budgetId,
          request.amountFen,
          request.applicationNo,
          request.expenseAccount,
          request.costCenter,
          request.bearer,
          request.requestedBy,
        ],
      );
      return insertId;
    } catch (error) {
      if (!isDuplicate(error, 'uq_budget_grants_application')) throw error;
      return this.known(tx, request);
    }
  }

  private async known(tx: Tx, { budgetId, applicationNo, amountFen }: GrantRequest): Promise<number> {
    const [row] = await tx.query<{ id: number; amount_fen: string }>(
      'SELECT id, amount_fen FROM budget_grants WHERE budget_id = ? AND application_no = ?',
      [budgetId, applicationNo],
    );
    if (!row) throw new Defect('a duplicate grant that is not there');
    if (fenFromColumn(row.amount_fen) !== amountFen) {
      throw new Rejected('application_no_taken', '该费用申请单号已用于另一笔金额', 409);
    }
    return row.id;
  }
}

@Injectable()
export class ApproveGrant {
  /** The second person's yes: books the grant and makes its fen available. Approving again is `already`; a closed one is refused. */
  async run(tx: Tx, { grantId, approvedBy }: { grantId: number; approvedBy: number }): Promise<'approved' | 'already'> {
    const [grant] = await tx.query<{ budget_id: number; amount_fen: string; status: Buffer; requested_by: number }>(
      'SELECT budget_id, amount_fen, status, requested_by FROM budget_grants WHERE id = ? FOR UPDATE',
      [grantId],
    );
    if (!grant) throw new Rejected('no_such_grant', '没有这笔费用申请', 404);
    if (grant.requested_by === approvedBy) throw new Rejected('same_person', '申请人不能审批自己的申请', 403);
    if (textOf(grant.status) === 'approved') return 'already';
    if (textOf(grant.status) !== 'requested') throw new Rejected('closed', '这笔费用申请已经结束', 409);
    await assertTwoPeople(tx, grant.requested_by, approvedBy);
    const amount = fenFromColumn(grant.amount_fen);
    await tx.execute(
      "UPDATE budget_grants SET status = 'approved', approved_by = ?, approved_at = UTC_TIMESTAMP(6) WHERE id = ?",
      [approvedBy, grantId],
    );
    const legs = movement(grant.budget_id, 'granted', 'available', amount);
    await bookJournal(tx, journal({ key: `grant:${grantId}`, kind: 'grant', legs }));
    await tx.execute(
      'UPDATE budgets SET granted_fen = granted_fen + ?, available_fen = available_fen + ? WHERE id = ?',
      [amount, amount, grant.budget_id],
    );
    return 'approved';
  }
}

export interface GrantDecision {
  readonly grantId: number;
  readonly by: number;
  readonly note: string;
}

/** Ends a request for money that was not approved yet; it gives nothing, and its 费用申请单号 stays taken. */
abstract class CloseGrant {
  protected abstract readonly status: 'rejected' | 'withdrawn';
  protected abstract check(requestedBy: number, by: number): void;

  async run(tx: Tx, { grantId, by, note }: GrantDecision): Promise<void> {
    const text = note.trim();
    if (text === '' || text.length > MAX_NOTE) throw new Rejected('bad_note', `原因须为 1 至 ${MAX_NOTE} 个字`, 422);
    const [grant] = await tx.query<{ status: Buffer; requested_by: number }>(
      'SELECT status, requested_by FROM budget_grants WHERE id = ? FOR UPDATE',
      [grantId],
    );
    if (!grant) throw new Rejected('no_such_grant', '没有这笔费用申请', 404);
    this.check(grant.requested_by, by);
    if (textOf(grant.status) !== 'requested') throw new Rejected('closed', '这笔费用申请已经结束', 409);
    await tx.execute(
      "UPDATE budget_grants SET status = ?, decided_by = ?, decided_at = UTC_TIMESTAMP(6), note = ? WHERE id = ? AND status = 'requested'",
      [this.status, by, text, grantId],
    );
  }
}

/** The second person's no, with its reason. */
@Injectable()
export class RejectGrant extends CloseGrant {
  protected readonly status = 'rejected';

  protected check(requestedBy: number, by: number): void {
    if (requestedBy === by) throw new Rejected('same_person', '自己申请的请用「撤回」', 403);
  }
}

/** The author takes it back. */
@Injectable()
export class WithdrawGrant extends CloseGrant {
  protected readonly status = 'withdrawn';

  protected check(requestedBy: number, by: number): void {
    if (requestedBy !== by) throw new Rejected('not_yours', '只有申请人可以撤回', 403);
  }
}

function refuseBadGrant(request: GrantRequest): void {
  const { amountFen } = request;
  if (!Number.isSafeInteger(amountFen) || amountFen <= 0 || amountFen > LARGEST_GRANT_FEN) {
    throw new Rejected('bad_amount', '金额须为 1 分至 1 亿元的整数分', 422);
  }
  for (const field of ['applicationNo', 'expenseAccount', 'costCenter'] as const) {
    const text = request[field];
    if (text.trim() === '' || text.length > MAX_CHARS)
      throw new Rejected('bad_field', `${field} 须为 1 至 64 个字`, 422, { field });
  }
  if (!BEARERS.includes(request.bearer)) throw new Rejected('bad_field', '承担方不正确', 422, { field: 'bearer' });
}
