import { Defect } from '@app/kernel';
import type { Operator } from '@app/staff';
import { LOGINS } from './demo-channel';

/** Somebody of LOGINS; `ids` come in its order. `distributorId` for those who work for one. */
export function demoOperator(
  login: (typeof LOGINS)[number]['login'],
  ids: readonly number[],
  distributorId: number | null = null,
): Operator {
  const at = LOGINS.findIndex((one) => one.login === login);
  const [one, id] = [LOGINS[at], ids[at]];
  if (!one || id === undefined) throw new Defect(`the demo has no ${login}`);
  return { id, login, name: one.name, roles: one.roles, distributorId };
}
