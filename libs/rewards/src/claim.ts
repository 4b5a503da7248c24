import type { CodeTriple, MemberId, ScanId } from '@app/kernel';

/** What happened to one genuine, active code so far. The row exists from its first query on. */
export interface Claim {
  readonly code: CodeTriple;
  readonly firstMember: MemberId;
  readonly firstAt: Date;
  readonly firstAdcode: number | null;
  /** Queries so far. */
  readonly scans: number;
  /** Set once: the scan that reached a prize table. */
  readonly consumed: { readonly by: MemberId; readonly scanId: ScanId; readonly at: Date } | null;
  /** Waiting on a location or a gate for this member until then; others are asked to come later. */
  readonly held: { readonly by: MemberId; readonly until: Date } | null;
}

/** Is the code kept for somebody else at this moment? */
export function heldForAnother(claim: Claim, member: MemberId, at: Date): boolean {
  return claim.held !== null && claim.held.by !== member && at < claim.held.until;
}
