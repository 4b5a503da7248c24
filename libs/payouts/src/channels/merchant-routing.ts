import { createHmac } from 'node:crypto';
import type { Merchant } from '@app/config';
import { Defect } from '@app/kernel';
import type { ChannelName } from './payout-channel';

/** What routing must know of a merchant account; the absent parts mean enabled and an ordinary share. */
export interface RoutedMerchant {
  readonly mchId: string;
  readonly enabled?: boolean;
  /** Share of new payouts compared with the others. */
  readonly weight?: number;
}

/** 2^48: that many bits of the digest are one exact number. */
const RANGE = 2 ** 48;

/**
 * Which merchant account pays a payout: a pure function of its key and of the list, by weighted rendezvous (each account draws a
 * number from the key; the best for its weight wins). When an account is switched off only its own share goes elsewhere.
 *
 * It is asked once, at the birth of a payout. A payout keeps its account for ever, also while that account is empty: its bill number
 * is known to that one merchant only, and the same number at another account would be a second, valid payment.
 */
export function merchantOf(payoutKey: string, merchants: readonly RoutedMerchant[]): string {
  const open = merchants.filter(({ enabled }) => enabled !== false);
  const [first, ...others] = open;
  if (!first) throw new Defect('no merchant account is configured');
  if (others.length === 0) return first.mchId;
  let best = first;
  let bestScore = scoreOf(payoutKey, first);
  for (const merchant of others) {
    const score = scoreOf(payoutKey, merchant);
    if (score < bestScore || (score === bestScore && merchant.mchId < best.mchId)) {
      best = merchant;
      bestScore = score;
    }
  }
  return best.mchId;
}

/** An exponential draw with the weight as its rate: the smallest wins in proportion to the weights. */
function scoreOf(payoutKey: string, { mchId, weight = 1 }: RoutedMerchant): number {
  const digest = createHmac('sha256', 'merchant').update(`${mchId}\n${payoutKey}`, 'utf8').digest();
  return -Math.log((digest.readUIntBE(0, 6) + 1) / RANGE) / weight;
}

/**
 * The channel of an offer at this account: silent when the person has agreed to that, at this very account, and WeChat has opened it;
 * else the account's first channel. Asked when an offer begins; a bill keeps its channel for ever.
 */
export function channelFor(
  mchId: string,
  merchants: readonly Pick<Merchant, 'mchId' | 'channels'>[],
  inForce?: { readonly mchId: string },
): ChannelName {
  const merchant = merchants.find((candidate) => candidate.mchId === mchId);
  const [first] = merchant?.channels ?? [];
  if (!merchant || !first) throw new Defect(`merchant ${mchId} is not configured`);
  const silent = inForce?.mchId === mchId && merchant.channels.includes('transfer_authorized_v3');
  return silent ? 'transfer_authorized_v3' : first;
}

/**
 * How much of what a person wins an agreement at this account pays silently: `all` while no other account gets new payouts, else `some`. It
 * does not move payouts to its account (decision 0009), so nobody may be promised more than this.
 */
export function silentReach(mchId: string, merchants: readonly RoutedMerchant[]): 'all' | 'some' {
  return merchants.every((one) => one.mchId === mchId || one.enabled === false) ? 'all' : 'some';
}
