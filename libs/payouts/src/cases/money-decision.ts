import { createHash } from 'node:crypto';

/** `settle`: the money did arrive. `fail`: it provably did not, or did not stay. `close`: a case that one person must not close alone. */
export const DECISION_KINDS = ['settle', 'fail', 'close'] as const;
export type DecisionKind = (typeof DECISION_KINDS)[number];
export const DECISION_STATES = ['pending', 'approved', 'refused', 'withdrawn'] as const;
export type DecisionState = (typeof DECISION_STATES)[number];

/** Where the payout stood when somebody asked: any move since makes what was asked outdated. */
export interface Position {
  readonly billNo: string | null;
  readonly offerNo: number;
  readonly moveNo: number;
  readonly amountFen: number;
}

/** All that the second person says yes to. */
export interface DecisionContent {
  readonly kind: DecisionKind;
  readonly payoutKey: string | null;
  readonly incidentId: number | null;
  readonly position: Position | null;
  readonly reason: string;
  /** What was seen at WeChat; without personal data. */
  readonly evidence: string;
  readonly askedBy: number;
  /** From 1; every change of the words makes the next. */
  readonly revision: number;
}

/** SHA-256 of all of it in a fixed order, 64 hex characters: who approves names it, so nobody approves other words than they read. */
export function contentHash({
  kind,
  payoutKey,
  incidentId,
  position,
  reason,
  evidence,
  askedBy,
  revision,
}: DecisionContent): string {
  const { billNo = null, offerNo = null, moveNo = null, amountFen = null } = position ?? {};
  const parts = [kind, payoutKey, incidentId, billNo, offerNo, moveNo, amountFen, reason, evidence, askedBy, revision];
  return createHash('sha256').update(JSON.stringify(parts), 'utf8').digest('hex');
}

/** One pending decision a subject. */
export function pendingKey({
  kind,
  payoutKey,
  incidentId,
}: Pick<DecisionContent, 'kind' | 'payoutKey' | 'incidentId'>): string {
  return kind === 'close' ? `case:${incidentId}` : `payout:${payoutKey}`;
}
