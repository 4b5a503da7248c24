import { Injectable } from '@nestjs/common';
import { UnitOfWork, type Tx } from '@app/database';
import { Rejected } from '@app/kernel';
import { AuditLog } from '@app/staff';
import { PayoutsRepository } from '../driving/payouts.repository';
import { appendTrail } from './case-trail';
import { assertDecidable, assertEvidence } from './disputes';
import type { StoredDecision } from './money-decisions.repository';
import {
  alreadyDecided,
  endDecision,
  insertDecision,
  readDecision,
  reviseDecision,
} from './money-decisions.repository';

/** `evidence`: what WeChat shows. `fail` needs it, and `settle` of what had failed. */
export interface DecisionWish {
  readonly payoutKey: string;
  readonly kind: 'settle' | 'fail';
  readonly reason: string;
  readonly evidence: string;
  readonly by: number;
}

/** A decision that waits for its second person. */
export interface DecisionAsked {
  readonly decisionId: number;
  /** Of what the second person must have read: 64 hex characters. */
  readonly contentHash: string;
}

/** The first person's part: says what became of money that WeChat gave no clear answer about, changes the words, or takes it back. */
@Injectable()
export class AskDecision {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly payouts: PayoutsRepository,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Rejected: `no_payout` (404), `not_manual`, `not_disputed`, `later_offer` (409, see `assertDecidable`), `already_asked` (409),
   * `evidence_needed` (422).
   */
  async run({ payoutKey, kind, reason, evidence, by }: DecisionWish): Promise<DecisionAsked> {
    return this.unitOfWork.run(async (tx) => {
      const payout = await this.payouts.lock(tx, payoutKey);
      if (!payout) throw new Rejected('no_payout', '没有这笔发放', 404);
      await assertDecidable(tx, payout, kind);
      assertEvidence(kind, payout, evidence);
      const { billNo, offerNo, moveNo, amountFen } = payout;
      const position = { billNo, offerNo, moveNo, amountFen };
      const made = await insertDecision(tx, {
        ...{ kind, payoutKey, incidentId: null, position, reason, evidence, askedBy: by },
      });
      await this.audit.append(tx, {
        ...{ actorId: by, act: `payouts.ask-${kind}`, object: `payout:${payoutKey}`, reason },
        after: { decisionId: made.id, contentHash: made.contentHash, billNo, offerNo, amountFen },
      });
      return { decisionId: made.id, contentHash: made.contentHash };
    });
  }

  /** Only by who asked. Rejected `no_decision` (404), `not_yours` (403), `already_decided` (409), `evidence_needed` (422). */
  revise(wish: { decisionId: number; by: number; reason: string; evidence: string }): Promise<DecisionAsked> {
    const { decisionId, by, reason, evidence } = wish;
    return this.unitOfWork.run(async (tx) => {
      const decision = await this.own(tx, decisionId, by);
      const payout = decision.payoutKey === null ? null : await this.payouts.find(tx, decision.payoutKey);
      assertEvidence(decision.kind, payout, evidence);
      const contentHash = await reviseDecision(tx, decision, { reason, evidence });
      await this.audit.append(tx, {
        ...{ actorId: by, act: 'payouts.revise-decision', object: subjectOf(decision), reason },
        ...{ before: { contentHash: decision.contentHash }, after: { decisionId, contentHash } },
      });
      return { decisionId, contentHash };
    });
  }

  /** Only by who asked; others refuse. Rejected `no_decision` (404), `not_yours` (403), `already_decided` (409). */
  withdraw({ decisionId, by, reason }: { decisionId: number; by: number; reason: string }): Promise<void> {
    return this.unitOfWork.run(async (tx) => {
      const decision = await this.own(tx, decisionId, by);
      await endDecision(tx, decision, { state: 'withdrawn', by, note: reason });
      const { incidentId } = decision;
      if (incidentId !== null) {
        await appendTrail(tx, {
          ...{ incidentId, actorId: by, act: 'close_withdrawn' },
          ...{ decisionId, note: reason },
        });
      }
      await this.audit.append(tx, {
        ...{ actorId: by, act: 'payouts.withdraw-decision', object: subjectOf(decision), reason },
        after: { decisionId },
      });
    });
  }

  private async own(tx: Tx, decisionId: number, by: number): Promise<StoredDecision> {
    const decision = await readDecision(tx, decisionId, true);
    if (decision.askedBy !== by) throw new Rejected('not_yours', '只有申请人可以修改或撤回申请', 403);
    if (decision.state !== 'pending') throw alreadyDecided();
    return decision;
  }
}

export function subjectOf({ payoutKey, incidentId }: Pick<StoredDecision, 'payoutKey' | 'incidentId'>): string {
  return incidentId === null ? `payout:${payoutKey}` : `case:${incidentId}`;
}
