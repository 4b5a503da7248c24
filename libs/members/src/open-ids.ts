import type { Reader } from '@app/database';
import { Injectable } from '@nestjs/common';
import type { MemberId } from '@app/kernel';
import { MemberIdentitiesRepository } from './member-identities.repository';

/** Where to send money or a message. */
@Injectable()
export class OpenIds {
  constructor(private readonly identities: MemberIdentitiesRepository) {}

  /**
   * The openid of a member: its own if it had one before a merge, else the oldest of the member that is left. Null when there is
   * none or the person was erased. Personal data: it may be sent to WeChat, but not logged, queued or shown.
   */
  openidOf(reader: Reader, member: MemberId): Promise<string | null> {
    return this.identities.openidOf(reader, member);
  }

  /** The same for several members; those without one are missing. */
  openidsOf(reader: Reader, members: readonly MemberId[]): Promise<ReadonlyMap<MemberId, string>> {
    return this.identities.valuesOf(reader, members, 'openid');
  }
}
