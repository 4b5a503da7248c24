import { createHmac } from 'node:crypto';
import type { Config } from '@app/config';

/**
 * A key for what is computed from an award instead of stored. Made from the key of the bills, because like a bill such a text must come
 * out the same for as long as anybody holds it.
 */
export function prizeSecret({ keys }: Pick<Config, 'keys'>, purpose: 'coupon' | 'redeem'): Buffer {
  return createHmac('sha256', keys.bill).update(`prize|${purpose}`).digest();
}
