import { createCipheriv, type KeyObject } from 'node:crypto';

const ROUNDS = 10;
const BLOCK = 16;
/** Smallest number of different texts a domain may have, by NIST SP 800-38G Rev. 1; below it the cipher can be guessed through. */
const SMALLEST_DOMAIN = 1_000_000n;
const ZERO_IV = Buffer.alloc(BLOCK);

/**
 * FF1, the format-preserving encryption of NIST SP 800-38G, for any radix 2…65536, any tweak, AES-128, -192 or -256.
 * Digits in, as many digits of the same radix out. It follows the standard's steps literally and is slow (tens of µs a text): it is the
 * measure that the code cipher's fast lane is held against, and serves texts of other shapes.
 * Throws RangeError for a radix, digit, tweak or domain outside the standard.
 */
export class Ff1 {
  private readonly base: bigint;

  constructor(
    private readonly key: KeyObject,
    private readonly radix: number,
    private readonly tweak: Uint8Array = new Uint8Array(0),
  ) {
    if (!Number.isInteger(radix) || radix < 2 || radix > 65536) throw new RangeError('radix must be 2 to 65536');
    if (tweak.length >= 2 ** 32) throw new RangeError('tweak is too long');
    this.base = BigInt(radix);
  }

  encrypt(digits: readonly number[]): number[] {
    const { u, v, prf } = this.prepare(digits);
    let a = this.toNumber(digits.slice(0, u));
    let b = this.toNumber(digits.slice(u));
    for (let round = 0; round < ROUNDS; round++) {
      const modulus = this.base ** BigInt(round % 2 === 0 ? u : v);
      const c = (a + prf(round, b)) % modulus;
      a = b;
      b = c;
    }
    return [...this.toDigits(a, u), ...this.toDigits(b, v)];
  }

  decrypt(digits: readonly number[]): number[] {
    const { u, v, prf } = this.prepare(digits);
    let a = this.toNumber(digits.slice(0, u));
    let b = this.toNumber(digits.slice(u));
    for (let round = ROUNDS - 1; round >= 0; round--) {
      const modulus = this.base ** BigInt(round % 2 === 0 ? u : v);
      const c = (((b - prf(round, a)) % modulus) + modulus) % modulus;
      b = a;
      a = c;
    }
    return [...this.toDigits(a, u), ...this.toDigits(b, v)];
  }

  /** Splits the text and gives the round function y = F(round, half) of steps 6.i to 6.iv. */
  private prepare(digits: readonly number[]): { u: number; v: number; prf: (round: number, half: bigint) => bigint } {
    const n = digits.length;
    if (n < 2 || this.base ** BigInt(Math.min(n, 20)) < SMALLEST_DOMAIN)
      throw new RangeError('text is too short for FF1');
    for (const digit of digits) {
      if (!Number.isInteger(digit) || digit < 0 || digit >= this.radix) throw new RangeError('digit outside the radix');
    }
    const u = Math.floor(n / 2);
    const v = n - u;
    const halfBytes = byteLength(this.base ** BigInt(v) - 1n);
    const wanted = 4 * Math.ceil(halfBytes / 4) + 4;
    const padding = modulo(-this.tweak.length - halfBytes - 1, BLOCK);
    const head = this.firstBlock(u, n);
    const message = Buffer.alloc(BLOCK + this.tweak.length + padding + 1 + halfBytes);
    head.copy(message);
    message.set(this.tweak, BLOCK);
    const roundAt = BLOCK + this.tweak.length + padding;
    const prf = (round: number, half: bigint): bigint => {
      message[roundAt] = round;
      message.write(half.toString(16).padStart(2 * halfBytes, '0'), roundAt + 1, 'hex');
      return bytesToNumber(this.stretch(this.mac(message), wanted));
    };
    return { u, v, prf };
  }

  /** P of step 5: method 1, addition 2, ten rounds, radix, split, lengths. */
  private firstBlock(u: number, n: number): Buffer {
    const block = Buffer.from([1, 2, 1, 0, 0, 0, ROUNDS, u % 256, 0, 0, 0, 0, 0, 0, 0, 0]);
    block.writeUIntBE(this.radix, 3, 3);
    block.writeUInt32BE(n, 8);
    block.writeUInt32BE(this.tweak.length, 12);
    return block;
  }

  /** PRF of the standard: CBC-MAC with a zero start, that is the last block of the CBC cipher text. */
  private mac(message: Buffer): Buffer {
    const cipher = createCipheriv(`aes-${this.keyBits()}-cbc`, this.key, ZERO_IV).setAutoPadding(false);
    return cipher.update(message).subarray(-BLOCK);
  }

  /** S of step 6.iii: R, CIPH(R ⊕ 1), CIPH(R ⊕ 2) … cut to `length` bytes. */
  private stretch(r: Buffer, length: number): Buffer {
    if (length <= BLOCK) return r.subarray(0, length);
    const cipher = createCipheriv(`aes-${this.keyBits()}-ecb`, this.key, null).setAutoPadding(false);
    const blocks = [r];
    for (let j = 1; j * BLOCK < length; j++) {
      const block = Buffer.from(r);
      block.writeUInt32BE((block.readUInt32BE(12) ^ j) >>> 0, 12);
      blocks.push(cipher.update(block));
    }
    return Buffer.concat(blocks).subarray(0, length);
  }

  private keyBits(): number {
    return (this.key.symmetricKeySize ?? 0) * 8;
  }

  private toNumber(digits: readonly number[]): bigint {
    let value = 0n;
    for (const digit of digits) value = value * this.base + BigInt(digit);
    return value;
  }

  private toDigits(value: bigint, length: number): number[] {
    const digits = new Array<number>(length);
    for (let i = length - 1; i >= 0; i--) {
      digits[i] = Number(value % this.base);
      value /= this.base;
    }
    return digits;
  }
}

function byteLength(largest: bigint): number {
  return Math.ceil(largest.toString(2).length / 8);
}

function bytesToNumber(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
