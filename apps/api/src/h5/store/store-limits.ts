import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Rejected, type MemberId } from '@app/kernel';
import { RateLimit } from '../../edge/rate-limit';

/** A busy till scans a prize every few seconds; who tries out tokens or bindings is far beyond this. */
const PER_MINUTE = 60;
const REHEARSAL_FACTOR = 1000;

/** How fast one person may look prizes up, redeem them and ask to be bound, in this process. */
@Injectable()
export class StoreLimits {
  private readonly members: RateLimit;

  constructor(@Inject(CONFIG) { profile }: Config) {
    this.members = new RateLimit(PER_MINUTE * (profile === 'rehearsal' ? REHEARSAL_FACTOR : 1));
  }

  /** Throws Rejected 429 with the seconds to wait. */
  admit(member: MemberId): void {
    const wait = this.members.take(member, performance.now());
    if (wait > 0) throw new Rejected('too_fast', '操作太快了，歇一会儿再试', 429, { retryAfterSeconds: wait });
  }
}
