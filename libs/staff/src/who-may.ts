import { Rejected } from '@app/kernel';
import { isHeadquarters, isOwner, type Operator, type Role } from './operator';

/** An account as far as these rules look at it. */
export interface Target {
  readonly roles: readonly Role[];
  readonly distributorId: number | null;
}

/** Whose accounts somebody sees: headquarters all, a distributor its own. Others are not there at all. */
export function maySeeAccount(actor: Operator, { distributorId }: Pick<Target, 'distributorId'>): boolean {
  return isHeadquarters(actor) || (actor.distributorId !== null && actor.distributorId === distributorId);
}

/**
 * Who looks after an account: the owner after everybody's; marketing after those of distributors; a distributor after its own staff.
 * Throws Rejected `forbidden` (403).
 */
export function assertMayManage(actor: Operator, { roles, distributorId }: Target): void {
  if (isOwner(actor)) return;
  if (distributorId === null) {
    throw new Rejected('forbidden', '只有品牌负责人可以管理总部账号', 403);
  }
  if (isHeadquarters(actor) && actor.roles.includes('marketer')) return;
  const own = actor.roles.includes('distributor') && actor.distributorId === distributorId;
  if (!own || roles.includes('distributor')) {
    throw new Rejected('forbidden', '您只能管理本经销商的员工账号', 403);
  }
}
