import { issueScope, type Scope } from '@app/analytics';
import { Defect } from '@app/kernel';

/** Roles of the brand's own people. `owner` answers for the brand: all that the others may do, and what only one person should decide. */
export const BRAND_ROLES = ['owner', 'marketer', 'approver', 'finance', 'service', 'risk', 'auditor'] as const;
/** Roles of a distributor's people, who see its scope only. */
export const DISTRIBUTOR_ROLES = ['distributor', 'distributor_staff'] as const;
export const ROLES = [...BRAND_ROLES, ...DISTRIBUTOR_ROLES] as const;
export type Role = (typeof ROLES)[number];

/** Everything that people of headquarters do, but for what is the owner's alone: what a small brand gives to each of them. */
export const WORKING_ROLES = ['marketer', 'approver', 'finance', 'service', 'risk'] as const satisfies readonly Role[];

/** Who decides about money and about what others ask for signs in with a code from a phone as well. */
export const SECOND_FACTOR_ROLES = ['owner', 'approver', 'finance'] as const satisfies readonly Role[];

/** What somebody of headquarters may do only when the owner has given it; the owner has them all. */
export const OPERATOR_RIGHTS = ['start-burst', 'export-serials', 'export-addresses'] as const;
export type OperatorRight = (typeof OPERATOR_RIGHTS)[number];

/** Somebody who works in the console. */
export interface Operator {
  readonly id: number;
  readonly login: string;
  readonly name: string;
  /** In the order of ROLES; empty until another person has agreed to the first ones. */
  readonly roles: readonly Role[];
  /** Set exactly for roles of a distributor. */
  readonly distributorId: number | null;
  /** Given beyond the roles; none when left out. */
  readonly rights?: readonly OperatorRight[];
  /** Signs in with a code from a phone as well. */
  readonly secondFactor?: boolean;
}

type Person = Pick<Operator, 'roles'>;

export function isRole(value: string): value is Role {
  return (ROLES as readonly string[]).includes(value);
}

/** Each once, in the order of ROLES. */
export function inOrder(roles: readonly Role[]): Role[] {
  return ROLES.filter((role) => roles.includes(role));
}

export function isOwner({ roles }: Person): boolean {
  return roles.includes('owner');
}

/** Works for the brand itself, its owner included. */
export function isHeadquarters({ roles }: Person): boolean {
  return BRAND_ROLES.some((role) => roles.includes(role));
}

export function needsSecondFactor({ roles }: Person): boolean {
  return SECOND_FACTOR_ROLES.some((role) => roles.includes(role));
}

/** An auditor alone is given nothing beyond reading. */
export function mayHaveRights({ roles }: Person): boolean {
  return WORKING_ROLES.some((role) => roles.includes(role));
}

export function hasRight(operator: Pick<Operator, 'roles' | 'rights'>, right: OperatorRight): boolean {
  const { rights = [] } = operator;
  return isOwner(operator) || (mayHaveRights(operator) && rights.includes(right));
}

/** What an operator's reads may see. The only place where a scope is made. */
export function scopeOf(operator: Operator): Scope {
  if (operator.distributorId !== null)
    return issueScope({ kind: 'distributor', distributorId: operator.distributorId });
  if (!isHeadquarters(operator)) throw new Defect('an operator without a role asks for something');
  return issueScope({ kind: 'national' });
}
