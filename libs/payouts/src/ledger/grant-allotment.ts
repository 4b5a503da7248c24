import { Defect } from '@app/kernel';

/** A grant with money that no settled payout was charged to yet. */
export interface OpenGrant {
  readonly grantId: number;
  readonly leftFen: number;
}

/** Fen of one payout's offer charged to one grant. */
export interface GrantUse {
  readonly payoutKey: string;
  readonly offerNo: number;
  readonly grantId: number;
  readonly fen: number;
}

/**
 * Charges payouts of one budget to its grants in the order of both lists, first in, first out; one payout may be split over several
 * grants. Pure. Throws Defect when the grants do not reach: a budget cannot settle more than it was granted.
 */
export function allot(
  grants: readonly OpenGrant[],
  payouts: readonly { readonly payoutKey: string; readonly offerNo: number; readonly amountFen: number }[],
): GrantUse[] {
  const uses: GrantUse[] = [];
  let at = 0;
  let left = grants[0]?.leftFen ?? 0;
  for (const { payoutKey, offerNo, amountFen } of payouts) {
    let missing = amountFen;
    while (missing > 0) {
      while (left === 0 && at < grants.length) left = grants[++at]?.leftFen ?? 0;
      const grant = grants[at];
      if (!grant) throw new Defect(`payout ${payoutKey} has no grant left to be charged to`);
      const fen = Math.min(left, missing);
      uses.push({ payoutKey, offerNo, grantId: grant.grantId, fen });
      left -= fen;
      missing -= fen;
    }
  }
  return uses;
}
