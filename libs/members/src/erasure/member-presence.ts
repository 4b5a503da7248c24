import { Injectable } from '@nestjs/common';
import type { Tx } from '@app/database';
import { Rejected, type MemberId } from '@app/kernel';
import { MembersRepository } from '../members.repository';

/** Whether somebody is still there. It locks, so that an erasure comes before or after what the caller does, never between. */
@Injectable()
export class MemberPresence {
  constructor(private readonly members: MembersRepository) {}

  /** Those of these numbers whose person was not erased. To be called before any other row is locked. */
  async among(tx: Tx, numbers: readonly MemberId[]): Promise<ReadonlySet<MemberId>> {
    const effective = await this.members.lockEffective(tx, numbers);
    return new Set([...effective].filter(([, row]) => row.erasedAt === null).map(([number]) => number));
  }

  /** Throws Rejected 401 for somebody who is gone. */
  async require(tx: Tx, member: MemberId): Promise<void> {
    const present = await this.among(tx, [member]);
    if (!present.has(member)) throw new Rejected('no_session', '请先在微信里登录', 401);
  }
}
