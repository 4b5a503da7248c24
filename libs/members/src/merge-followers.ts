import { Injectable } from '@nestjs/common';
import type { Tx } from '@app/database';
import type { MemberId } from '@app/kernel';

/** Does its part when `gone` becomes `left`, in the transaction of the merge. */
export type FollowMerge = (tx: Tx, left: MemberId, gone: MemberId) => Promise<void>;

/** What other libraries keep per member, and move when two members turn out to be one. They know members; members do not know them. */
@Injectable()
export class MergeFollowers {
  private readonly followers: FollowMerge[] = [];

  /** Once, when the application starts. */
  add(follower: FollowMerge): void {
    this.followers.push(follower);
  }

  async run(tx: Tx, left: MemberId, gone: MemberId): Promise<void> {
    for (const follow of this.followers) await follow(tx, left, gone);
  }
}
