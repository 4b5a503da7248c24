import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@app/database';
import { Rejected } from '@app/kernel';
import { AuditLog } from '../audit-log';
import { findAccount } from '../find-account';
import { assertRoles } from '../new-account';
import { inOrder, type Operator, type Role } from '../operator';
import { OperatorsRepository } from '../operators.repository';
import { Sessions } from '../sessions';
import { assertMayManage } from '../who-may';
import { RoleRequestsRepository } from './role-requests.repository';

/** `asked`: a second person decides. */
export type RolesChanged =
  | { readonly outcome: 'changed'; readonly roleRequestId: null }
  | { readonly outcome: 'asked'; readonly roleRequestId: number };

/** Takes roles away at once; whatever headquarters' account gains waits for a second person. */
@Injectable()
export class ChangeRoles {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly operators: OperatorsRepository,
    private readonly requests: RoleRequestsRepository,
    private readonly sessions: Sessions,
    private readonly audit: AuditLog,
  ) {}

  /** Throws Rejected 403, 404, `own_account`, `already_asked`, `same_roles` (409), `bad_role` (422). */
  async run(actor: Operator, id: number, wanted: readonly Role[], reason: string): Promise<RolesChanged> {
    if (actor.id === id) throw new Rejected('own_account', '不能修改自己的角色', 409);
    const roles = inOrder(wanted);
    const changed = await this.unitOfWork.run(async (tx): Promise<RolesChanged> => {
      const account = await findAccount(this.operators, tx, actor, id);
      assertMayManage(actor, account);
      assertMayManage(actor, { ...account, roles });
      assertRoles(roles, account.distributorId);
      if (account.status === 'disabled') throw new Rejected('not_in_use', '这个账号已停用', 409);
      if (roles.join() === account.roles.join()) throw new Rejected('same_roles', '角色没有变化', 409);
      const gains = roles.some((role) => !account.roles.includes(role));
      if (gains && account.distributorId === null) {
        const request = { operatorId: id, before: account.roles, roles, reason, askedBy: actor.id };
        const roleRequestId = await this.requests.ask(tx, request);
        await this.record(tx, actor, id, 'staff.ask-roles', account.roles, roles, reason);
        return { outcome: 'asked', roleRequestId };
      }
      await this.operators.setRoles(tx, id, roles);
      await this.record(tx, actor, id, 'staff.roles', account.roles, roles, reason);
      return { outcome: 'changed', roleRequestId: null };
    });
    this.sessions.forget(id);
    return changed;
  }

  private record(
    tx: Parameters<AuditLog['append']>[0],
    actor: Operator,
    id: number,
    act: string,
    before: readonly Role[],
    after: readonly Role[],
    reason: string,
  ): Promise<void> {
    const entry = { actorId: actor.id, act, object: `operator:${id}`, reason };
    return this.audit.append(tx, { ...entry, before: { roles: before }, after: { roles: after } });
  }
}
