import { Injectable } from '@nestjs/common';
import { PayoutChannels, type ChannelName, type PayoutChannel } from './payout-channel';
import { RedpackChannel } from './redpack.channel';
import { TransferAuthorizedChannel } from './transfer-authorized.channel';
import { TransferConfirmChannel } from './transfer-confirm.channel';

@Injectable()
export class WechatPayoutChannels extends PayoutChannels {
  private readonly channels: Readonly<Record<ChannelName, PayoutChannel>>;

  constructor(confirmed: TransferConfirmChannel, authorized: TransferAuthorizedChannel, redpack: RedpackChannel) {
    super();
    this.channels = { transfer_confirm_v3: confirmed, transfer_authorized_v3: authorized, redpack_v2: redpack };
  }

  of(name: ChannelName): PayoutChannel {
    return this.channels[name];
  }
}
