import { Defect } from './errors';

/** A member's number: 52 random bits, so that rows of new members spread over the key space. Fits a JS number exactly. */
export type MemberId = number & { readonly __id: 'member' };
/** One scan attempt, named by the phone: 16-36 characters of [0-9A-Za-z-]. Unique per member. */
export type ScanId = string & { readonly __id: 'scan' };

export function memberId(value: number | string): MemberId {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number <= 0) throw new Defect(`not a member id: ${String(value)}`);
  return number as MemberId;
}

export const SCAN_ID_PATTERN = /^[0-9A-Za-z-]{16,36}$/;

export function scanId(value: string): ScanId {
  if (!SCAN_ID_PATTERN.test(value)) throw new Defect('not a scan id');
  return value as ScanId;
}

/** What a printed code stands for. batch < 2^22, layer < 2^4, serial < 2^30. */
export interface CodeTriple {
  readonly batch: number;
  readonly layer: number;
  readonly serial: number;
}

/** The natural key of a code, `batch:layer:serial`, as used in payout keys, logs and maps. */
export function codeKey(code: CodeTriple): string {
  return `${code.batch}:${code.layer}:${code.serial}`;
}
