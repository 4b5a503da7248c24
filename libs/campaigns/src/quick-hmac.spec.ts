import { createHmac, createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { QuickHmac } from './quick-hmac';

const bytesOf = (words: Int32Array): string => {
  const bytes = Buffer.alloc(32);
  words.forEach((word, index) => bytes.writeInt32BE(word, index * 4));
  return bytes.toString('hex');
};

describe('QuickHmac', () => {
  // RFC 4231, test case 2.
  it('gives the published HMAC', () => {
    const hmac = new QuickHmac(Buffer.from('Jefe'));
    const published = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
    expect(bytesOf(hmac.digest('what do ya want for nothing?'))).toBe(published);
  });

  it('gives the bits of node:crypto for any key and any short text', () => {
    const text = fc.string({ unit: 'binary-ascii', maxLength: 55 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.array(text, { minLength: 1, maxLength: 4 }), (bytes, texts) => {
        const key = Buffer.from(bytes);
        const hmac = new QuickHmac(key);
        for (const one of texts) {
          expect(bytesOf(hmac.digest(one))).toBe(createHmac('sha256', key).update(one).digest('hex'));
        }
      }),
    );
  });

  it('gives the same for a start and a number as for the text of both', () => {
    const numbers = fc.oneof(
      fc.constantFrom(0, 9, 10, 99, 100, 2 ** 30 - 1, 2 ** 31 - 1),
      fc.nat(2 ** 31 - 1),
      fc.nat(999),
    );
    const hmac = new QuickHmac(Buffer.alloc(32, 7));
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 45 }), numbers, (text, number) => {
        const parts = bytesOf(hmac.digestNumber(hmac.start(text), number));
        expect(parts).toBe(bytesOf(hmac.digest(`${text}${number}`)));
      }),
    );
    expect(() => hmac.start('x'.repeat(46))).toThrow('do not fit');
  });

  it('is one and the same for a key, and the same bits for a key object', () => {
    const key = Buffer.alloc(32, 5);
    expect(QuickHmac.of(key)).toBe(QuickHmac.of(key));
    expect(bytesOf(QuickHmac.of(createSecretKey(key)).digest('x'))).toBe(bytesOf(QuickHmac.of(key).digest('x')));
    expect(bytesOf(QuickHmac.of(Buffer.alloc(32, 6)).digest('x'))).not.toBe(bytesOf(QuickHmac.of(key).digest('x')));
  });

  it('refuses a text that does not fit its one block', () => {
    expect(() => new QuickHmac(Buffer.alloc(32)).digest('x'.repeat(56))).toThrow('do not fit');
  });
});
