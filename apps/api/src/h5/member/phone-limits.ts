import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '@app/config';
import { Rejected } from '@app/kernel';
import { ClientAddress } from '../../edge/client-address';
import { RateLimit } from '../../edge/rate-limit';

/** Carriers put many phones behind one address; a machine that tries numbers is far beyond this. */
const PER_MINUTE = 60;
/** A rehearsal plays thousands of people from one machine. */
const REHEARSAL_FACTOR = 1000;

/** How fast one address may ask for codes and try them, in this process; the database counts per member and per number. */
@Injectable()
export class PhoneLimits {
  private readonly addresses: RateLimit;

  constructor(
    @Inject(CONFIG) { profile }: Config,
    private readonly clients: ClientAddress,
  ) {
    this.addresses = new RateLimit(PER_MINUTE * (profile === 'rehearsal' ? REHEARSAL_FACTOR : 1));
  }

  /** Throws Rejected 429 with the seconds to wait. */
  admit(request: FastifyRequest): void {
    const ip = this.clients.of(request);
    const wait = ip === null ? 0 : this.addresses.take(ip, performance.now());
    if (wait > 0) throw new Rejected('too_fast', '操作太快了，歇一会儿再试', 429, { retryAfterSeconds: wait });
  }
}
