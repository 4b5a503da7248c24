import { Injectable } from '@nestjs/common';
import type { Tx } from '@app/database';
import { ChannelBlocksRepository } from '../channels/channel-blocks.repository';
import type { Meaning } from '../channels/payout-channel';
import type { Payout } from '../payout';
import { isAccepted, type Exchange } from './exchange';
import type { Step } from './next-step';

/** What an exchange showed about its channel. */
export interface Shown {
  readonly payout: Payout;
  readonly exchange: Exchange;
  readonly meaning: Meaning;
  readonly step: Step;
}

/** Opens and closes the channels' breaker by what the exchanges of a group showed: once per channel, whatever their number. */
@Injectable()
export class ChannelBreaker {
  constructor(private readonly blocks: ChannelBlocksRepository) {}

  /** By payout key: how long a payout must wait because its channel was met blocked. */
  async after(tx: Tx, shown: readonly Shown[]): Promise<ReadonlyMap<string, number>> {
    const waits = new Map<string, number>();
    for (const group of byChannel(shown)) {
      const blocked = group.filter(({ step }) => step.block !== null);
      const waitMs = blocked.length > 0 ? await this.open(tx, blocked) : await this.heal(tx, group);
      const held = blocked.filter(({ step }) => step.to === 'PENDING');
      for (const { payout } of held) waits.set(payout.payoutKey, waitMs);
    }
    return waits;
  }

  private open(tx: Tx, blocked: readonly Shown[]): Promise<number> {
    const [first] = blocked;
    const { mchId, channel } = first!.payout;
    const probed = blocked.some(({ exchange }) => exchange.probe);
    return this.blocks.block(tx, mchId, channel, first!.step.block!, probed);
  }

  private async heal(tx: Tx, group: readonly Shown[]): Promise<number> {
    const probe = group.find(({ exchange }) => exchange.probe);
    if (!probe) return 0;
    const { mchId, channel } = probe.payout;
    if (isAccepted(probe.meaning)) await this.blocks.unblock(tx, mchId, channel);
    else await this.blocks.probeAgain(tx, mchId, channel);
    return 0;
  }
}

/** Channels in the order of their names, so that two groups lock their rows in one order. */
function byChannel(shown: readonly Shown[]): readonly (readonly Shown[])[] {
  const groups = new Map<string, Shown[]>();
  for (const each of shown) {
    const name = `${each.payout.mchId}:${each.payout.channel}`;
    const group = groups.get(name);
    if (group) group.push(each);
    else groups.set(name, [each]);
  }
  return [...groups].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, group]) => group);
}
