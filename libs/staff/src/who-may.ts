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

/** Whether somebody looks after an account: the owner after everybody's; marketing after those of distributors; a distributor after its own staff. */
export function mayManage(actor: Operator, target: Target): boolean {
  return refusal(actor, target) === null;
}

/** Throws Rejected `forbidden` (403) where `mayManage` says no. */
export function assertMayManage(actor: Operator, target: Target): void {
  const words = refusal(actor, target);
  if (words !== null) throw new Rejected('forbidden', words, 403);
}

function refusal(actor: Operator, { roles, distributorId }: Target): string | null {
  if (isOwner(actor)) return null;
  if (distributorId === null) return '只有品牌负责人可以管理总部账号';
  if (isHeadquarters(actor)) return actor.roles.includes('marketer') ? null : '只有市场和品牌负责人可以管理经销商账号';
  const own = actor.roles.includes('distributor') && actor.distributorId === distributorId;
  return own && !roles.includes('distributor') ? null : '您只能管理本经销商的员工账号';
}
