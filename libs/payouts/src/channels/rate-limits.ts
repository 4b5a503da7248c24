import { Injectable } from '@nestjs/common';
import type { ChannelName, Meaning } from './payout-channel';

type BillAct = 'send' | 'query' | 'cancel';
/** `agree`: whatever is said about agreements to be paid silently. */
export type RateAct = BillAct | 'agree';

/** An address at WeChat that counts the calls of a merchant account. Two channels may share one. */
export interface RateLimit {
  readonly endpoint: string;
  readonly perSecond: number;
}

const TRANSFER_QUERY: RateLimit = { endpoint: 'transfer.query', perSecond: 100 };
const TRANSFER_CANCEL: RateLimit = { endpoint: 'transfer.cancel', perSecond: 20 };
/** 50 a second to ask and to close; of looking no figure is published, so all three share it. */
const AGREEMENTS: RateLimit = { endpoint: 'authorization', perSecond: 50 };

/**
 * WeChat's own figures, per merchant account. 商家转账: 100 a second to create, 100 to query, 20 to cancel. 现金红包: 30 a second to send;
 * of its query no figure is published, so it is taken for the same.
 */
export const WECHAT_LIMITS: Readonly<Record<ChannelName, Readonly<Record<BillAct, RateLimit>>>> = {
  transfer_confirm_v3: {
    send: { endpoint: 'transfer.create', perSecond: 100 },
    query: TRANSFER_QUERY,
    cancel: TRANSFER_CANCEL,
  },
  transfer_authorized_v3: {
    send: { endpoint: 'transfer.authorized', perSecond: 100 },
    query: TRANSFER_QUERY,
    cancel: TRANSFER_CANCEL,
  },
  redpack_v2: {
    send: { endpoint: 'redpack.send', perSecond: 30 },
    query: { endpoint: 'redpack.query', perSecond: 30 },
    cancel: { endpoint: 'redpack.query', perSecond: 30 },
  },
};

/** What we ask of the limit. The hundredth part that is left covers calls that go out up to 10 ms late, see RateLane. */
export const SHARE = 0.99;

/** Codes that say: too fast. The same number is sent again later, and everybody slows down for a while. */
const TOO_FAST = ['FREQ_LIMIT', 'FREQUENCY_LIMITED', 'FREQUENCY_LIMIT_EXCEED', 'RATELIMIT_EXCEEDED', 'HTTP_429'];

export function isTooFast(meaning: Meaning): boolean {
  return meaning.kind === 'retry_same_id' && TOO_FAST.includes(meaning.why);
}

/** The limits in force. A class, so that a measurement may stand on other ones. */
@Injectable()
export class RateLimits {
  of(channel: ChannelName, act: RateAct): RateLimit {
    return act === 'agree' ? AGREEMENTS : WECHAT_LIMITS[channel][act];
  }
}
