import { Injectable } from '@nestjs/common';
import { Rejected, type MemberId } from '@app/kernel';
import { RateLimit } from '../../edge/rate-limit';

/** A file is written from many reads; nobody needs a third one within a minute. */
const FILES_PER_MINUTE = 2;
const ERASURES_PER_MINUTE = 6;
const NICKNAMES_PER_MINUTE = 10;

/** How often one member may have everything read, or write to their own row, in this process. */
@Injectable()
export class PrivacyLimits {
  private readonly files = new RateLimit(FILES_PER_MINUTE);
  private readonly erasures = new RateLimit(ERASURES_PER_MINUTE);
  private readonly nicknames = new RateLimit(NICKNAMES_PER_MINUTE);

  /** Throws Rejected 429 with the seconds to wait. */
  admitFile(member: MemberId): MemberId {
    return admit(this.files, member);
  }

  admitErasure(member: MemberId): MemberId {
    return admit(this.erasures, member);
  }

  admitNickname(member: MemberId): MemberId {
    return admit(this.nicknames, member);
  }
}

function admit(limit: RateLimit, member: MemberId): MemberId {
  const wait = limit.take(member, performance.now());
  if (wait > 0) throw new Rejected('too_fast', '操作太快了，歇一会儿再试', 429, { retryAfterSeconds: wait });
  return member;
}
