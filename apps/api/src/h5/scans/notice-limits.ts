import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Rejected } from '@app/kernel';
import { RateLimit } from '../../edge/rate-limit';

/** Carriers put many phones behind one address; a page is read, not polled. */
const PER_MINUTE = 120;
const REHEARSAL_FACTOR = 1000;

/** How fast what everybody may read is asked for by one address, in this process: nobody signs in for it. */
@Injectable()
export class NoticeLimits {
  private readonly addresses: RateLimit;

  constructor(@Inject(CONFIG) { profile }: Config) {
    this.addresses = new RateLimit(PER_MINUTE * (profile === 'rehearsal' ? REHEARSAL_FACTOR : 1));
  }

  /** Throws Rejected 429 with the seconds to wait. */
  admit(ip: string | null): void {
    const wait = ip === null ? 0 : this.addresses.take(ip, performance.now());
    if (wait > 0) throw new Rejected('too_fast', '看得太快了，歇一会儿再打开', 429, { retryAfterSeconds: wait });
  }
}
