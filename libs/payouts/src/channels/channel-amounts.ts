import type { Merchant } from '@app/config';
import type { ChannelName } from './payout-channel';

/** Fen that one bill may carry, both ends included. */
export interface Payable {
  readonly minFen: number;
  readonly maxFen: number;
}

/** Scene 1000 (现金营销) as WeChat opens it; a merchant can only narrow it. */
const TRANSFER: Payable = { minFen: 10, maxFen: 20_000 };
const REDPACK: Payable = { minFen: 100, maxFen: 20_000 };
/** With a scene that WeChat has opened for the merchant. */
const REDPACK_IN_SCENE: Payable = { minFen: 1, maxFen: 49_900 };

/** What this channel takes at this account; smaller awards are pooled until they reach `minFen`. */
export function payableFen(channel: ChannelName, merchant: Pick<Merchant, 'redpackScene'>): Payable {
  if (channel !== 'redpack_v2') return TRANSFER;
  return merchant.redpackScene === null ? REDPACK : REDPACK_IN_SCENE;
}
