import { Injectable } from '@nestjs/common';
import { UnitOfWork, type Tx } from '@app/database';
import { Rejected, type MemberId } from '@app/kernel';
import { AuditLog, type Operator } from '@app/staff';
import { effectiveIds } from '../effective-ids';
import { ownerWhenInUse } from '../in-use';
import { MembersRepository } from '../members.repository';
import { actsForHeadquarters } from '../rights';
import { MemberTagsRepository } from './member-tags.repository';
import { cleanTag, MAX_TAGGED_AT_ONCE, MAX_TAGS_OF_MEMBER } from './tag';

const TOLD = 20;

/** One tag for a list of members. Members that were merged are taken for the member that is left. */
@Injectable()
export class TagMembers {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly members: MembersRepository,
    private readonly tags: MemberTagsRepository,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Returns how many members have the tag newly; who had it keeps it. `actor` null = the system itself. Throws Rejected 422 for a bad
   * tag, for unknown members, for more than 2,000 at once and for a member that would have more than 30, and 409 `tag_in_use` when a campaign in
   * force or armed asks about the tag and the actor is not the owner; then nobody is tagged.
   */
  add(actor: Operator | null, tag: string, members: readonly MemberId[]): Promise<{ changed: number }> {
    return this.act(actor, 'members.tag', tag, members, async (tx, clean, ids) => {
      const having = await this.tags.having(tx, clean, ids);
      const fresh = ids.filter((id) => !having.has(id));
      if (fresh.length === 0) return 0;
      const counts = await this.tags.counts(tx, fresh);
      const full = fresh.filter((id) => (counts.get(id) ?? 0) >= MAX_TAGS_OF_MEMBER);
      if (full.length > 0) {
        const details = { memberIds: full.slice(0, TOLD) };
        throw new Rejected('too_many_tags', `每位会员最多 ${MAX_TAGS_OF_MEMBER} 个标签`, 422, details);
      }
      await this.tags.insert(tx, clean, fresh, actor?.id ?? null);
      return fresh.length;
    });
  }

  /** Returns how many had the tag until now. Refuses what `add` refuses. */
  remove(actor: Operator | null, tag: string, members: readonly MemberId[]): Promise<{ changed: number }> {
    return this.act(actor, 'members.untag', tag, members, (tx, clean, ids) => this.tags.remove(tx, clean, ids));
  }

  private async act(
    actor: Operator | null,
    act: string,
    tag: string,
    members: readonly MemberId[],
    change: (tx: Tx, tag: string, ids: readonly MemberId[]) => Promise<number>,
  ): Promise<{ changed: number }> {
    actsForHeadquarters(actor);
    const clean = cleanTag(tag);
    if (members.length === 0 || members.length > MAX_TAGGED_AT_ONCE) {
      throw new Rejected('bad_member_list', `一次须为 1 至 ${MAX_TAGGED_AT_ONCE} 位会员`, 422);
    }
    return this.unitOfWork.run(async (tx) => {
      await ownerWhenInUse(tx, actor, { tag: clean });
      const ids = await effectiveIds(tx, this.members, members);
      const changed = await change(tx, clean, ids);
      if (changed === 0) return { changed };
      await this.tags.copyToRows(tx, ids);
      const after = { members: changed, asked: members.length };
      await this.audit.append(tx, { actorId: actor?.id ?? null, act, object: `tag:${clean}`, after });
      return { changed };
    });
  }
}
