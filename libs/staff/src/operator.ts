import { issueScope, type Scope } from '@app/analytics';
import { Defect } from '@app/kernel';

/**
 * `owner` answers for the brand: all that headquarters may do, and what only one person should decide. `hq` works for the brand's
 * headquarters; `distributor` sees one distributor's scope only.
 */
export const ROLES = ['owner', 'hq', 'distributor'] as const;
export type Role = (typeof ROLES)[number];

/** What somebody of headquarters may do only when the owner has given it; the owner has them all. */
export const OPERATOR_RIGHTS = ['start-burst', 'export-serials'] as const;
export type OperatorRight = (typeof OPERATOR_RIGHTS)[number];

/** Somebody who works in the console. */
export interface Operator {
  readonly id: number;
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  /** Set exactly for the role `distributor`. */
  readonly distributorId: number | null;
  /** Given beyond the role; none when left out. */
  readonly rights?: readonly OperatorRight[];
}

export function isRole(value: string): value is Role {
  return (ROLES as readonly string[]).includes(value);
}

/** Works for the brand itself, its owner included. */
export function isHeadquarters({ role }: Pick<Operator, 'role'>): boolean {
  return role === 'owner' || role === 'hq';
}

export function hasRight({ role, rights = [] }: Pick<Operator, 'role' | 'rights'>, right: OperatorRight): boolean {
  return role === 'owner' || (role === 'hq' && rights.includes(right));
}

/** What an operator's reads may see. The only place where a scope is made. */
export function scopeOf(operator: Operator): Scope {
  if (isHeadquarters(operator)) return issueScope({ kind: 'national' });
  if (operator.distributorId === null) throw new Defect('a distributor operator without a distributor');
  return issueScope({ kind: 'distributor', distributorId: operator.distributorId });
}
