import type { Merchant } from '@app/config';
import { fen, type Fen } from '@app/kernel';
import type { ChannelName } from '../channels/payout-channel';

/** The least that one payment of a channel carries, in fen (`WECHAT.md` §3.2 and §4.5). */
export const CHANNEL_FLOORS: Readonly<Record<ChannelName, number>> = {
  transfer_confirm_v3: 10,
  transfer_authorized_v3: 10,
  redpack_v2: 100,
};
/** Where WeChat has opened a scene for it, a red packet carries less; 10 fen is what transfers carry too. */
const REDPACK_WITH_SCENE = 10;

type Payer = Pick<Merchant, 'channels' | 'enabled' | 'redpackScene'>;

/**
 * What every merchant account of this deployment can pay out in one piece: the highest floor among them, because an account is
 * chosen only when money is asked for. Smaller prizes gather until they reach it.
 */
export function payoutFloorFen(merchants: readonly Payer[]): Fen {
  return fen(Math.max(1, ...merchants.filter(({ enabled }) => enabled).map(floorOf)));
}

function floorOf({ channels, redpackScene }: Payer): number {
  const [first] = channels;
  if (first === undefined) return 0;
  return first === 'redpack_v2' && redpackScene !== null ? REDPACK_WITH_SCENE : CHANNEL_FLOORS[first];
}

/** Whether any account pays without a tap of the winner: red packets, or transfers to people who agreed to that once. */
export function mayPayAtAward(merchants: readonly Payer[]): boolean {
  return merchants.some(
    ({ enabled, channels }) => enabled && (channels[0] === 'redpack_v2' || channels.includes('transfer_authorized_v3')),
  );
}
