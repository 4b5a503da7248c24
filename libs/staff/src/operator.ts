import { issueScope, type Scope } from '@app/analytics';
import { Defect } from '@app/kernel';

/** `hq` works for the brand's headquarters; `distributor` sees one distributor's scope only. */
export const ROLES = ['hq', 'distributor'] as const;
export type Role = (typeof ROLES)[number];

/** Somebody who works in the console. */
export interface Operator {
  readonly id: number;
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  /** Set exactly for the role `distributor`. */
  readonly distributorId: number | null;
}

export function isRole(value: string): value is Role {
  return (ROLES as readonly string[]).includes(value);
}

/** What an operator's reads may see. The only place where a scope is made. */
export function scopeOf(operator: Operator): Scope {
  if (operator.role === 'hq') return issueScope({ kind: 'national' });
  if (operator.distributorId === null) throw new Defect('a distributor operator without a distributor');
  return issueScope({ kind: 'distributor', distributorId: operator.distributorId });
}
