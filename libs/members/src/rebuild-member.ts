import { Injectable } from '@nestjs/common';
import { UnitOfWork, type Tx } from '@app/database';
import type { MemberId } from '@app/kernel';
import { MemberEventsRepository } from './member-events.repository';
import { foldEvents, NO_TOTALS, type MemberTotals } from './member-totals';
import { MembersRepository } from './members.repository';
import { SpendWindow } from './spend-window';

const PAGE = 2000;

/** Makes a member's totals again from all its events. Must give what the folds gave (INVARIANTS I22). */
@Injectable()
export class RebuildMember {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly members: MembersRepository,
    private readonly events: MemberEventsRepository,
    private readonly spend: SpendWindow,
  ) {}

  /** Of a member that was merged, the one that is left is rebuilt. Returns null for an unknown member. */
  async run(member: MemberId): Promise<MemberTotals | null> {
    return this.unitOfWork.run(async (tx) => {
      const row = (await this.members.lockEffective(tx, [member])).get(member);
      if (!row) return null;
      const ids = await this.members.idsCountingFor(tx, row.id);
      const spendFrom = await this.spend.from(tx);
      let totals = NO_TOTALS;
      for (const id of ids) totals = await this.foldAll(tx, id, totals, spendFrom);
      await this.events.markFolded(tx, ids);
      await this.members.writeTotals(tx, [{ ...row, totals }]);
      return totals;
    });
  }

  private async foldAll(tx: Tx, id: MemberId, start: MemberTotals, spendFrom: Date): Promise<MemberTotals> {
    let totals = start;
    for (let after = ''; ;) {
      const events = await this.events.page(tx, id, after, PAGE);
      totals = foldEvents(totals, events, spendFrom);
      const last = events.at(-1);
      if (!last || events.length < PAGE) return totals;
      after = last.eventKey;
    }
  }
}
