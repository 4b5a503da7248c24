import { createHash } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { Random } from '@app/kernel';

/** RFC 6238 as every authenticator app has it: SHA-1, 6 digits, 30 s. */
const SETTINGS = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** RFC 4226 asks for at least 128 bits and recommends 160. */
const SECRET_BYTES = 20;
/** One step to either side: phones' clocks go wrong. */
const WINDOW = 1;

const RECOVERY_CODES = 10;
const RECOVERY_BYTES = 10;
/** Without the letters that are read as digits. */
const RECOVERY_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A new secret, base32. */
export function newSecret(random: Pick<Random, 'bytes'>): string {
  const bytes = Uint8Array.from(random.bytes(SECRET_BYTES));
  return new Secret({ buffer: bytes.buffer }).base32;
}

/** What the QR code says: `otpauth://totp/…`. */
export function uriOf(secret: string, issuer: string, login: string): string {
  return new TOTP({ ...SETTINGS, issuer, label: login, secret }).toString();
}

/** The time step of a code that is right at `now`, give or take 30 s; null for a wrong one. */
export function stepOf(secret: string, code: string, now: Date): number | null {
  if (!/^\d{6}$/.test(code)) return null;
  const totp = new TOTP({ ...SETTINGS, secret });
  const delta = totp.validate({ token: code, timestamp: now.getTime(), window: WINDOW });
  return delta === null ? null : totp.counter({ timestamp: now.getTime() }) + delta;
}

/** The code of a moment, as a phone shows it: for tests and rehearsals, which sign in as people do. */
export function codeAt(secret: string, now: Date): string {
  return new TOTP({ ...SETTINGS, secret }).generate({ timestamp: now.getTime() });
}

/** Ten codes of 80 random bits for the day the phone is lost: `ABCDE-FGHJK-MNPQR-ST` would be misread, so four blocks of four. */
export function newRecoveryCodes(random: Pick<Random, 'bytes'>): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => inBlocks(base32(Buffer.from(random.bytes(RECOVERY_BYTES)))));
}

/** What is kept of a recovery code. 80 random bits need no slow hash. Null for a text that can be none. */
export function recoveryHash(code: string): Buffer | null {
  const plain = code.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll(/[IL]/g, '1').replaceAll('O', '0');
  if (plain.length !== 16) return null;
  return createHash('sha256').update(`recovery ${plain}`).digest();
}

function inBlocks(text: string): string {
  return text.match(/.{4}/g)!.join('-');
}

function base32(bytes: Buffer): string {
  let bits = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  for (let n = 0; n < (bytes.length * 8) / 5; n++) {
    text = RECOVERY_ALPHABET[Number(bits % 32n)]! + text;
    bits /= 32n;
  }
  return text;
}
