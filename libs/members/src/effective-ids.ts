import type { Tx } from '@app/database';
import { Rejected, type MemberId } from '@app/kernel';
import type { MembersRepository } from './members.repository';

const TOLD = 20;

/**
 * The members that are left of a list people gave us, each once, by id, with their rows locked. Throws Rejected 422 naming the first
 * ones that are unknown or were erased.
 */
export async function effectiveIds(
  tx: Tx,
  repository: MembersRepository,
  members: readonly MemberId[],
): Promise<MemberId[]> {
  const effective = await repository.lockEffective(tx, members);
  const unknown = members.filter((id) => effective.get(id)?.erasedAt !== null);
  if (unknown.length > 0) {
    throw new Rejected('no_such_member', `名单里有 ${unknown.length} 个会员编号不存在或已注销，什么都没有改动`, 422, {
      memberIds: unknown.slice(0, TOLD),
    });
  }
  return [...new Set([...effective.values()].map(({ id }) => id))].sort((a, b) => a - b);
}
