import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Rejected, type MemberId } from '@app/kernel';
import { counter } from '@app/observability';
import { RateLimit } from '../../edge/rate-limit';

/** Carriers put many phones behind one address; nobody opens thirty bottles in a minute. */
const PER_MINUTE = { member: 30, ip: 300, misses: 60 };
/** A rehearsal plays thousands of shoppers from one machine. */
const REHEARSAL_FACTOR = 1000;

const refused = counter('scan_requests_refused_total', 'Scan requests that led to no scan', ['reason'] as const);

/** How fast scans may come, per member and per address, in this process; the counters of the database decide about prizes. */
@Injectable()
export class ScanLimits {
  private readonly members: RateLimit;
  private readonly addresses: RateLimit;
  private readonly misses: RateLimit;

  constructor(@Inject(CONFIG) { profile }: Config) {
    const factor = profile === 'rehearsal' ? REHEARSAL_FACTOR : 1;
    this.members = new RateLimit(PER_MINUTE.member * factor);
    this.addresses = new RateLimit(PER_MINUTE.ip * factor);
    this.misses = new RateLimit(PER_MINUTE.misses * factor);
  }

  /** Throws Rejected 429 with the seconds to wait. */
  admit(member: MemberId, ip: string | null): void {
    const now = performance.now();
    const wait = this.members.take(member, now) || (ip === null ? 0 : this.addresses.take(ip, now));
    if (wait > 0) this.refuse(wait);
  }

  /** Counts a text that was no code, or a code that is not ours. An address that keeps guessing is slowed down: throws Rejected 429. */
  miss(reason: 'malformed' | 'forged', ip: string | null): void {
    refused.inc({ reason });
    const wait = ip === null ? 0 : this.misses.take(ip, performance.now());
    if (wait > 0) this.refuse(wait);
  }

  private refuse(retryAfterSeconds: number): never {
    refused.inc({ reason: 'too_fast' });
    throw new Rejected('too_fast', '扫得太快了，歇一会儿再扫', 429, { retryAfterSeconds });
  }
}
