import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Tx } from '@app/database';
import type { MemberId } from '@app/kernel';
import { MergeFollowers } from '@app/members';
import { MemberCounters } from './member-counters.repository';
import { MemberCounts } from './member-counts';

/** Two members are one person: what both counted, and the packets of both that wait, go on under the number that is left. */
@Injectable()
export class FollowMerge implements OnModuleInit {
  constructor(
    private readonly merges: MergeFollowers,
    private readonly counters: MemberCounters,
  ) {}

  onModuleInit(): void {
    this.merges.add((tx, left, gone) => this.run(tx, left, gone));
  }

  async run(tx: Tx, left: MemberId, gone: MemberId): Promise<void> {
    const counts = await this.counters.lock(tx, [left, gone]);
    const theirs = counts.get(gone);
    if (!theirs) return;
    const both = (counts.get(left) ?? MemberCounts.none).plus(theirs);
    await this.counters.save(tx, new Map([[gone, MemberCounts.none]]));
    if (counts.has(left)) await this.counters.save(tx, new Map([[left, both]]));
    else await this.counters.add(tx, new Map([[left, both]]));
  }
}
