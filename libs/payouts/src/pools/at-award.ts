import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import type { Reader } from '@app/database';
import type { MemberId } from '@app/kernel';
import { Authorisations } from '../authorisations/authorisations';
import { channelFor, merchantOf } from '../channels/merchant-routing';
import type { ChannelName } from '../channels/payout-channel';

const NEEDS_NO_TAP: readonly ChannelName[] = ['redpack_v2', 'transfer_authorized_v3'];

/** Money that reaches its owner without a tap. */
@Injectable()
export class AtAward {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly authorisations: Authorisations,
  ) {}

  /** By which channel each of these may be sent right now; those that wait for a tap are missing. */
  async channels(
    reader: Reader,
    wishes: readonly { readonly payoutKey: string; readonly memberId: MemberId }[],
  ): Promise<ReadonlyMap<string, ChannelName>> {
    const { merchants } = this.config.wechat;
    const agreed = await this.authorisations.inForce(reader, [...new Set(wishes.map(({ memberId }) => memberId))]);
    const silent = wishes.map(({ payoutKey, memberId }) => {
      const channel = channelFor(merchantOf(payoutKey, merchants), merchants, agreed.get(memberId));
      return [payoutKey, channel] as const;
    });
    return new Map(silent.filter(([, channel]) => NEEDS_NO_TAP.includes(channel)));
  }
}
