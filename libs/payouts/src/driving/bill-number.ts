import { createHmac } from 'node:crypto';
import { crockford, Defect } from '@app/kernel';

const CHARACTERS = 25;
export const PAYOUT_KEY_PATTERN = /^[0-9A-Za-z:_-]{1,40}$/;
export const BILL_NUMBER_PATTERN = /^Y[0-9A-HJKMNP-TV-Z]{25}$/;

/**
 * The merchant order number of one offer of one payout: `Y` + 25 Crockford characters (125 bits) of HMAC-SHA256(billKey,
 * payoutKey ‖ offerNo). A pure function of natural keys: a restored database makes the same numbers, so WeChat refuses to pay
 * twice what was forgotten here (INVARIANTS I4).
 */
export function billNumber(billKey: Buffer, payoutKey: string, offerNo: number): string {
  if (!PAYOUT_KEY_PATTERN.test(payoutKey)) throw new Defect(`not a payout key: ${payoutKey}`);
  if (!Number.isSafeInteger(offerNo) || offerNo < 1) throw new Defect(`not an offer number: ${offerNo}`);
  const digest = createHmac('sha256', billKey).update(`${payoutKey}\n${offerNo}`, 'utf8').digest();
  return `Y${crockford(digest, CHARACTERS)}`;
}
