import { Injectable } from '@nestjs/common';
import { PayoutChannels, type ChannelName, type PayoutChannel } from './payout-channel';
import { RedpackChannel } from './redpack.channel';
import { TransferConfirmChannel } from './transfer-confirm.channel';

@Injectable()
export class WechatPayoutChannels extends PayoutChannels {
  private readonly channels: Readonly<Record<ChannelName, PayoutChannel>>;

  constructor(transfer: TransferConfirmChannel, redpack: RedpackChannel) {
    super();
    this.channels = { transfer_confirm_v3: transfer, redpack_v2: redpack };
  }

  of(name: ChannelName): PayoutChannel {
    return this.channels[name];
  }
}
