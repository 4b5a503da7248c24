import { createCipheriv, type Cipher, type KeyObject } from 'node:crypto';
import { CROCKFORD } from '@app/kernel';
import { AesBlock } from './aes-block';

/** Characters of a code that carry the encrypted 80 bits; the key character before them is not encrypted. */
export const BODY_LENGTH = 16;
/** Codes that travel through the cipher together: 64 KiB of blocks, which stays in the second-level cache. */
const SLICE = 4096;
const ROUNDS = 10;
const BLOCK = 16;
/** P of FF1 for radix 32, n = 16, no tweak. It never changes, so its encryption is done once per key. */
const FIRST_BLOCK = Buffer.from([1, 2, 1, 0, 0, 32, ROUNDS, 8, 0, 0, 0, 16, 0, 0, 0, 0]);

/** An 80-bit value as two 40-bit halves, each an 8-bit and a 32-bit part. */
export interface Halves {
  leftHigh: number;
  leftLow: number;
  rightHigh: number;
  rightLow: number;
}

/**
 * FF1 with AES-256, radix 32, 16 digits, no tweak: the shape of every code. Sixteen base-32 digits are exactly 80 bits, so digits need
 * not be formed: a half is 40 bits, its addition is modulo 2^40, and of the round's output only bytes 7 to 11 matter
 * (d = 12 bytes, the lowest 40 bits). A round is therefore one AES block per code.
 *
 * `encryptRange` sends thousands of codes through one native call per round; `encrypt` and `decrypt` serve one code.
 * Equality with the general FF1 and with an independent implementation is tested over random and edge inputs.
 */
export class CodeCipher {
  private readonly aes: AesBlock;
  private readonly bulk: Cipher;
  /** Encrypted P, as the four words that every round's input is XORed into. */
  private readonly mask: Int32Array;
  private scratch: Scratch | null = null;

  constructor(key: KeyObject) {
    if (key.symmetricKeySize !== 32) throw new RangeError('a code key has 32 bytes');
    this.aes = new AesBlock(key);
    this.bulk = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
    const encrypted = this.bulk.update(FIRST_BLOCK);
    this.mask = Int32Array.from([0, 4, 8, 12], (at) => encrypted.readInt32BE(at));
  }

  /** Encrypts one value in place. */
  encrypt(value: Halves): void {
    for (let round = 0; round < ROUNDS; round += 2) {
      this.round(round, value.rightHigh, value.rightLow);
      const left = value.leftLow + (this.aes.out[2]! >>> 0);
      value.leftHigh = (value.leftHigh + (this.aes.out[1]! & 255) + (left > 0xffffffff ? 1 : 0)) & 255;
      value.leftLow = left >>> 0;
      this.round(round + 1, value.leftHigh, value.leftLow);
      const right = value.rightLow + (this.aes.out[2]! >>> 0);
      value.rightHigh = (value.rightHigh + (this.aes.out[1]! & 255) + (right > 0xffffffff ? 1 : 0)) & 255;
      value.rightLow = right >>> 0;
    }
  }

  /** Decrypts one value in place. */
  decrypt(value: Halves): void {
    for (let round = ROUNDS - 2; round >= 0; round -= 2) {
      this.round(round + 1, value.leftHigh, value.leftLow);
      const right = value.rightLow - (this.aes.out[2]! >>> 0);
      value.rightHigh = (value.rightHigh - (this.aes.out[1]! & 255) - (right < 0 ? 1 : 0)) & 255;
      value.rightLow = right >>> 0;
      this.round(round, value.rightHigh, value.rightLow);
      const left = value.leftLow - (this.aes.out[2]! >>> 0);
      value.leftHigh = (value.leftHigh - (this.aes.out[1]! & 255) - (left < 0 ? 1 : 0)) & 255;
      value.leftLow = left >>> 0;
    }
  }

  private round(number: number, high: number, low: number): void {
    const mask = this.mask;
    this.aes.encrypt(mask[0]!, mask[1]!, mask[2]! ^ (number << 8) ^ high, mask[3]! ^ low);
  }

  /**
   * Encrypts `count` values and writes the 16 characters of number i at `out[at + i × stride]`. `load(i, into)` gives value `i`
   * through the arrays. Count is at most `CodeCipher.slice`; the caller walks longer ranges, and yields between slices.
   */
  encryptSlice(count: number, load: (into: SliceInput) => void, out: Buffer, at: number, stride: number): void {
    if (count > SLICE) throw new RangeError('a slice is too long');
    const scratch = (this.scratch ??= makeScratch(this.mask));
    load(scratch);
    const input = count === SLICE ? scratch.blocks : scratch.blocks.subarray(0, count * BLOCK);
    for (let round = 0; round < ROUNDS; round += 2) {
      fillBlocks(scratch.view, this.mask, round, scratch.rightHigh, scratch.rightLow, count);
      addOutput(this.bulk.update(input), scratch.leftHigh, scratch.leftLow, count);
      fillBlocks(scratch.view, this.mask, round + 1, scratch.leftHigh, scratch.leftLow, count);
      addOutput(this.bulk.update(input), scratch.rightHigh, scratch.rightLow, count);
    }
    const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
    for (let i = 0, position = at; i < count; i++, position += stride) {
      writeHalf(view, position, scratch.leftHigh[i]!, scratch.leftLow[i]!);
      writeHalf(view, position + 8, scratch.rightHigh[i]!, scratch.rightLow[i]!);
    }
  }

  static readonly slice = SLICE;
}

export interface SliceInput {
  readonly leftHigh: Uint8Array;
  readonly leftLow: Uint32Array;
  readonly rightHigh: Uint8Array;
  readonly rightLow: Uint32Array;
}

interface Scratch extends SliceInput {
  readonly blocks: Buffer;
  readonly view: DataView;
}

function makeScratch(mask: Int32Array): Scratch {
  const blocks = Buffer.alloc(SLICE * BLOCK);
  const view = new DataView(blocks.buffer, blocks.byteOffset, blocks.byteLength);
  // The first ten bytes of a round's block are zero before masking: written once, for ever.
  for (let i = 0; i < SLICE; i++) {
    view.setInt32(i * BLOCK, mask[0]!);
    view.setInt32(i * BLOCK + 4, mask[1]!);
  }
  return {
    blocks,
    view,
    leftHigh: new Uint8Array(SLICE),
    leftLow: new Uint32Array(SLICE),
    rightHigh: new Uint8Array(SLICE),
    rightLow: new Uint32Array(SLICE),
  };
}

function fillBlocks(
  view: DataView,
  mask: Int32Array,
  round: number,
  high: Uint8Array,
  low: Uint32Array,
  count: number,
): void {
  const third = mask[2]! ^ (round << 8);
  const fourth = mask[3]!;
  for (let i = 0, at = 8; i < count; i++, at += BLOCK) {
    view.setInt32(at, third ^ high[i]!);
    view.setInt32(at + 4, fourth ^ low[i]!);
  }
}

function addOutput(output: Buffer, high: Uint8Array, low: Uint32Array, count: number): void {
  const view = new DataView(output.buffer, output.byteOffset, output.byteLength);
  for (let i = 0, at = 0; i < count; i++, at += BLOCK) {
    const sum = low[i]! + view.getUint32(at + 8);
    low[i] = sum;
    high[i] = high[i]! + output[at + 7]! + (sum > 0xffffffff ? 1 : 0);
  }
}

/** Two characters for every ten bits, as one 16-bit value. */
const PAIRS = new Uint16Array(1024);
for (let i = 0; i < 1024; i++) PAIRS[i] = (CROCKFORD.charCodeAt(i >> 5) << 8) | CROCKFORD.charCodeAt(i & 31);

/** The eight characters of a 40-bit half. */
function writeHalf(view: DataView, at: number, high: number, low: number): void {
  view.setUint16(at, PAIRS[(high << 2) | (low >>> 30)]!);
  view.setUint16(at + 2, PAIRS[(low >>> 20) & 1023]!);
  view.setUint16(at + 4, PAIRS[(low >>> 10) & 1023]!);
  view.setUint16(at + 6, PAIRS[low & 1023]!);
}
