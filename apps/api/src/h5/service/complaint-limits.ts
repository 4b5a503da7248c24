import { Injectable } from '@nestjs/common';
import { Rejected, type MemberId } from '@app/kernel';
import { RateLimit } from '../../edge/rate-limit';

/** A person who writes or sends photos never needs more; the database counts complaints by the day. */
const PER_MINUTE = 12;

/** How fast one member may write to us, in this process. */
@Injectable()
export class ComplaintLimits {
  private readonly members = new RateLimit(PER_MINUTE);

  /** Throws Rejected 429 with the seconds to wait. */
  admit(member: MemberId): MemberId {
    const wait = this.members.take(member, performance.now());
    if (wait > 0) throw new Rejected('too_fast', '操作太快了，歇一会儿再试', 429, { retryAfterSeconds: wait });
    return member;
  }
}
