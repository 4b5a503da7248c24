import { Injectable } from '@nestjs/common';
import { PrizeOriginModel, type PrizeOrigin } from '@app/analytics';
import { Database, databaseNow, placeholders } from '@app/database';
import { Rejected, type Fen } from '@app/kernel';
import { AuditLog, type AuditedAct } from '@app/staff';
import { DecisionList } from '../cases/decision-list';
import { MoneyCases } from '../cases/money-cases';
import { personOf, type Person } from '../cases/person';
import { PayoutsRepository } from '../driving/payouts.repository';
import type { Payout } from '../payout';
import { ReadCircumstances } from './circumstances';
import {
  attemptEvents,
  auditEvents,
  billEvents,
  caseEvents,
  decisionEvents,
  differenceEvents,
  inOrder,
  journalEvents,
  moveEvents,
  originEvents,
  type EvidenceEvent,
} from './evidence-events';
import {
  attemptsOf,
  billsOf,
  differencesOf,
  grantUsesOf,
  journalsOf,
  MOST_BILLS,
  MOST_ROWS,
  movesOf,
  type GrantUse,
} from './evidence-rows';
import { whatNext, type WhatNext } from './what-next';

/** Everything we know about the money of one prize or pool, in the order in which it happened. No personal data in it. */
export interface PayoutDossier {
  readonly payoutKey: string;
  /** When this answer was made, by the database's clock. */
  readonly at: Date;
  /** Null while nobody asked for the money. */
  readonly payout:
    | (Pick<Payout, 'memberId' | 'campaignId' | 'versionId' | 'budgetId' | 'channel' | 'mchId' | 'state' | 'offerNo'> &
        Pick<
          Payout,
          'attemptNo' | 'moveNo' | 'billNo' | 'nextAt' | 'billExpiresAt' | 'failReason' | 'offeredAt' | 'settledAt'
        > & {
          readonly amountFen: Fen;
        } & WhatNext)
    | null;
  readonly awards: readonly PrizeOrigin[];
  /** 费用申请 that the money was charged to. */
  readonly grants: readonly GrantUse[];
  readonly events: readonly EvidenceEvent[];
  /** False when there were more rows of a kind than one answer shows; then the oldest of them are missing. */
  readonly complete: boolean;
}

const AUDIT_ROWS = 100;

/** What an auditor reads: award and scan, bills, every exchange with its raw reply, moves, callbacks, cases, decisions, journals. */
@Injectable()
export class PayoutEvidence {
  constructor(
    private readonly database: Database,
    private readonly payouts: PayoutsRepository,
    private readonly origins: PrizeOriginModel,
    private readonly cases: MoneyCases,
    private readonly decisions: DecisionList,
    private readonly audit: AuditLog,
    private readonly circumstances: ReadCircumstances,
  ) {}

  /** Rejected `no_payout` (404) for a key that is neither a payout nor an award. */
  async run(payoutKey: string): Promise<PayoutDossier> {
    const payout = await this.payouts.find(this.database, payoutKey);
    const origins = await this.origins.read(payoutKey);
    if (!payout && origins.awards.length === 0) throw new Rejected('no_payout', '没有这笔发放', 404);
    const bills = await billsOf(this.database, payoutKey);
    const attempts = await attemptsOf(this.database, bills);
    const moves = await movesOf(this.database, payoutKey);
    const acts = await this.audit.list({ limit: AUDIT_ROWS, object: `payout:${payoutKey}` });
    const events = inOrder([
      ...originEvents(origins),
      ...(await this.askedFor(payoutKey)),
      ...billEvents(bills),
      ...attemptEvents(attempts),
      ...moveEvents(moves),
      ...journalEvents(await journalsOf(this.database, payoutKey, bills, origins.awards)),
      ...caseEvents(await this.cases.ofPayout(payoutKey)),
      ...decisionEvents(await this.decisions.ofPayout(payoutKey)),
      ...differenceEvents(await differencesOf(this.database, payoutKey)),
      ...auditEvents(acts.items, await this.people(acts.items)),
    ]);
    return {
      payoutKey,
      at: await databaseNow(this.database),
      payout: payout && (await this.standing(payout)),
      awards: origins.awards,
      grants: await grantUsesOf(this.database, payoutKey),
      events,
      complete:
        bills.length < MOST_BILLS &&
        attempts.length < MOST_ROWS &&
        moves.length < MOST_ROWS &&
        acts.nextCursor === null,
    };
  }

  private async standing(payout: Payout): Promise<NonNullable<PayoutDossier['payout']>> {
    const { memberId, campaignId, versionId, budgetId, amountFen, channel, mchId, state, offerNo, attemptNo } = payout;
    const { moveNo, billNo, nextAt, billExpiresAt, failReason, offeredAt, settledAt } = payout;
    const around = (await this.circumstances.of([payout])).get(payout.payoutKey)!;
    return {
      ...{
        memberId,
        campaignId,
        versionId,
        budgetId,
        amountFen,
        channel,
        mchId,
        state,
        offerNo,
        attemptNo,
        moveNo,
        billNo,
      },
      ...{ nextAt, billExpiresAt, failReason, offeredAt, settledAt },
      ...whatNext(payout, around),
    };
  }

  private async askedFor(payoutKey: string): Promise<EvidenceEvent[]> {
    const [row] = await this.database.query<{ at: Date }>('SELECT created_at AS at FROM payouts WHERE payout_key = ?', [
      payoutKey,
    ]);
    if (!row) return [];
    return [{ at: row.at, kind: 'asked_for', words: '开始领取', by: null, details: { payoutKey } }];
  }

  private async people(acts: readonly AuditedAct[]): Promise<ReadonlyMap<number, Person>> {
    const ids = [...new Set(acts.flatMap(({ actorId }) => (actorId === null ? [] : [actorId])))];
    if (ids.length === 0) return new Map();
    const rows = await this.database.query<{ id: number; name: string }>(
      `SELECT id, name FROM operators WHERE id IN (${placeholders(ids)})`,
      ids,
    );
    return new Map(rows.map(({ id, name }) => [id, personOf(id, name)!]));
  }
}
