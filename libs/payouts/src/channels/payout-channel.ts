import { PAYOUT_CHANNEL_NAMES, type PayoutChannelName } from '@app/config';
import type { WireReply } from '@app/wechat';

export const PAYOUT_CHANNELS = PAYOUT_CHANNEL_NAMES;
export type ChannelName = PayoutChannelName;

/** What a channel needs to make a request. Amount in fen; `openid` under our appid. */
export interface PrepareParams {
  readonly billNo: string;
  readonly mchId: string;
  readonly amountFen: number;
  readonly openid: string;
  /**
   * The person's agreement at this merchant to be paid silently, see `Authorisations.inForce`; only `transfer_authorized_v3` reads it.
   * Without one that channel makes a request that never leaves: sending it answers `failed` AUTHORISATION_CLOSED.
   */
  readonly authorizationNo?: string;
}

/**
 * Everything of a request that decides who gets how much for what, stored before the first byte is sent. Retries are built from
 * it and nothing else. `body` is in sending order: its JSON text is what is hashed.
 */
export interface FrozenRequest {
  readonly channel: ChannelName;
  readonly mchId: string;
  readonly billNo: string;
  readonly amountFen: number;
  readonly openid: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What an exchange means for the bill. Only `failed` and `refunded` ever prove that no money is on its way. */
export type Meaning =
  | { readonly kind: 'succeeded' }
  /** Accepted; the person must take it. `package` opens WeChat's confirm page, null where the channel has none or did not say. */
  | { readonly kind: 'wait_user'; readonly package: string | null; readonly expiresAt: Date | null }
  /** Accepted and on its way: ask again. */
  | { readonly kind: 'in_flight' }
  /** Nobody knows. Same number, ask, resend. `alarm`: a code or shape we have not seen. */
  | { readonly kind: 'unknown'; readonly why: string; readonly alarm: boolean }
  /** Answer to a query: WeChat has no such bill now. Not a proof of failure. */
  | { readonly kind: 'not_found' }
  /** This exchange changed nothing at WeChat: same number later. */
  | { readonly kind: 'retry_same_id'; readonly why: string; readonly when: 'soon' | 'tomorrow' }
  /** Balance, keys or product are wrong for everybody: the channel pauses, numbers are kept. */
  | { readonly kind: 'channel_blocked'; readonly why: string }
  /** Refused for good by a code that some answers contradict: becomes a failure only when a query agrees. */
  | { readonly kind: 'refused'; readonly why: string }
  /** A proven terminal failure. */
  | { readonly kind: 'failed'; readonly why: string }
  /** Proven to have been paid and returned, or returned unclaimed. */
  | { readonly kind: 'refunded' }
  /** WeChat knows this number with another amount or person: a bug of ours or a theft. */
  | { readonly kind: 'mismatch'; readonly why: string };

export interface Outcome {
  readonly meaning: Meaning;
  /** What was seen, without personal data, for the attempt row. */
  readonly evidence: string;
  /** Our request provably did not arrive, or was provably not taken. */
  readonly notAccepted: boolean;
  /** WeChat's own number of the bill, when it named one. */
  readonly providerNo: string | null;
}

/** One way of paying. Stateless: everything a retry needs is in the frozen request. Never throws for what WeChat does. */
export interface PayoutChannel {
  readonly name: ChannelName;
  /** A waiting bill comes with a package without which nobody can take it. */
  readonly handsOutPackage: boolean;
  prepare(params: PrepareParams): FrozenRequest;
  send(request: FrozenRequest): Promise<Outcome>;
  query(request: FrozenRequest): Promise<Outcome>;
  /** Ends a bill nobody can take any more (its package was lost). Absent where the channel has no such call. */
  cancel?(request: FrozenRequest): Promise<Outcome>;
}

/** The channels of this process by name. */
export abstract class PayoutChannels {
  abstract of(name: ChannelName): PayoutChannel;
}

/** Outcome of an exchange without a usable answer, the same on every channel. */
export function silenceOutcome(reply: Extract<WireReply, { noReply: true }>): Outcome {
  const evidence = `${reply.cause} ${reply.raw}`.trim();
  return { meaning: silenceMeaning(reply), evidence, notAccepted: reply.provablyNotSent, providerNo: null };
}

/** Why a channel is blocked whose certificates have ended: it opens again by itself when new ones are there. */
export const CERTIFICATE_EXPIRED = 'CERTIFICATE_EXPIRED';

function silenceMeaning({ cause, provablyNotSent }: Extract<WireReply, { noReply: true }>): Meaning {
  if (cause === 'expired') return { kind: 'channel_blocked', why: CERTIFICATE_EXPIRED };
  if (provablyNotSent) return { kind: 'retry_same_id', why: cause, when: 'soon' };
  return { kind: 'unknown', why: cause, alarm: cause === 'unverified' || cause === 'unreadable' };
}
