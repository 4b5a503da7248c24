import type { Reader } from '@app/database';
import { Rejected } from '@app/kernel';
import type { Operator } from './operator';
import type { OperatorSecrets, OperatorsRepository } from './operators.repository';
import { maySeeAccount } from './who-may';

/** An account that the actor may see. Throws Rejected `no_operator` (404) for one that is not there and for somebody else's alike. */
export async function findAccount(
  operators: OperatorsRepository,
  reader: Reader,
  actor: Operator,
  id: number,
): Promise<OperatorSecrets> {
  const account = await operators.findById(reader, id);
  if (!account || !maySeeAccount(actor, account)) throw new Rejected('no_operator', '没有这个账号', 404);
  return account;
}
