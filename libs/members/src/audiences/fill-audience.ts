import { Injectable } from '@nestjs/common';
import { UnitOfWork, type Tx } from '@app/database';
import { Rejected, type MemberId } from '@app/kernel';
import { AuditLog, type Operator } from '@app/staff';
import { effectiveIds } from '../effective-ids';
import { ownerWhenInUse } from '../in-use';
import { MembersRepository } from '../members.repository';
import { actsForHeadquarters } from '../rights';
import { MAX_LISTED, MAX_LISTED_AT_ONCE, type Audience } from './audience';
import { AudiencesRepository } from './audiences.repository';

/** Puts members on a named list and takes them off, chunk by chunk; a chunk sent twice changes nothing. */
@Injectable()
export class FillAudience {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly members: MembersRepository,
    private readonly audiences: AudiencesRepository,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Returns how many are on the list newly, and how many are on it now. Throws Rejected 404, 409 for an audience that is a rule or that a
   * campaign in force or armed asks about (`audience_in_use`, unless the actor is the owner), 422 for
   * unknown members (then nobody is added), for more than 2,000 in a chunk and for a list that would exceed 1,000,000.
   */
  add(actor: Operator | null, audienceId: number, members: readonly MemberId[]) {
    return this.act(actor, audienceId, members, 'members.list-members', async (tx, ids) => {
      const known = await this.audiences.listsOf(tx, ids, [audienceId]);
      const fresh = ids.filter((id) => !known.has(id));
      await this.audiences.addListed(tx, audienceId, fresh);
      return fresh.length;
    });
  }

  /** Returns how many were on the list until now, and how many are left. Refuses what `add` refuses. */
  remove(actor: Operator | null, audienceId: number, members: readonly MemberId[]) {
    return this.act(actor, audienceId, members, 'members.unlist-members', (tx, ids) =>
      this.audiences.removeListed(tx, audienceId, ids),
    );
  }

  private async act(
    actor: Operator | null,
    audienceId: number,
    members: readonly MemberId[],
    act: string,
    change: (tx: Tx, ids: readonly MemberId[]) => Promise<number>,
  ): Promise<{ changed: number; members: number }> {
    actsForHeadquarters(actor);
    if (members.length === 0 || members.length > MAX_LISTED_AT_ONCE) {
      throw new Rejected('bad_member_list', `一次须为 1 至 ${MAX_LISTED_AT_ONCE} 位会员`, 422);
    }
    return this.unitOfWork.run(async (tx) => {
      const ids = await effectiveIds(tx, this.members, members);
      // After the members, so that a merge and a filling wait for each other in one order; two fillings of a list follow each other.
      listOnly(await this.audiences.lock(tx, audienceId));
      await ownerWhenInUse(tx, actor, { audience: audienceId });
      const changed = await change(tx, ids);
      const left = await this.audiences.listed(tx, audienceId);
      if (left > MAX_LISTED) throw new Rejected('list_full', `一个名单最多 ${MAX_LISTED} 位会员`, 422);
      if (changed > 0) {
        const entry = { act, object: `audience:${audienceId}`, after: { changed, members: left } };
        await this.audit.append(tx, { actorId: actor?.id ?? null, ...entry });
      }
      return { changed, members: left };
    });
  }
}

function listOnly(audience: Audience | null): void {
  if (!audience) throw new Rejected('no_audience', '没有这个人群', 404);
  if (audience.kind !== 'list') throw new Rejected('not_a_list', '这是按条件划定的人群，成员由条件决定', 409);
}
