import { Injectable } from '@nestjs/common';
import { UnitOfWork, type Tx } from '@app/database';
import { Defect, Rejected } from '@app/kernel';
import { assertTwoPeople, AuditLog } from '@app/staff';
import { PayoutsRepository } from '../driving/payouts.repository';
import { RecoveryState } from '../driving/recovery-state';
import type { Payout } from '../payout';
import { subjectOf } from './ask-decision';
import { CarryOutDecision } from './carry-out-decision';
import { appendTrail } from './case-trail';
import { assertDecidable } from './disputes';
import { Incidents } from './incidents';
import { incidentKind } from './incident-kinds';
import { alreadyDecided, endDecision, readDecision, type StoredDecision } from './money-decisions.repository';

export interface DecisionVote {
  readonly decisionId: number;
  readonly by: number;
  /** Of what this person read: 64 hex characters. */
  readonly contentHash: string;
  readonly note: string;
}

/** `state` of the payout afterwards; null where a case was closed. */
export interface Decided {
  readonly decisionId: number;
  readonly state: 'SETTLED' | 'FAILED' | 'REFUNDED' | null;
}

/** The second person's part: the yes or no to exactly what the first one wrote. Money, trail and audit in one transaction (I27, I28). */
@Injectable()
export class DecideMoney {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly payouts: PayoutsRepository,
    private readonly incidents: Incidents,
    private readonly result: CarryOutDecision,
    private readonly recovery: RecoveryState,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Rejected: `no_decision` (404), `same_person`, `same_hand` (403), `already_decided`, `changed` (the words are others than this person read),
   * `not_manual`, `not_disputed`, `later_offer` (nothing for people to decide), `outdated` (the payout moved since), `shows_success` (an
   * answer of WeChat we hold says success), `budget_short` (what was released is spent), `case_closed` (409).
   */
  approve(vote: DecisionVote): Promise<Decided> {
    return this.unitOfWork.run(async (tx) => {
      const subject = await readDecision(tx, vote.decisionId);
      const payout = subject.payoutKey === null ? null : await this.payouts.lock(tx, subject.payoutKey);
      const decision = await this.lockPending(tx, vote);
      await assertTwoPeople(tx, decision.askedBy, vote.by);
      if (decision.contentHash !== vote.contentHash) {
        throw new Rejected('changed', '申请在您查看之后改过，请重新查看', 409, { contentHash: decision.contentHash });
      }
      await endDecision(tx, decision, { state: 'approved', by: vote.by, note: vote.note });
      const state = await this.carryOut(tx, decision, payout, vote);
      await this.audit.append(tx, {
        ...{ actorId: vote.by, act: `payouts.approve-${decision.kind}`, object: subjectOf(decision) },
        ...{ before: { state: payout?.state ?? null }, reason: decision.reason },
        after: { decisionId: decision.id, askedBy: decision.askedBy, contentHash: decision.contentHash, state },
      });
      return { decisionId: decision.id, state };
    });
  }

  /** Rejected `no_decision` (404), `same_person` (403, withdraw it instead), `already_decided` (409). */
  refuse({ decisionId, by, reason }: { decisionId: number; by: number; reason: string }): Promise<void> {
    return this.unitOfWork.run(async (tx) => {
      const decision = await this.lockPending(tx, { decisionId, by });
      await endDecision(tx, decision, { state: 'refused', by, note: reason });
      const { incidentId } = decision;
      if (incidentId !== null) {
        await appendTrail(tx, {
          ...{ incidentId, actorId: by, act: 'close_refused' },
          ...{ decisionId, note: reason },
        });
      }
      await this.audit.append(tx, {
        ...{ actorId: by, act: 'payouts.refuse-decision', object: subjectOf(decision), reason },
        after: { decisionId, kind: decision.kind, askedBy: decision.askedBy },
      });
    });
  }

  private async lockPending(tx: Tx, { decisionId, by }: { decisionId: number; by: number }): Promise<StoredDecision> {
    const decision = await readDecision(tx, decisionId, true);
    if (decision.askedBy === by) throw new Rejected('same_person', '申请人不能审批自己的申请', 403);
    if (decision.state !== 'pending') throw alreadyDecided();
    return decision;
  }

  private async carryOut(
    tx: Tx,
    decision: StoredDecision,
    payout: Payout | null,
    vote: DecisionVote,
  ): Promise<Decided['state']> {
    if (decision.kind === 'close') {
      await this.closeCase(tx, decision, vote);
      return null;
    }
    if (!payout) throw new Defect(`decision ${decision.id} is about no payout`);
    await assertDecidable(tx, payout, decision.kind);
    refuseOutdated(decision, payout);
    await this.closeSmallCases(tx, payout, decision, vote.by);
    return decision.kind === 'settle' ? this.result.settle(tx, payout) : this.result.fail(tx, payout);
  }

  private async closeCase(
    tx: Tx,
    { id: decisionId, incidentId, reason }: StoredDecision,
    { by, note }: DecisionVote,
  ): Promise<void> {
    if (incidentId === null) throw new Defect(`decision ${decisionId} closes no case`);
    await this.endRecovery(tx, incidentId, by);
    if (!(await this.incidents.close(tx, incidentId))) throw new Rejected('case_closed', '这件事已经关闭', 409);
    await appendTrail(tx, {
      ...{ incidentId, actorId: by, act: 'closed', decisionId },
      note: note === '' ? reason : note,
    });
  }

  /** Closing its case ends a recovery: what WeChat was not asked about yet stays held by itself. */
  private async endRecovery(tx: Tx, incidentId: number, by: number): Promise<void> {
    const [row] = await tx.query<{ key: Buffer }>(
      "SELECT incident_key AS `key` FROM payout_incidents WHERE id = ? AND kind = 'recovery' AND resolved_at IS NULL FOR UPDATE",
      [incidentId],
    );
    const id = Number(row?.key.toString().split(':')[1]);
    if (Number.isSafeInteger(id)) await this.recovery.end(tx, id, by);
  }

  /** What one person could have closed is answered by this decision; what freezes the payout stays until two people close that, too. */
  private async closeSmallCases(
    tx: Tx,
    { payoutKey }: Payout,
    { id: decisionId }: StoredDecision,
    by: number,
  ): Promise<void> {
    const rows = await tx.query<{ id: string; kind: Buffer }>(
      'SELECT id, kind FROM payout_incidents WHERE payout_key = ? AND resolved_at IS NULL ORDER BY id FOR UPDATE',
      [payoutKey],
    );
    for (const { id, kind } of rows) {
      if (incidentKind(kind.toString())?.closedBy !== 'one' || !(await this.incidents.close(tx, id))) continue;
      await appendTrail(tx, { incidentId: Number(id), actorId: by, act: 'decided', decisionId });
    }
  }
}

function refuseOutdated({ position }: StoredDecision, payout: Payout): void {
  const same =
    position?.moveNo === payout.moveNo &&
    position.offerNo === payout.offerNo &&
    position.billNo === payout.billNo &&
    position.amountFen === payout.amountFen;
  if (!same) throw new Rejected('outdated', '申请之后这笔发放又有变化，请重新申请', 409);
}
