import { createSecretKey } from 'node:crypto';
import { FF1 } from '@noble/ciphers/ff1.js';
import fc from 'fast-check';
import { Ff1 } from './ff1';

const AES128 = '2B7E151628AED2A6ABF7158809CF4F3C';
const AES192 = `${AES128}EF4359D8D580AA4F`;
const AES256 = `${AES192}7F036D6F04FC6A94`;
const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';
const digitsOf = (text: string): number[] => [...text].map((character) => ALPHABET.indexOf(character));

// "FF1 samples" of NIST's Cryptographic Standards and Guidelines, examples with intermediate values.
const SAMPLES = [
  [1, AES128, 10, '', '0123456789', '2433477484'],
  [2, AES128, 10, '39383736353433323130', '0123456789', '6124200773'],
  [3, AES128, 36, '3737373770717273373737', '0123456789abcdefghi', 'a9tv40mll9kdu509eum'],
  [4, AES192, 10, '', '0123456789', '2830668132'],
  [5, AES192, 10, '39383736353433323130', '0123456789', '2496655549'],
  [6, AES192, 36, '3737373770717273373737', '0123456789abcdefghi', 'xbj3kv35jrawxv32ysr'],
  [7, AES256, 10, '', '0123456789', '6657667009'],
  [8, AES256, 10, '39383736353433323130', '0123456789', '1001623463'],
  [9, AES256, 36, '3737373770717273373737', '0123456789abcdefghi', 'xs8a0azh2avyalyzuwd'],
] as const;

const keyOf = (hex: string) => createSecretKey(Buffer.from(hex, 'hex'));

describe('FF1', () => {
  it.each(SAMPLES)('gives NIST sample %i', (_number, key, radix, tweak, plain, encrypted) => {
    const cipher = new Ff1(keyOf(key), radix, Buffer.from(tweak, 'hex'));
    expect(cipher.encrypt(digitsOf(plain))).toEqual(digitsOf(encrypted));
    expect(cipher.decrypt(digitsOf(encrypted))).toEqual(digitsOf(plain));
  });

  it('equals an independent implementation for any radix, length, tweak and key size', () => {
    const inputs = fc
      .tuple(fc.integer({ min: 2, max: 65535 }), fc.integer({ min: 20, max: 60 }), fc.constantFrom(16, 24, 32))
      .chain(([radix, length, keyBytes]) =>
        fc.record({
          radix: fc.constant(radix),
          digits: fc.array(fc.integer({ min: 0, max: radix - 1 }), { minLength: length, maxLength: length }),
          key: fc.uint8Array({ minLength: keyBytes, maxLength: keyBytes }),
          tweak: fc.uint8Array({ maxLength: 40 }),
        }),
      );
    fc.assert(
      fc.property(inputs, ({ radix, digits, key, tweak }) => {
        const cipher = new Ff1(createSecretKey(key), radix, tweak);
        const encrypted = cipher.encrypt(digits);
        expect(encrypted).toEqual(FF1(radix, key, tweak).encrypt(digits));
        expect(cipher.decrypt(encrypted)).toEqual(digits);
      }),
      { numRuns: 300 },
    );
  });

  it('goes up to the largest radix of the standard', () => {
    const cipher = new Ff1(keyOf(AES256), 65536);
    for (const digits of [
      [65535, 65535],
      [0, 1, 2],
      [65535, 0, 65535, 7],
    ]) {
      expect(cipher.decrypt(cipher.encrypt(digits))).toEqual(digits);
    }
  });

  it('refuses what the standard refuses', () => {
    const key = keyOf(AES256);
    for (const radix of [1, 65537, 2.5]) expect(() => new Ff1(key, radix)).toThrow(RangeError);
    expect(() => new Ff1(key, 10).encrypt([1, 2, 3, 4, 5])).toThrow('too short');
    expect(() => new Ff1(key, 10).encrypt([1, 2, 3, 4, 5, 10])).toThrow('digit outside the radix');
    expect(() => new Ff1(key, 10).decrypt([1, 2, 3, 4, 5, -1])).toThrow('digit outside the radix');
  });
});
