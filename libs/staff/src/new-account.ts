import type { Reader } from '@app/database';
import { Rejected } from '@app/kernel';
import { normaliseLogin } from './login-name';
import { DISTRIBUTOR_ROLES, inOrder, isOwner, mayHaveRights, type OperatorRight, type Role } from './operator';

export interface NewAccountFields {
  /** 3 to 64 of a-z, 0-9 and . _ @ - */
  readonly login: string;
  readonly name: string;
  /** At least one; those of headquarters and those of a distributor are never mixed. */
  readonly roles: readonly Role[];
  /** Must be given for roles of a distributor and for no other. */
  readonly distributorId?: number | null;
  /** Beyond the roles; only the owner gives them. */
  readonly rights?: readonly OperatorRight[];
}

export interface CheckedAccount extends NewAccountFields {
  readonly distributorId: number | null;
  readonly rights: readonly OperatorRight[];
}

const LOGIN_PATTERN = /^[a-z0-9][a-z0-9._@-]{2,63}$/;
const MAX_NAME = 64;
export const NO_RIGHTS = '只有总部业务账号可以另外授权';

/** Throws Rejected `bad_login`, `bad_name`, `bad_role` (422). */
export function checkedAccount({
  login,
  name,
  distributorId = null,
  rights = [],
  ...wanted
}: NewAccountFields): CheckedAccount {
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

/** A number that names nobody today could name somebody else's distributor tomorrow. Throws Rejected `no_distributor` (422). */
export async function distributorMustExist(reader: Reader, distributorId: number | null): Promise<void> {
  if (distributorId === null) return;
  const [row] = await reader.query('SELECT id FROM distributors WHERE id = ?', [distributorId]);
  if (!row) throw new Rejected('no_distributor', '没有这个经销商', 422);
}
