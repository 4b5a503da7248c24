import { Injectable } from '@nestjs/common';
import { databaseNow, type Tx } from '@app/database';
import { Defect, fen, Transient, type MemberId } from '@app/kernel';
import { AudiencesRepository } from './audiences/audiences.repository';
import { MemberEventsRepository } from './member-events.repository';
import { MemberIdentitiesRepository } from './member-identities.repository';
import { addTotals, NO_TOTALS } from './member-totals';
import { MergeFollowers } from './merge-followers';
import { MembersRepository, type MemberRow } from './members.repository';
import { NicknamesRepository } from './nickname/nicknames.repository';
import { MemberTagsRepository } from './tags/member-tags.repository';
import { betterStanding } from './tier';

/**
 * Two members turned out to be one person: the older one is left with both sums, both identities, tags and lists, the better tier and a nickname;
 * the other points to it. Events, scans, awards and payouts keep the number they happened under.
 */
@Injectable()
export class MergeMembers {
  constructor(
    private readonly members: MembersRepository,
    private readonly events: MemberEventsRepository,
    private readonly identities: MemberIdentitiesRepository,
    private readonly names: NicknamesRepository,
    private readonly tags: MemberTagsRepository,
    private readonly audiences: AudiencesRepository,
    private readonly followers: MergeFollowers,
  ) {}

  /** Returns the member that is left. Throws Transient when one of them was just erased: then the names belong to nobody by now. */
  async run(tx: Tx, one: MemberId, other: MemberId): Promise<MemberId> {
    const rows = [...(await this.members.lockEffective(tx, [one, other])).values()];
    const [left, gone] = [...new Set(rows)].sort(
      (a, b) => a.createdAt.getTime() - b.createdAt.getTime() || a.id - b.id,
    );
    if (!left) throw new Defect('neither of two members to merge exists');
    if (!gone || gone.id === left.id) return left.id;
    if (left.erasedAt !== null || gone.erasedAt !== null)
      throw new Transient('a member was erased while it was merged');
    await this.members.writeTotals(tx, [
      { ...left, totals: addTotals(left.totals, gone.totals) },
      { ...gone, totals: NO_TOTALS },
    ]);
    await this.writeTraits(tx, left, gone);
    await this.names.move(tx, gone.id, left.id);
    await tx.execute(
      'UPDATE members SET merged_into = ?, phone_bound = 0, follows = NULL WHERE id = ? OR merged_into = ?',
      [left.id, gone.id, gone.id],
    );
    await this.identities.repoint(tx, gone.id, left.id);
    await this.tags.move(tx, gone.id, left.id);
    await this.audiences.moveListed(tx, gone.id, left.id);
    await this.followers.run(tx, left.id, gone.id);
    await this.events.insert(tx, [
      {
        memberId: left.id,
        eventKey: `merged:${gone.id}`,
        kind: 'merged',
        at: await databaseNow(tx),
        amountFen: fen(0),
        spendFen: fen(0),
        adcode: null,
        data: null,
        folded: true,
      },
    ]);
    return left.id;
  }

  /** What is not a sum: of each the better one. Somebody follows when one of the two openids does. */
  private async writeTraits(tx: Tx, left: MemberRow, gone: MemberRow): Promise<void> {
    const { tier, until } = betterStanding(left.standing, gone.standing);
    const told = [left.follows, gone.follows].filter((follows) => follows !== null);
    const follows = told.length === 0 ? null : told.includes(true);
    await tx.execute('UPDATE members SET tier = ?, tier_until = ?, phone_bound = ?, follows = ? WHERE id = ?', [
      ...[tier, until, left.phoneBound || gone.phoneBound, follows],
      left.id,
    ]);
  }
}
