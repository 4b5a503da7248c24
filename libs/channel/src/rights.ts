import type { Scope } from '@app/analytics';
import { Rejected } from '@app/kernel';
import { isHeadquarters, type Operator } from '@app/staff';

/** Territories are headquarters' business. `null` is the system itself. */
export function headquartersOnly(actor: Operator | null): void {
  if (actor !== null && !isHeadquarters(actor))
    throw new Rejected('forbidden', '只有品牌总部可以修改经销商和区域', 403);
}

/** Whether a scope may see a distributor. */
export function maySee(scope: Scope, distributorId: number): boolean {
  return scope.kind === 'national' || scope.distributorId === distributorId;
}
