import { type KeyObject } from 'node:crypto';

/**
 * AES, forward direction, one block at a time, in plain JavaScript (FIPS 197 with the usual four look-up tables).
 * A native call costs some 3 µs however little it is given; a single code needs ten dependent blocks, so this is what makes
 * decoding one code cheap. Buffers full of codes go through node:crypto instead, see code-cipher.ts.
 * Table look-ups are not constant time: an attacker would need to share the processor's cache with us. Tested against node:crypto.
 */
const SBOX = new Uint8Array(256);
const T0 = new Int32Array(256);
const T1 = new Int32Array(256);
const T2 = new Int32Array(256);
const T3 = new Int32Array(256);
fillTables();

export class AesBlock {
  private readonly roundKeys: Int32Array;
  /** The result of the last `encrypt`, four big-endian words. */
  readonly out = new Int32Array(4);

  constructor(key: KeyObject) {
    this.roundKeys = expandKey(key.export());
  }

  /** Encrypts the block made of four big-endian words into `out`. */
  encrypt(w0: number, w1: number, w2: number, w3: number): void {
    const k = this.roundKeys;
    const last = k.length - 4;
    let a = w0 ^ k[0]!;
    let b = w1 ^ k[1]!;
    let c = w2 ^ k[2]!;
    let d = w3 ^ k[3]!;
    for (let i = 4; i < last; i += 4) {
      const e = T0[a >>> 24]! ^ T1[(b >>> 16) & 255]! ^ T2[(c >>> 8) & 255]! ^ T3[d & 255]! ^ k[i]!;
      const f = T0[b >>> 24]! ^ T1[(c >>> 16) & 255]! ^ T2[(d >>> 8) & 255]! ^ T3[a & 255]! ^ k[i + 1]!;
      const g = T0[c >>> 24]! ^ T1[(d >>> 16) & 255]! ^ T2[(a >>> 8) & 255]! ^ T3[b & 255]! ^ k[i + 2]!;
      const h = T0[d >>> 24]! ^ T1[(a >>> 16) & 255]! ^ T2[(b >>> 8) & 255]! ^ T3[c & 255]! ^ k[i + 3]!;
      a = e;
      b = f;
      c = g;
      d = h;
    }
    const out = this.out;
    out[0] = lastRound(a, b, c, d) ^ k[last]!;
    out[1] = lastRound(b, c, d, a) ^ k[last + 1]!;
    out[2] = lastRound(c, d, a, b) ^ k[last + 2]!;
    out[3] = lastRound(d, a, b, c) ^ k[last + 3]!;
  }
}

function lastRound(a: number, b: number, c: number, d: number): number {
  return (SBOX[a >>> 24]! << 24) | (SBOX[(b >>> 16) & 255]! << 16) | (SBOX[(c >>> 8) & 255]! << 8) | SBOX[d & 255]!;
}

function expandKey(key: Buffer): Int32Array {
  const words = key.length / 4;
  if (words !== 4 && words !== 6 && words !== 8) throw new RangeError('an AES key has 16, 24 or 32 bytes');
  const expanded = new Int32Array(4 * (words + 7));
  for (let i = 0; i < words; i++) expanded[i] = key.readInt32BE(4 * i);
  let roundConstant = 1;
  for (let i = words; i < expanded.length; i++) {
    let word = expanded[i - 1]!;
    if (i % words === 0) {
      word = (word << 8) | (word >>> 24);
      word = lastRound(word, word, word, word) ^ (roundConstant << 24);
      roundConstant = double(roundConstant);
    } else if (words > 6 && i % words === 4) {
      word = lastRound(word, word, word, word);
    }
    expanded[i] = expanded[i - words]! ^ word;
  }
  return expanded;
}

/** Multiplication by x in GF(2^8). */
function double(value: number): number {
  return ((value << 1) ^ (value & 0x80 ? 0x11b : 0)) & 0xff;
}

function fillTables(): void {
  // p runs through all non-zero field elements as powers of 3, q through their inverses.
  let p = 1;
  let q = 1;
  do {
    p = p ^ double(p);
    q ^= q << 1;
    q ^= q << 2;
    q ^= q << 4;
    q &= 0xff;
    if (q & 0x80) q ^= 0x09;
    const rotated = q ^ rotate8(q, 1) ^ rotate8(q, 2) ^ rotate8(q, 3) ^ rotate8(q, 4);
    SBOX[p] = rotated ^ 0x63;
  } while (p !== 1);
  SBOX[0] = 0x63;
  for (let i = 0; i < 256; i++) {
    const s = SBOX[i]!;
    const twice = double(s);
    const word = (twice << 24) | (s << 16) | (s << 8) | (twice ^ s);
    T0[i] = word;
    T1[i] = (word >>> 8) | (word << 24);
    T2[i] = (word >>> 16) | (word << 16);
    T3[i] = (word >>> 24) | (word << 8);
  }
}

function rotate8(value: number, by: number): number {
  return ((value << by) | (value >> (8 - by))) & 0xff;
}
