import { Injectable } from '@nestjs/common';
import { databaseNow, type Tx } from '@app/database';
import { Defect, fen, type MemberId } from '@app/kernel';
import { MemberEventsRepository } from './member-events.repository';
import { MemberIdentitiesRepository } from './member-identities.repository';
import { addTotals, NO_TOTALS } from './member-totals';
import { MembersRepository } from './members.repository';
import { betterStanding } from './tier';

/**
 * Two members turned out to be one person: the older one is left with both sums, both identities and the better tier; the other
 * points to it. Events, scans, awards and payouts keep the number they happened under.
 */
@Injectable()
export class MergeMembers {
  constructor(
    private readonly members: MembersRepository,
    private readonly events: MemberEventsRepository,
    private readonly identities: MemberIdentitiesRepository,
  ) {}

  /** Returns the member that is left. */
  async run(tx: Tx, one: MemberId, other: MemberId): Promise<MemberId> {
    const rows = [...(await this.members.lockEffective(tx, [one, other])).values()];
    const [left, gone] = [...new Set(rows)].sort(
      (a, b) => a.createdAt.getTime() - b.createdAt.getTime() || a.id - b.id,
    );
    if (!left) throw new Defect('neither of two members to merge exists');
    if (!gone || gone.id === left.id) return left.id;
    await this.members.writeTotals(tx, [
      { ...left, totals: addTotals(left.totals, gone.totals) },
      { ...gone, totals: NO_TOTALS },
    ]);
    const { tier, until } = betterStanding(left.standing, gone.standing);
    await tx.execute('UPDATE members SET tier = ?, tier_until = ? WHERE id = ?', [tier, until, left.id]);
    await tx.execute('UPDATE members SET merged_into = ? WHERE id = ? OR merged_into = ?', [left.id, gone.id, gone.id]);
    await this.identities.repoint(tx, gone.id, left.id);
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
}
