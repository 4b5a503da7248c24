import { Inject, Injectable } from '@nestjs/common';
import { counter, LOGGER, type Logger } from '@app/observability';
import type { ChannelName, Meaning } from './payout-channel';
import { RateLane } from './rate-lane';
import { isTooFast, RateLimits, SHARE, type RateAct } from './rate-limits';
import { RateSlotsRepository } from './rate-slots.repository';

const tooFast = counter('payout_rate_errors_total', 'Answers of WeChat that said: too fast', ['endpoint'] as const);

/**
 * Lets calls out at the pace of WeChat's limits, all workers together: the moments are leased from MySQL in blocks, per merchant account and
 * address. Calls of one lane go out in the order in which they asked.
 */
@Injectable()
export class RateGate {
  private readonly lanes = new Map<string, { readonly lane: RateLane; slowedAt: number }>();

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly limits: RateLimits,
    private readonly slots: RateSlotsRepository,
  ) {}

  /** Waits until what is about to begin will soon have its turn. Returns how to leave, to be called when it had its turn. */
  enter(channel: ChannelName, mchId: string, act: RateAct, urgent = false): Promise<() => void> {
    return this.of(channel, mchId, act).lane.enter(urgent);
  }

  /** Resolves when `count` further calls may go out; the last of them is due at that moment. */
  async pass(channel: ChannelName, mchId: string, act: RateAct, count = 1): Promise<void> {
    const { lane } = this.of(channel, mchId, act);
    await Promise.all(Array.from({ length: count }, () => lane.pass()));
  }

  /** When an answer says "too fast" everybody slows down for a while, in every worker. */
  heed(channel: ChannelName, mchId: string, act: RateAct, meaning: Meaning): void {
    if (!isTooFast(meaning)) return;
    const entry = this.of(channel, mchId, act);
    const { endpoint } = this.limits.of(channel, act);
    tooFast.inc({ endpoint });
    if (performance.now() - entry.slowedAt < 1000) return;
    entry.slowedAt = performance.now();
    entry.lane.forget();
    this.slots
      .slowDown(nameOf(mchId, endpoint))
      .catch((error: unknown) => this.logger.warn({ err: error, endpoint }, 'could not slow down'));
  }

  private of(channel: ChannelName, mchId: string, act: RateAct): { readonly lane: RateLane; slowedAt: number } {
    const { endpoint, perSecond } = this.limits.of(channel, act);
    const name = nameOf(mchId, endpoint);
    const known = this.lanes.get(name);
    if (known) return known;
    const everyMs = 1000 / (perSecond * SHARE);
    const lane = new RateLane(everyMs, (count) => this.slots.lease(name, count, everyMs));
    const made = { lane, slowedAt: -Infinity };
    this.lanes.set(name, made);
    return made;
  }
}

function nameOf(mchId: string, endpoint: string): string {
  return `${mchId}:${endpoint}`;
}
