import { Injectable } from '@nestjs/common';
import { UnitOfWork, type Tx } from '@app/database';
import { Rejected } from '@app/kernel';
import { AuditLog } from '../audit-log';
import { isOwner, type Operator } from '../operator';
import { OperatorsRepository } from '../operators.repository';
import { Sessions } from '../sessions';
import { assertTwoPeople } from '../two-people';
import { RoleRequestsRepository, type RoleRequest } from './role-requests.repository';

/** The second person's yes or no to somebody's roles. */
@Injectable()
export class DecideRoles {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly operators: OperatorsRepository,
    private readonly requests: RoleRequestsRepository,
    private readonly sessions: Sessions,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Neither who asked, nor whom it is about, nor an account that is still in the hand of who asked (see assertTwoPeople). Throws Rejected
   * `no_request` (404), `same_person`, `same_hand` (403), `not_pending`, `roles_moved` (409).
   */
  async approve(actor: Operator, id: number, note = ''): Promise<void> {
    const request = await this.unitOfWork.run(async (tx) => {
      const found = await this.pending(tx, id);
      await this.assertAnother(tx, actor, found);
      const account = await this.operators.findById(tx, found.operatorId);
      if (account?.status === 'disabled') throw new Rejected('not_in_use', '这个账号已停用', 409);
      if (account?.roles.join() !== found.before.join()) {
        throw new Rejected('roles_moved', '申请之后角色又改过，请驳回并重新提交', 409);
      }
      await this.close(tx, actor, found, 'approved', note);
      await this.operators.setRoles(tx, found.operatorId, found.roles);
      return found;
    });
    this.sessions.forget(request.operatorId);
  }

  /** Throws Rejected `no_request` (404), `same_person`, `same_hand` (403), `not_pending` (409). */
  async reject(actor: Operator, id: number, note: string): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const request = await this.pending(tx, id);
      await this.assertAnother(tx, actor, request);
      await this.close(tx, actor, request, 'rejected', note);
    });
  }

  /** By who asked or an owner. Throws Rejected `no_request` (404), `not_yours` (403), `not_pending` (409). */
  async withdraw(actor: Operator, id: number): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const request = await this.pending(tx, id);
      if (request.askedBy !== actor.id && !isOwner(actor)) {
        throw new Rejected('not_yours', '只有申请人或品牌负责人可以撤回', 403);
      }
      await this.close(tx, actor, request, 'withdrawn', '');
    });
  }

  private async pending(tx: Tx, id: number): Promise<RoleRequest> {
    const request = await this.requests.find(tx, id);
    if (!request) throw new Rejected('no_request', '没有这条角色申请', 404);
    if (request.state !== 'pending') throw new Rejected('not_pending', '这条申请已经处理过', 409);
    return request;
  }

  private async assertAnother(tx: Tx, actor: Operator, { askedBy, operatorId }: RoleRequest): Promise<void> {
    if (actor.id === operatorId) throw new Rejected('same_person', '不能审批自己的角色，请换一位同事', 403);
    await assertTwoPeople(tx, askedBy, actor.id);
  }

  private async close(
    tx: Tx,
    actor: Operator,
    { id, operatorId, before, roles }: RoleRequest,
    state: 'approved' | 'rejected' | 'withdrawn',
    note: string,
  ): Promise<void> {
    if (!(await this.requests.close(tx, id, state, actor.id, note))) {
      throw new Rejected('not_pending', '这条申请刚被处理过', 409);
    }
    const acts = { approved: 'staff.grant-roles', rejected: 'staff.refuse-roles', withdrawn: 'staff.withdraw-roles' };
    await this.audit.append(tx, {
      ...{ actorId: actor.id, act: acts[state], object: `operator:${operatorId}` },
      ...{ before: { roles: before }, after: { roles }, ...(note && { reason: note }) },
    });
  }
}
