import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { ChannelName } from './payout-channel';

/** Calls per second of one merchant that this process allows itself, somewhat below WeChat's own limits. */
const PER_SECOND: Readonly<Record<ChannelName, { readonly send: number; readonly query: number }>> = {
  transfer_confirm_v3: { send: 80, query: 80 },
  transfer_authorized_v3: { send: 80, query: 80 },
  redpack_v2: { send: 25, query: 25 },
};

/** Spaces calls evenly. Callers wait their turn; how many may wait is bounded by who calls. */
@Injectable()
export class RateGate {
  private readonly freeAt = new Map<string, number>();

  async pass(channel: ChannelName, mchId: string, act: 'send' | 'query'): Promise<void> {
    const key = `${mchId}:${channel}:${act}`;
    const now = performance.now();
    const turn = Math.max(now, this.freeAt.get(key) ?? 0);
    this.freeAt.set(key, turn + 1000 / PER_SECOND[channel][act]);
    if (turn > now) await sleep(turn - now);
  }
}
