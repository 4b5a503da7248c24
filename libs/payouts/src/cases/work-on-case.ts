import { Injectable } from '@nestjs/common';
import { textOf, UnitOfWork, type Tx } from '@app/database';
import { Rejected } from '@app/kernel';
import { AuditLog } from '@app/staff';
import { PayoutsRepository } from '../driving/payouts.repository';
import type { Payout } from '../payout';
import { appendTrail, assertRoom } from './case-trail';
import { Incidents } from './incidents';
import { incidentKind } from './incident-kinds';
import { insertDecision } from './money-decisions.repository';
import { assertHeadquarters } from './person';

/** A case with its row, and its payout's, locked. */
export interface LockedCase {
  readonly id: number;
  readonly billNo: string | null;
  readonly kind: string;
  readonly ownerId: number | null;
  readonly payout: Payout | null;
}

/** Gives a case to somebody, and writes down what people found out about it. */
@Injectable()
export class WorkOnCase {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * `ownerId` null gives it back. Taking for oneself what a colleague has needs `takeOver`. Rejected `no_case` (404), `case_closed`,
   * `owned_by_other` (409), `no_operator` (422).
   */
  assign(wish: {
    readonly caseId: number;
    readonly by: number;
    readonly ownerId: number | null;
    readonly takeOver?: boolean;
    readonly note?: string;
  }): Promise<void> {
    const { caseId, by, ownerId, takeOver = false, note = '' } = wish;
    return this.unitOfWork.run(async (tx) => {
      const found = await lockIncident(tx, caseId);
      await assertRoom(tx, caseId);
      if (ownerId !== null) await assertHeadquarters(tx, ownerId);
      if (ownerId === by && found.ownerId !== null && found.ownerId !== by && !takeOver) {
        throw new Rejected('owned_by_other', '同事正在处理这件事，如需接手请确认', 409, { ownerId: found.ownerId });
      }
      await tx.execute('UPDATE payout_incidents SET owner_id = ? WHERE id = ?', [ownerId, caseId]);
      await appendTrail(tx, { incidentId: caseId, actorId: by, act: 'assigned', ownerId, note });
    });
  }

  /** Rejected `no_case` (404), `case_full` (409). A closed case still takes notes. */
  note({ caseId, by, text }: { caseId: number; by: number; text: string }): Promise<void> {
    return this.unitOfWork.run(async (tx) => {
      const [row] = await tx.query('SELECT id FROM payout_incidents WHERE id = ? FOR UPDATE', [caseId]);
      if (!row) throw noCase();
      await assertRoom(tx, caseId);
      await appendTrail(tx, { incidentId: caseId, actorId: by, act: 'noted', note: text });
    });
  }
}

/** `asked`: a second person must say yes to exactly this. */
export type CaseClosing =
  | { readonly outcome: 'closed'; readonly decisionId: null; readonly contentHash: null }
  | { readonly outcome: 'asked'; readonly decisionId: number; readonly contentHash: string };

/** Ends a case. One that freezes money, or accepts that fen are elsewhere than our books say, is only asked for here (I27). */
@Injectable()
export class CloseCase {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly payouts: PayoutsRepository,
    private readonly incidents: Incidents,
    private readonly audit: AuditLog,
  ) {}

  /** Rejected `no_case` (404), `case_closed`, `payout_undecided` (its payout is MANUAL: decide that first), `already_asked` (409). */
  run({ caseId, by, reason }: { caseId: number; by: number; reason: string }): Promise<CaseClosing> {
    return this.unitOfWork.run(async (tx) => {
      const found = await lockCase(tx, this.payouts, caseId);
      if (found.payout?.state === 'MANUAL') {
        throw new Rejected('payout_undecided', '这笔发放还在等人工结论，请先做人工到账或人工失败', 409);
      }
      const closing: CaseClosing =
        incidentKind(found.kind)?.closedBy === 'one'
          ? await this.closeNow(tx, found, by, reason)
          : await this.ask(tx, found, by, reason);
      await this.audit.append(tx, {
        ...{ actorId: by, act: closing.outcome === 'closed' ? 'payouts.close-case' : 'payouts.ask-close-case' },
        ...{ object: `case:${caseId}`, reason },
        after: { kind: found.kind, payoutKey: found.payout?.payoutKey ?? null, decisionId: closing.decisionId },
      });
      return closing;
    });
  }

  private async closeNow(tx: Tx, { id }: LockedCase, by: number, reason: string): Promise<CaseClosing> {
    if (!(await this.incidents.close(tx, id))) throw caseClosed();
    await appendTrail(tx, { incidentId: id, actorId: by, act: 'closed', note: reason });
    return { outcome: 'closed', decisionId: null, contentHash: null };
  }

  private async ask(tx: Tx, { id, payout }: LockedCase, by: number, reason: string): Promise<CaseClosing> {
    const decision = await insertDecision(tx, {
      ...{ kind: 'close', incidentId: id, payoutKey: payout?.payoutKey ?? null, askedBy: by, reason, evidence: '' },
      position: payout && {
        billNo: payout.billNo,
        offerNo: payout.offerNo,
        moveNo: payout.moveNo,
        amountFen: payout.amountFen,
      },
    });
    await appendTrail(tx, { incidentId: id, actorId: by, act: 'close_asked', decisionId: decision.id, note: reason });
    return { outcome: 'asked', decisionId: decision.id, contentHash: decision.contentHash };
  }
}

/** The payout first, as everywhere. Rejected `no_case` (404), `case_closed` (409). */
export async function lockCase(tx: Tx, payouts: PayoutsRepository, caseId: number): Promise<LockedCase> {
  const [subject] = await tx.query<{ payout_key: Buffer | null }>(
    'SELECT payout_key FROM payout_incidents WHERE id = ?',
    [caseId],
  );
  if (!subject) throw noCase();
  const payout = subject.payout_key === null ? null : await payouts.lock(tx, textOf(subject.payout_key));
  return { ...(await lockIncident(tx, caseId)), payout };
}

async function lockIncident(tx: Tx, caseId: number): Promise<Omit<LockedCase, 'payout'>> {
  const [row] = await tx.query<{
    kind: Buffer;
    bill_no: Buffer | null;
    owner_id: number | null;
    resolved_at: Date | null;
  }>('SELECT kind, bill_no, owner_id, resolved_at FROM payout_incidents WHERE id = ? FOR UPDATE', [caseId]);
  if (!row) throw noCase();
  if (row.resolved_at !== null) throw caseClosed();
  const billNo = row.bill_no === null ? null : textOf(row.bill_no);
  return { id: caseId, billNo, kind: textOf(row.kind), ownerId: row.owner_id };
}

function noCase(): Rejected {
  return new Rejected('no_case', '没有这件事', 404);
}

function caseClosed(): Rejected {
  return new Rejected('case_closed', '这件事已经关闭', 409);
}
