import { createSecretKey, type KeyObject } from 'node:crypto';
import { CROCKFORD, Defect, type CodeTriple } from '@app/kernel';
import { BODY_LENGTH, CodeCipher } from './code-cipher';
import {
  assertTriple,
  CODE_LENGTH,
  MAX_SERIAL,
  packTriple,
  parseCode,
  readBody,
  unpackTriple,
  writeBody,
} from './code-text';

/** AES-256 keys by key character. */
export type CodeKeys = ReadonlyMap<string, KeyObject | Uint8Array>;

/** `malformed`: cannot be a code of anybody. `forged`: has the shape of a code, but nobody with our keys made it. */
export type DecodedCode = (CodeTriple & { readonly key: string; readonly text: string }) | 'malformed' | 'forged';

/** The order in which key characters are taken into use; the newest one present issues. */
const KEY_ORDER = 'ABCDEFGHJKMNPQRSTVWXYZ0123456789';

/** Turns code texts into (batch, layer, serial) and back. Never touches a disk or a network. */
export class CodeBook {
  private readonly ciphers = new Map<string, CodeCipher>();
  /** The key character that new batches are issued under. */
  readonly issuingKey: string;

  constructor(keys: CodeKeys) {
    if (keys.size === 0) throw new Defect('no code key');
    for (const [character, key] of keys) {
      if (character.length !== 1 || !CROCKFORD.includes(character))
        throw new Defect(`not a key character: ${character}`);
      this.ciphers.set(character, new CodeCipher(key instanceof Uint8Array ? createSecretKey(key) : key));
    }
    this.issuingKey = [...KEY_ORDER].findLast((character) => keys.has(character))!;
  }

  /** Reads anything a person typed or a scanner read. */
  decode(text: string): DecodedCode {
    const code = parseCode(text);
    if (code === null) return 'malformed';
    const key = code[0]!;
    const cipher = this.ciphers.get(key);
    if (cipher === undefined) return 'forged';
    const value = readBody(code);
    cipher.decrypt(value);
    const triple = unpackTriple(value);
    return triple === null ? 'forged' : { key, text: code, ...triple };
  }

  /** The 17 characters of one code. */
  encode(code: CodeTriple, key = this.issuingKey): string {
    assertTriple(code);
    const value = packTriple(code);
    this.cipher(key).encrypt(value);
    return key + writeBody(value);
  }

  /**
   * Writes the codes of serials `[from, from + count)` as text: code i occupies 17 bytes at `out[at + i × stride]`; bytes between are
   * left alone. At most `CodeBook.slice` at a time, so that callers can let the event loop breathe.
   */
  writeCodes(
    range: { key: string; batch: number; layer: number; from: number; count: number },
    out: Buffer,
    at = 0,
    stride = CODE_LENGTH,
  ): void {
    const { key, from, count } = range;
    if (count === 0) return;
    assertTriple({ batch: range.batch, layer: range.layer, serial: from });
    if (from + count - 1 > MAX_SERIAL) throw new Defect('range of serials goes beyond 2^30');
    if (at + (count - 1) * stride + 1 + BODY_LENGTH > out.length) throw new Defect('no room for that many codes');
    const first = packTriple({ batch: range.batch, layer: range.layer, serial: 0 });
    this.cipher(key).encryptSlice(
      count,
      (into) => {
        into.leftHigh.fill(first.leftHigh, 0, count);
        for (let i = 0; i < count; i++) {
          const serial = from + i;
          into.leftLow[i] = first.leftLow | (serial >>> 16);
          into.rightHigh[i] = serial >>> 8;
          into.rightLow[i] = serial << 24;
        }
      },
      out,
      at + 1,
      stride,
    );
    const letter = key.charCodeAt(0);
    for (let i = 0, position = at; i < count; i++, position += stride) out[position] = letter;
  }

  static readonly slice = CodeCipher.slice;

  private cipher(key: string): CodeCipher {
    const cipher = this.ciphers.get(key);
    if (cipher === undefined) throw new Defect(`no code key ${key}`);
    return cipher;
  }
}
