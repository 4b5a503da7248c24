import type { PhoneNumber } from './phone-number';

export interface SmsMessage {
  /** The same for every attempt at one message: the gateway sends it once. */
  readonly messageId: string;
  readonly to: PhoneNumber;
  readonly text: string;
}

/** `refused`: the gateway will never send it. `unknown`: it may or may not have; asking again with the same messageId is safe. */
export type SmsVerdict =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly cause: string };

/** Where text messages leave the house. Never throws. */
export abstract class SmsSender {
  /** False when this deployment has no gateway: phones cannot be bound. */
  abstract readonly available: boolean;
  abstract send(message: SmsMessage): Promise<SmsVerdict>;
}
