import { Injectable } from '@nestjs/common';
import { Database, UnitOfWork } from '@app/database';
import { Rejected, type MemberId } from '@app/kernel';
import { MembersRepository } from '../members.repository';
import { readNickname } from './nickname-text';
import { NicknamesRepository } from './nicknames.repository';

/** What a member wants to be called. WeChat is not asked for it: people give it themselves or not at all. */
@Injectable()
export class MemberNickname {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly members: MembersRepository,
    private readonly names: NicknamesRepository,
  ) {}

  /** Null when there is none. Bearer of personal data: never log it. */
  of(member: MemberId): Promise<string | null> {
    return this.names.read(this.database, member);
  }

  /**
   * Returns it as it is kept; null takes it away. Doing it twice is doing it once. Throws Rejected 422 `bad_nickname` for what cannot be
   * read, 401 for somebody who is not there any more.
   */
  async change(member: MemberId, typed: string | null): Promise<string | null> {
    const nickname = typed === null ? null : readNickname(typed);
    await this.unitOfWork.run(async (tx) => {
      const row = (await this.members.lockEffective(tx, [member])).get(member);
      if (!row || row.erasedAt !== null) throw new Rejected('no_session', '请先在微信里登录', 401);
      await this.names.write(tx, row.id, nickname);
    });
    return nickname;
  }
}
