import { createCipheriv, createDecipheriv, createHmac, type CipherGCMTypes } from 'node:crypto';
import type { Config } from '@app/config';
import { Defect, systemRandom } from '@app/kernel';

const CIPHER: CipherGCMTypes = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + IV_BYTES;

/** Number of the key that `personalDataKey` is: a later key takes the next number and old rows stay readable. */
const FIRST_KEY_ID = 1;

/**
 * Seals personal data and bearer secrets at rest: `key id (1) ‖ IV (12) ‖ ciphertext ‖ tag (16)`, AES-256-GCM. The AAD names
 * table, column and row (`sealedAt`), so a sealed value copied to another row does not open.
 */
export class Sealer {
  constructor(
    private readonly keys: ReadonlyMap<number, Buffer>,
    private readonly newest: number,
  ) {
    for (const [id, key] of keys) {
      if (!Number.isInteger(id) || id < 1 || id > 255 || key.length !== 32)
        throw new Defect('not a usable sealing key');
    }
    if (!keys.has(newest)) throw new Defect('the newest sealing key is missing');
  }

  /** The sealer of this deployment. */
  static fromConfig({ keys }: Pick<Config, 'keys'>): Sealer {
    return new Sealer(new Map([[FIRST_KEY_ID, keys.personalData]]), FIRST_KEY_ID);
  }

  /** 29 bytes longer than the text in UTF-8. */
  seal(text: string, aad: string): Buffer {
    const iv = Buffer.from(systemRandom.bytes(IV_BYTES));
    const cipher = createCipheriv(CIPHER, this.keys.get(this.newest)!, iv);
    cipher.setAAD(Buffer.from(aad, 'utf8'));
    return Buffer.concat([
      Buffer.of(this.newest),
      iv,
      cipher.update(text, 'utf8'),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
  }

  /** Throws Defect when the bytes were changed, belong to another row, or need a key that is gone. */
  open(sealed: Buffer, aad: string): string {
    const key = this.keys.get(sealed[0] ?? 0);
    if (!key || sealed.length < HEAD_BYTES + TAG_BYTES) throw new Defect('a sealed value without its key');
    const decipher = createDecipheriv(CIPHER, key, sealed.subarray(1, HEAD_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(aad, 'utf8'));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const body = sealed.subarray(HEAD_BYTES, sealed.length - TAG_BYTES);
    try {
      return decipher.update(body, undefined, 'utf8') + decipher.final('utf8');
    } catch (error) {
      throw new Defect('a sealed value does not belong where it was found', { cause: error });
    }
  }
}

/** AAD of a sealed column: `sealedAt('members', 'openid_sealed', id)`. */
export function sealedAt(table: string, column: string, row: string | number): string {
  return `${table}.${column}:${row}`;
}

/**
 * HMAC-SHA256 of a value, 32 bytes: finds a row by a sealed value without opening any. Prefix the value with what it is
 * (`openid:…`, `phone:…`) so that equal texts of different kinds do not collide.
 */
export function blindIndex(key: Buffer, value: string): Buffer {
  return createHmac('sha256', key).update(value, 'utf8').digest();
}
