import { Rejected } from '@app/kernel';

/** A mobile number of mainland China, as people type it. */
export const PHONE_PATTERN = /^1[3-9]\d{9}$/;

declare const phoneBrand: unique symbol;
/** E.164: `+8613800138000`. Personal data: never logged, queued or stored in clear. */
export type PhoneNumber = string & { readonly [phoneBrand]: true };

/** Throws Rejected 422 for anything but eleven digits of a mobile number. */
export function phoneNumber(typed: string): PhoneNumber {
  if (!PHONE_PATTERN.test(typed)) throw new Rejected('bad_phone', '请填写 11 位手机号', 422);
  return `+86${typed}` as PhoneNumber;
}

/** `138****8000`, the form in which a member sees his own number. */
export function maskedPhone(phone: string): string {
  const digits = phone.replace(/^\+86/, '');
  return `${digits.slice(0, 3)}****${digits.slice(-4)}`;
}
