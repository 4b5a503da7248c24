import { Injectable } from '@nestjs/common';
import { Database, isDuplicate, UnitOfWork } from '@app/database';
import { checkLimit, readCursor, Rejected, writeCursor, type Page, type PageRequest } from '@app/kernel';
import { AuditLog } from './audit-log';
import { normaliseLogin } from './login';
import {
  DISTRIBUTOR_ROLES,
  inOrder,
  isHeadquarters,
  isOwner,
  mayHaveRights,
  OPERATOR_RIGHTS,
  type Operator,
  type OperatorRight,
  type Role,
} from './operator';
import { OperatorsRepository } from './operators.repository';
import { Passwords } from './passwords';
import { Sessions } from './sessions';
import { SessionsRepository } from './sessions.repository';

export interface NewOperator {
  /** 3 to 64 of a-z, 0-9 and . _ @ - */
  readonly login: string;
  readonly name: string;
  /** At least 10 characters. */
  readonly password: string;
  /** At least one; those of headquarters and those of a distributor are never mixed. */
  readonly roles: readonly Role[];
  /** Must be given for roles of a distributor and for no other. */
  readonly distributorId?: number | null;
  /** Beyond the roles; only the owner gives them. */
  readonly rights?: readonly OperatorRight[];
}

const LOGIN_PATTERN = /^[a-z0-9][a-z0-9._@-]{2,63}$/;
const MAX_NAME = 64;
const NO_RIGHTS = '只有总部业务账号可以另外授权';

/**
 * Creates, changes and disables operators. Every act is headquarters' and is audited. Who works for headquarters is the owner's alone: what
 * two people must approve would be worth nothing if one of them could make the other.
 */
@Injectable()
export class ManageOperators {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly operators: OperatorsRepository,
    private readonly sessionRows: SessionsRepository,
    private readonly sessions: Sessions,
    private readonly passwords: Passwords,
    private readonly audit: AuditLog,
  ) {}

  /**
   * `actor` null = the system itself, at first start. Throws Rejected for bad fields (422), a taken login (409) and, but for logins of
   * distributors, for anybody else than an owner (403).
   */
  async create(actor: Operator | null, wanted: NewOperator): Promise<Operator> {
    headquartersOnly(actor);
    const fields = checked(wanted);
    if (fields.distributorId === null) ownerOnly(actor);
    const passwordHash = await this.passwords.hash(wanted.password);
    try {
      return await this.unitOfWork.run(async (tx) => {
        if (fields.distributorId !== null) await this.mustExist(tx, fields.distributorId);
        const id = await this.operators.insert(tx, fields, passwordHash);
        await this.audit.append(tx, {
          actorId: actor?.id ?? null,
          act: 'staff.create',
          object: `operator:${id}`,
          after: fields,
        });
        return { id, ...fields };
      });
    } catch (error) {
      if (isDuplicate(error, 'uq_operators_login')) throw new Rejected('login_taken', '该账号已存在', 409);
      throw error;
    }
  }

  /** Ends all sessions of the operator, too. Nobody disables himself. */
  async disable(actor: Operator, id: number, reason: string): Promise<void> {
    headquartersOnly(actor);
    if (actor.id === id) throw new Rejected('own_account', '不能停用自己的账号', 409);
    await this.unitOfWork.run(async (tx) => {
      const operator = await this.operators.findById(tx, id);
      if (!operator) throw new Rejected('no_operator', '没有这个账号', 404);
      if (isOwner(operator)) ownerOnly(actor);
      await this.operators.disable(tx, id);
      await this.sessionRows.revokeAllOf(tx, id);
      await this.audit.append(tx, { actorId: actor.id, act: 'staff.disable', object: `operator:${id}`, reason });
    });
    this.sessions.forget(id);
  }

  /** Gives exactly these rights to somebody of headquarters. It counts within 3 s everywhere. Throws Rejected 403, 404, 422. */
  async setRights(actor: Operator, id: number, rights: readonly OperatorRight[], reason: string): Promise<void> {
    ownerOnly(actor);
    const wanted = OPERATOR_RIGHTS.filter((right) => rights.includes(right));
    await this.unitOfWork.run(async (tx) => {
      const operator = await this.operators.findById(tx, id);
      if (!operator) throw new Rejected('no_operator', '没有这个账号', 404);
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
    const account = await this.operators.findById(this.database, actor.id);
    const attempt = await this.unitOfWork.run((tx) => this.operators.bookAttempt(tx, actor.id));
    const right = await this.passwords.matches(account?.passwordHash ?? null, present);
    if (!right || attempt === 'locked') throw new Rejected('wrong_password', '当前密码不正确', 403);
    await this.unitOfWork.run(async (tx) => {
      await this.operators.setPassword(tx, actor.id, passwordHash);
      await this.sessionRows.revokeAllOf(tx, actor.id);
      await this.audit.append(tx, { actorId: actor.id, act: 'staff.password', object: `operator:${actor.id}` });
    });
    this.sessions.forget(actor.id);
  }

  async list(actor: Operator, { limit, cursor }: PageRequest): Promise<Page<Operator & { active: boolean }>> {
    headquartersOnly(actor);
    checkLimit(limit);
    const after = cursor ? Number(readCursor(cursor, 1)[0]) : 0;
    const rows = await this.operators.page(this.database, after, limit + 1);
    const items = rows.slice(0, limit);
    return { items, nextCursor: rows.length > limit ? writeCursor([items.at(-1)!.id]) : null };
  }

  /** A number that names nobody today could name somebody else's distributor tomorrow. */
  private async mustExist(reader: Pick<Database, 'query'>, distributorId: number): Promise<void> {
    const [row] = await reader.query('SELECT id FROM distributors WHERE id = ?', [distributorId]);
    if (!row) throw new Rejected('no_distributor', '没有这个经销商', 422);
  }
}

function headquartersOnly(actor: Operator | null): void {
  if (actor !== null && !isHeadquarters(actor)) throw new Rejected('forbidden', '只有品牌总部可以管理账号', 403);
}

function ownerOnly(actor: Operator | null): void {
  if (actor !== null && !isOwner(actor)) {
    throw new Rejected('forbidden', '只有品牌负责人可以开设总部账号、管理负责人账号和专项权限', 403);
  }
}

function checked(wanted: NewOperator): Omit<Operator, 'id'> & { readonly rights: readonly OperatorRight[] } {
  const { login, name, distributorId = null, rights = [] } = wanted;
  const roles = inOrder(wanted.roles);
  const normal = normaliseLogin(login);
  if (!LOGIN_PATTERN.test(normal)) {
    throw new Rejected('bad_login', '账号须为 3 至 64 位字母、数字或 . _ @ -，以字母或数字开头', 422);
  }
  const shown = name.trim();
  if (shown.length === 0 || shown.length > MAX_NAME) throw new Rejected('bad_name', '姓名须为 1 至 64 个字符', 422);
  assertRoles(roles, distributorId);
  if (rights.length > 0 && (isOwner({ roles }) || !mayHaveRights({ roles }))) {
    throw new Rejected('bad_role', NO_RIGHTS, 422);
  }
  return { login: normal, name: shown, roles, distributorId, rights };
}

/** Throws Rejected `bad_role` (422) for none at all, and for roles of both sides in one person. */
export function assertRoles(roles: readonly Role[], distributorId: number | null): void {
  const outside = DISTRIBUTOR_ROLES.filter((role) => roles.includes(role)).length;
  if (roles.length === 0) throw new Rejected('bad_role', '请至少选择一个角色', 422);
  if (outside > 0 && outside < roles.length) {
    throw new Rejected('bad_role', '总部角色和经销商角色不能给同一个账号', 422);
  }
  if (outside > 0 !== (distributorId !== null)) {
    throw new Rejected('bad_role', '经销商账号必须且只有经销商账号才能指定经销商', 422);
  }
}
