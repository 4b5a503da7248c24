import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { isDuplicate, UnitOfWork, type Tx } from '@app/database';
import { Rejected } from '@app/kernel';
import { AuditLog } from '../audit-log';
import { checkedAccount, distributorMustExist, type NewAccountFields } from '../new-account';
import { isHeadquarters, isOwner, type Operator } from '../operator';
import { OperatorsRepository } from '../operators.repository';
import { RoleRequestsRepository } from '../roles/role-requests.repository';
import { SecondFactorsRepository } from '../second-factor/second-factors.repository';
import { Sessions } from '../sessions';
import { SessionsRepository, tokenHash } from '../sessions.repository';
import { assertMayManage } from '../who-may';
import { findAccount } from '../find-account';
import { LinksRepository, type LinkKind } from './links.repository';

/** What is told once to whoever asked for a link, who hands it on. */
export interface GivenLink {
  readonly operatorId: number;
  /** Stands behind the `#` of the page's address, which no server ever sees. */
  readonly token: string;
  readonly expiresAt: Date;
  /** The request for roles that a second person decides; null when the roles count at once. */
  readonly roleRequestId: number | null;
}

const TOKEN_BYTES = 32;

/** Invitations and new passwords: administrators give out one-time links and never know a password. */
@Injectable()
export class GiveAccountLinks {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly operators: OperatorsRepository,
    private readonly links: LinksRepository,
    private readonly requests: RoleRequestsRepository,
    private readonly factors: SecondFactorsRepository,
    private readonly sessionRows: SessionsRepository,
    private readonly sessions: Sessions,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Roles of headquarters wait for a second person; a distributor's count at once, since they see one territory and move no money. Throws
   * Rejected for bad fields (422), a taken login (409) and for somebody who may not (403).
   */
  async invite(actor: Operator, wanted: NewAccountFields & { readonly reason: string }): Promise<GivenLink> {
    const fields = checkedAccount(wanted);
    assertMayManage(actor, fields);
    if (fields.rights.length > 0 && !isOwner(actor)) {
      throw new Rejected('forbidden', '专项权限只能由品牌负责人给出', 403);
    }
    const waits = isHeadquarters(fields);
    try {
      return await this.unitOfWork.run(async (tx) => {
        await distributorMustExist(tx, fields.distributorId);
        const account = waits ? { ...fields, roles: [] } : fields;
        const id = await this.operators.insert(tx, account, { passwordHash: null, madeBy: actor.id });
        const roleRequestId = waits
          ? await this.requests.ask(tx, {
              ...{ operatorId: id, before: [], roles: fields.roles },
              ...{ reason: wanted.reason, askedBy: actor.id },
            })
          : null;
        const given = await this.give(tx, id, 'invite', actor.id);
        await this.audit.append(tx, {
          ...{ actorId: actor.id, act: 'staff.invite', object: `operator:${id}` },
          ...{ after: fields, reason: wanted.reason },
        });
        return { ...given, roleRequestId };
      });
    } catch (error) {
      if (isDuplicate(error, 'uq_operators_login')) throw new Rejected('login_taken', '该账号已存在', 409);
      throw error;
    }
  }

  /**
   * The system's own hand, for the first people of a deployment: their roles count at once. Throws Rejected for bad fields (422) and a taken
   * login (409).
   */
  async inviteFirst(wanted: NewAccountFields): Promise<Omit<GivenLink, 'roleRequestId'>> {
    const fields = checkedAccount(wanted);
    try {
      return await this.unitOfWork.run(async (tx) => {
        await distributorMustExist(tx, fields.distributorId);
        const id = await this.operators.insert(tx, fields, { passwordHash: null, madeBy: null });
        const given = await this.give(tx, id, 'invite', null);
        await this.audit.append(tx, { actorId: null, act: 'staff.invite', object: `operator:${id}`, after: fields });
        return given;
      });
    } catch (error) {
      if (isDuplicate(error, 'uq_operators_login')) throw new Rejected('login_taken', '该账号已存在', 409);
      throw error;
    }
  }

  /** The invitation once more, for a link that was lost or is over. Throws Rejected 403, 404, `joined` (409). */
  async inviteAgain(actor: Operator, id: number): Promise<GivenLink> {
    return this.unitOfWork.run(async (tx) => {
      const account = await findAccount(this.operators, tx, actor, id);
      assertMayManage(actor, account);
      if (account.status !== 'invited') throw new Rejected('joined', '这位同事已经设置过密码', 409);
      const given = await this.give(tx, id, 'invite', actor.id);
      await this.audit.append(tx, { actorId: actor.id, act: 'staff.invite-again', object: `operator:${id}` });
      return { ...given, roleRequestId: null };
    });
  }

  /**
   * The password counts no more, and all sessions end; with `secondFactor` the phone is forgotten, too. Throws Rejected 403, 404,
   * `own_account`, `not_in_use` (409).
   */
  async reset(
    actor: Operator,
    id: number,
    { reason, secondFactor }: { readonly reason: string; readonly secondFactor: boolean },
  ): Promise<GivenLink> {
    if (actor.id === id) throw new Rejected('own_account', '自己的密码请在「我的账号」里修改', 409);
    const given = await this.unitOfWork.run(async (tx) => {
      const account = await findAccount(this.operators, tx, actor, id);
      assertMayManage(actor, account);
      if (account.status !== 'active') throw new Rejected('not_in_use', '这个账号还没有启用或已停用', 409);
      await this.operators.dropPassword(tx, id, actor.id);
      await this.operators.clearAttempts(tx, id);
      if (secondFactor) await this.factors.remove(tx, id);
      await this.sessionRows.revokeAllOf(tx, id);
      const made = await this.give(tx, id, 'reset', actor.id);
      await this.audit.append(tx, {
        ...{ actorId: actor.id, act: 'staff.reset', object: `operator:${id}` },
        ...{ after: { secondFactor }, reason },
      });
      return made;
    });
    this.sessions.forget(id);
    return { ...given, roleRequestId: null };
  }

  private async give(
    tx: Tx,
    operatorId: number,
    kind: LinkKind,
    madeBy: number | null,
  ): Promise<Omit<GivenLink, 'roleRequestId'>> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const expiresAt = await this.links.issue(tx, tokenHash(token), { operatorId, kind, madeBy });
    return { operatorId, token, expiresAt };
  }
}
