import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { FF1 } from '@noble/ciphers/ff1.js';
import { CROCKFORD } from '@app/kernel';
import { AesBlock } from './aes-block';
import { CodeCipher, type Halves, type SliceInput } from './code-cipher';
import { readBody, writeBody } from './code-text';
import { Ff1 } from './ff1';

const ORACLE_INPUTS = 100_000;
const key = randomBytes(32);
const keyObject = createSecretKey(key);

const valueOf = (bytes: Buffer): Halves => ({
  leftHigh: bytes[0]!,
  leftLow: bytes.readUInt32BE(1),
  rightHigh: bytes[5]!,
  rightLow: bytes.readUInt32BE(6),
});
const digitsOf = (value: Halves): number[] => [...writeBody(value)].map((character) => CROCKFORD.indexOf(character));
const textOf = (digits: readonly number[]): string => digits.map((digit) => CROCKFORD[digit]).join('');

/** Values at which carries between the halves' parts would go wrong. */
const EDGES = ['00', 'ff', '80', '7f', '01']
  .flatMap((a) => ['00', 'ff', '80', '01'].map((b) => [a, b] as const))
  .flatMap(([a, b]) => [
    Buffer.from(a.repeat(5) + b.repeat(5), 'hex'),
    Buffer.from(a + b.repeat(4) + a + b.repeat(4), 'hex'),
    Buffer.from(a.repeat(4) + b + b.repeat(4) + a, 'hex'),
  ]);

describe('AES block', () => {
  it('equals node:crypto for every key size', () => {
    for (const size of [16, 24, 32]) {
      for (let i = 0; i < 500; i++) {
        const secret = createSecretKey(randomBytes(size));
        const plain = i === 0 ? Buffer.alloc(16) : i === 1 ? Buffer.alloc(16, 255) : randomBytes(16);
        const block = new AesBlock(secret);
        block.encrypt(plain.readInt32BE(0), plain.readInt32BE(4), plain.readInt32BE(8), plain.readInt32BE(12));
        const result = Buffer.alloc(16);
        block.out.forEach((word, at) => result.writeInt32BE(word, at * 4));
        const cipher = createCipheriv(`aes-${size * 8}-ecb`, secret, null).setAutoPadding(false);
        expect(result.equals(cipher.update(plain))).toBe(true);
      }
    }
  });
});

describe('code cipher', () => {
  const cipher = new CodeCipher(keyObject);
  const general = new Ff1(keyObject, 32);

  const check = (bytes: Buffer): void => {
    const plain = valueOf(bytes);
    const value = { ...plain };
    cipher.encrypt(value);
    if (writeBody(value) !== textOf(general.encrypt(digitsOf(plain)))) throw new Error(bytes.toString('hex'));
    const encrypted = { ...value };
    cipher.decrypt(value);
    expect(value).toEqual(plain);
    // Any text decrypts to what the general cipher says, also texts that nobody issued.
    const foreign = { ...plain };
    cipher.decrypt(foreign);
    if (writeBody(foreign) !== textOf(general.decrypt(digitsOf(plain)))) throw new Error(bytes.toString('hex'));
    expect(readBody(`A${writeBody(encrypted)}`)).toEqual(encrypted);
  };

  it('equals the general FF1 at the edges, both ways', () => {
    for (const bytes of EDGES) check(bytes);
  });

  it('equals the general FF1 over random values, both ways', () => {
    for (let i = 0; i < 5000; i++) check(randomBytes(10));
  });

  it(`equals an independent FF1 over ${ORACLE_INPUTS} random values, one by one and in slices`, () => {
    const oracle = FF1(32, key);
    const out = Buffer.alloc(CodeCipher.slice * 16);
    for (let start = 0; start < ORACLE_INPUTS; start += CodeCipher.slice) {
      const count = Math.min(CodeCipher.slice, ORACLE_INPUTS - start);
      const random = start === 0 ? Buffer.concat([...EDGES, randomBytes(10 * count)]) : randomBytes(10 * count);
      const value = (i: number): Halves => valueOf(random.subarray(i * 10, i * 10 + 10));
      cipher.encryptSlice(count, (into) => loadAll(into, count, value), out, 0, 16);
      for (let i = 0; i < count; i++) {
        const single = value(i);
        const expected = textOf(oracle.encrypt(digitsOf(single)));
        cipher.encrypt(single);
        if (writeBody(single) !== expected || out.toString('latin1', i * 16, i * 16 + 16) !== expected) {
          throw new Error(`differs for ${random.toString('hex', i * 10, i * 10 + 10)}`);
        }
      }
    }
  }, 300_000);

  it('refuses keys that are not AES-256', () => {
    expect(() => new CodeCipher(createSecretKey(randomBytes(16)))).toThrow('32 bytes');
  });
});

function loadAll(into: SliceInput, count: number, value: (i: number) => Halves): void {
  for (let i = 0; i < count; i++) {
    const { leftHigh, leftLow, rightHigh, rightLow } = value(i);
    into.leftHigh[i] = leftHigh;
    into.leftLow[i] = leftLow;
    into.rightHigh[i] = rightHigh;
    into.rightLow[i] = rightLow;
  }
}
