import type { Scope } from '@app/analytics';
import { Rejected } from '@app/kernel';
import { scopeOf, type Operator } from '@app/staff';

/** Personal records, tags and audiences are headquarters' alone. Throws Rejected 403 for any other scope. */
export function headquartersOnly(scope: Scope): void {
  if (scope.kind !== 'national') throw new Rejected('forbidden', '会员资料仅品牌总部可以查看和修改', 403);
}

/** The same for somebody who acts; null is the system itself. */
export function actsForHeadquarters(actor: Operator | null): void {
  if (actor !== null) headquartersOnly(scopeOf(actor));
}
