import { Injectable } from '@nestjs/common';
import { isDuplicate, UnitOfWork, type Tx } from '@app/database';
import { Rejected } from '@app/kernel';
import { AuditLog } from './audit-log';
import { findAccount } from './find-account';
import { LinksRepository } from './links/links.repository';
import { checkedAccount, distributorMustExist, NO_RIGHTS, type NewAccountFields } from './new-account';
import { isOwner, mayHaveRights, OPERATOR_RIGHTS, type Operator, type OperatorRight } from './operator';
import { OperatorsRepository } from './operators.repository';
import { PasswordProof } from './password-proof';
import { Passwords } from './passwords';
import { Sessions } from './sessions';
import { SessionsRepository } from './sessions.repository';
import { assertMayManage } from './who-may';

export interface NewOperator extends NewAccountFields {
  /** At least 10 characters. */
  readonly password: string;
}

/** What is done to accounts that are there. Every act is audited. Roles are another matter: see ChangeRoles. */
@Injectable()
export class ManageOperators {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly operators: OperatorsRepository,
    private readonly links: LinksRepository,
    private readonly sessionRows: SessionsRepository,
    private readonly sessions: Sessions,
    private readonly passwords: Passwords,
    private readonly proof: PasswordProof,
    private readonly audit: AuditLog,
  ) {}

  /**
   * The system's own hand (`actor` null): the first people of a deployment, and demo accounts. People invite each other, so that nobody
   * knows another's password and nobody grants roles alone. Throws Rejected for bad fields (422) and a taken login (409).
   */
  async create(actor: null, wanted: NewOperator): Promise<Operator> {
    const fields = checkedAccount(wanted);
    const passwordHash = await this.passwords.hash(wanted.password);
    try {
      return await this.unitOfWork.run(async (tx) => {
        await distributorMustExist(tx, fields.distributorId);
        const id = await this.operators.insert(tx, fields, { passwordHash, madeBy: actor });
        await this.audit.append(tx, {
          ...{ actorId: actor, act: 'staff.create', object: `operator:${id}` },
          after: fields,
        });
        return { id, ...fields, secondFactor: false };
      });
    } catch (error) {
      if (isDuplicate(error, 'uq_operators_login')) throw new Rejected('login_taken', '该账号已存在', 409);
      throw error;
    }
  }

  /** Ends all sessions of the operator, too. Nobody disables himself. Throws Rejected 403, 404, `own_account` (409). */
  async disable(actor: Operator, id: number, reason: string): Promise<void> {
    if (actor.id === id) throw new Rejected('own_account', '不能停用自己的账号', 409);
    await this.unitOfWork.run(async (tx) => {
      await this.managed(tx, actor, id);
      await this.operators.disable(tx, id);
      await this.links.revokeAllOf(tx, id);
      await this.sessionRows.revokeAllOf(tx, id);
      await this.audit.append(tx, { actorId: actor.id, act: 'staff.disable', object: `operator:${id}`, reason });
    });
    this.sessions.forget(id);
  }

  /**
   * The account of before, with the roles and the password it had; what somebody else should not know of it is reset, which makes it the
   * hand of who resets (see assertTwoPeople). Throws Rejected 403, 404, `own_account` and `not_disabled` (409).
   */
  async enable(actor: Operator, id: number, reason: string): Promise<void> {
    if (actor.id === id) throw new Rejected('own_account', '不能恢复自己的账号', 409);
    await this.unitOfWork.run(async (tx) => {
      await this.managed(tx, actor, id);
      if (!(await this.operators.enable(tx, id))) throw new Rejected('not_disabled', '这个账号没有停用', 409);
      await this.audit.append(tx, { actorId: actor.id, act: 'staff.enable', object: `operator:${id}`, reason });
    });
    this.sessions.forget(id);
  }

  /** Wrong passwords from before are forgotten. Throws Rejected 403, 404, `own_account` (409). */
  async unlock(actor: Operator, id: number): Promise<void> {
    if (actor.id === id) throw new Rejected('own_account', '不能解锁自己的账号', 409);
    await this.unitOfWork.run(async (tx) => {
      await this.managed(tx, actor, id);
      await this.operators.clearAttempts(tx, id);
      await this.audit.append(tx, { actorId: actor.id, act: 'staff.unlock', object: `operator:${id}` });
    });
  }

  /** Signs somebody else out everywhere. Throws Rejected 403, 404. */
  async endSessions(actor: Operator, id: number): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      await this.managed(tx, actor, id);
      await this.sessionRows.revokeAllOf(tx, id);
      await this.audit.append(tx, { actorId: actor.id, act: 'staff.sessions-ended', object: `operator:${id}` });
    });
    this.sessions.forget(id);
  }

  /** Gives exactly these rights to somebody of headquarters. It counts within 3 s everywhere. Throws Rejected 403, 404, 422. */
  async setRights(actor: Operator, id: number, rights: readonly OperatorRight[], reason: string): Promise<void> {
    if (!isOwner(actor)) throw new Rejected('forbidden', '专项权限只能由品牌负责人给出', 403);
    const wanted = OPERATOR_RIGHTS.filter((right) => rights.includes(right));
    await this.unitOfWork.run(async (tx) => {
      const operator = await findAccount(this.operators, tx, actor, id);
      if (isOwner(operator) || !mayHaveRights(operator)) throw new Rejected('bad_role', NO_RIGHTS, 422);
      await this.operators.setRights(tx, id, wanted);
      await this.audit.append(tx, {
        ...{ actorId: actor.id, act: 'staff.rights', object: `operator:${id}` },
        ...{ before: { rights: operator.rights }, after: { rights: wanted }, reason },
      });
    });
    this.sessions.forget(id);
  }

  /** One's own password. Ends all sessions, this one included. Wrong guesses of the present one count towards the lock. */
  async changePassword(actor: Operator, present: string, wanted: string): Promise<void> {
    const passwordHash = await this.passwords.hash(wanted);
    await this.proof.demand(actor.id, present);
    await this.unitOfWork.run(async (tx) => {
      await this.operators.setPassword(tx, actor.id, passwordHash);
      await this.sessionRows.revokeAllOf(tx, actor.id);
      await this.audit.append(tx, { actorId: actor.id, act: 'staff.password', object: `operator:${actor.id}` });
    });
    this.sessions.forget(actor.id);
  }

  private async managed(tx: Tx, actor: Operator, id: number): Promise<void> {
    assertMayManage(actor, await findAccount(this.operators, tx, actor, id));
  }
}
