import { compileCondition, type Truth } from '@app/conditions';
import { memberId } from '@app/kernel';
import type { MemberRow } from '../members.repository';
import { NO_TOTALS, type MemberTotals } from '../member-totals';
import type { TierKey } from '../tier';
import { checkedCondition } from './audience';
import { MEMBER_FIELDS, type AudienceFacts } from './member-fields';

/** A member as read; what is left out is a visitor who did nothing. */
export function memberRowOf({
  tier = 'regular',
  createdAt = new Date('2026-01-01T00:00:00Z'),
  phoneBound = false,
  follows = null,
  ...totals
}: Partial<MemberTotals> & {
  tier?: TierKey;
  createdAt?: Date;
  phoneBound?: boolean;
  follows?: boolean | null;
}): MemberRow {
  const standing = { tier, until: null };
  return {
    ...{ id: memberId(1), createdAt, mergedInto: null, erasedAt: null, standing, phoneBound, follows },
    totals: { ...NO_TOTALS, ...totals },
  };
}

export function evaluateFor(condition: object, facts: AudienceFacts): Truth {
  return compileCondition(checkedCondition(condition), MEMBER_FIELDS).evaluate(facts);
}
