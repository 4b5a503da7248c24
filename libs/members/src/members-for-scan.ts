import { Injectable } from '@nestjs/common';
import type { MemberId } from '@app/kernel';
import { MembersRepository, type Reader } from './members.repository';
import type { TierKey } from './tier';

/** What a decision may know of a member. */
export interface MemberFacts {
  readonly tier: TierKey;
  /** No consumed code in the totals yet. They follow the scans by a moment: whoever holds the locked counters knows better. */
  readonly isNew: boolean;
  readonly createdAt: Date;
  /** The member that is left after a merge, whose tier and newness these are. */
  readonly mergedInto: MemberId | null;
}

@Injectable()
export class MembersForScan {
  constructor(private readonly members: MembersRepository) {}

  /** Facts of many members in one or two reads. Unknown members are missing. */
  async readMembersForScan(reader: Reader, ids: readonly MemberId[]): Promise<Map<MemberId, MemberFacts>> {
    const rows = await this.members.find(reader, [...new Set(ids)]);
    const left = await this.members.find(
      reader,
      rows.flatMap(({ mergedInto }) => (mergedInto ? [mergedInto] : [])),
    );
    const leftById = new Map(left.map((row) => [row.id, row]));
    return new Map(
      rows.map((row) => {
        const effective = (row.mergedInto && leftById.get(row.mergedInto)) || row;
        const facts = {
          tier: effective.standing.tier,
          isNew: effective.totals.codes === 0,
          createdAt: effective.createdAt,
          mergedInto: row.mergedInto,
        };
        return [row.id, facts] as const;
      }),
    );
  }
}
