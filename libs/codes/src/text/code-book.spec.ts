import { createSecretKey, randomBytes } from 'node:crypto';
import { CROCKFORD, Defect } from '@app/kernel';
import fc from 'fast-check';
import { CodeBook } from './code-book';
import { CodeCipher } from './code-cipher';
import { formatCode, MAX_BATCH, MAX_LAYER, MAX_SERIAL, packTriple, parseCode, writeBody } from './code-text';

const keyA = createSecretKey(randomBytes(32));
const keyB = createSecretKey(randomBytes(32));
const book = new CodeBook(new Map([['A', keyA], ['B', keyB]])); // prettier-ignore

const triples = fc.record({
  batch: fc.integer({ min: 0, max: MAX_BATCH }),
  layer: fc.integer({ min: 0, max: MAX_LAYER }),
  serial: fc.integer({ min: 0, max: MAX_SERIAL }),
});

describe('code book', () => {
  it('decodes what it encoded, for any triple and key', () => {
    fc.assert(
      fc.property(triples, fc.constantFrom('A', 'B'), (triple, key) => {
        const text = book.encode(triple, key);
        expect(text).toHaveLength(17);
        expect(book.decode(text)).toEqual({ key, text, ...triple });
      }),
    );
    for (const batch of [0, 1, MAX_BATCH]) {
      for (const layer of [0, MAX_LAYER]) {
        for (const serial of [0, 65535, 65536, MAX_SERIAL]) {
          expect(book.decode(book.encode({ batch, layer, serial }))).toMatchObject({ key: 'B', batch, layer, serial });
        }
      }
    }
  });

  it('refuses every code with one character changed', () => {
    fc.assert(
      fc.property(triples, fc.integer({ min: 0, max: 16 }), fc.integer({ min: 1, max: 31 }), (triple, at, by) => {
        const text = book.encode(triple, 'A');
        const other = CROCKFORD[(CROCKFORD.indexOf(text[at]!) + by) % 32]!;
        expect(book.decode(text.slice(0, at) + other + text.slice(at + 1))).toBe('forged');
      }),
      { numRuns: 2000 },
    );
  });

  it('checks every one of the 24 zero bits', () => {
    const cipher = new CodeCipher(keyA);
    for (let bit = 0; bit < 24; bit++) {
      const value = packTriple({ batch: 1, layer: 2, serial: 3 });
      value.rightLow = (value.rightLow | (1 << bit)) >>> 0;
      cipher.encrypt(value);
      expect([bit, book.decode(`A${writeBody(value)}`)]).toEqual([bit, 'forged']);
    }
  });

  it('takes no random text for genuine', () => {
    for (let i = 0; i < 100_000; i++) {
      const body = [...randomBytes(16)].map((byte) => CROCKFORD[byte & 31]).join('');
      expect(book.decode(`A${body}`)).toBe('forged');
    }
  });

  it('hides order: neighbours share no more characters than chance', () => {
    const texts = Array.from({ length: 2000 }, (_, serial) => book.encode({ batch: 7, layer: 0, serial }).slice(1));
    expect(new Set(texts).size).toBe(2000);
    let same = 0;
    for (let i = 1; i < texts.length; i++) {
      for (let at = 0; at < 16; at++) if (texts[i]![at] === texts[i - 1]![at]) same++;
    }
    // 1,999 × 16 comparisons at 1/32: expected 999.5, standard deviation 31.
    expect(Math.abs(same - 999.5)).toBeLessThan(190);
  });

  const RANGES = [[0, 1], [65_000, 1100], [MAX_SERIAL - 9, 10], [5, 4096]] as const; // prettier-ignore
  it.each(RANGES)('writes the range from %d, %d long, equal to single codes, at any stride', (from, count) => {
    for (const stride of [17, 40]) {
      const out = Buffer.alloc(3 + count * stride, '.');
      book.writeCodes({ key: 'A', batch: 4_000_000, layer: 3, from, count }, out, 3, stride);
      let expected = '...';
      for (let i = 0; i < count; i++) {
        const code = book.encode({ batch: 4_000_000, layer: 3, serial: from + i }, 'A');
        expected += code.padEnd(stride, '.');
      }
      expect(out.toString('latin1') === expected).toBe(true);
    }
  });

  it('refuses triples and ranges that do not fit', () => {
    for (const bad of [
      { batch: MAX_BATCH + 1 },
      { layer: 16 },
      { serial: MAX_SERIAL + 1 },
      { serial: -1 },
      { batch: 0.5 },
    ]) {
      expect(() => book.encode({ batch: 1, layer: 0, serial: 0, ...bad })).toThrow(Defect);
    }
    const range = { key: 'A', batch: 1, layer: 0, from: MAX_SERIAL, count: 2 };
    expect(() => book.writeCodes(range, Buffer.alloc(100))).toThrow(Defect);
    expect(() => book.writeCodes({ ...range, from: 0, count: 6 }, Buffer.alloc(100))).toThrow('no room');
    expect(() => book.encode({ batch: 1, layer: 0, serial: 0 }, 'Z')).toThrow('no code key');
  });

  it('refuses key characters outside the alphabet', () => {
    for (const bad of ['U', 'a', 'AA', '']) expect(() => new CodeBook(new Map([[bad, keyA]]))).toThrow(Defect);
    expect(() => new CodeBook(new Map())).toThrow('no code key');
  });

  it('issues under the newest key, however the file orders them', () => {
    const issuing = (...characters: string[]) => new CodeBook(new Map(characters.map((c) => [c, keyA]))).issuingKey;
    expect([issuing('B', 'A'), issuing('A'), issuing('0', 'Z'), issuing('1', '0', 'A')]).toEqual(['B', 'A', '0', '1']);
  });
});

describe('code text', () => {
  // A text that has both digits that people confuse, whatever the random key.
  const serial = Array.from({ length: 10_000 }, (_, i) => i).find((i) => /1.*0|0.*1/.test(encoded(i)))!;
  const text = encoded(serial);

  function encoded(at: number): string {
    return book.encode({ batch: 123_456, layer: 2, serial: at }, 'A');
  }

  it('reads what people write for the same code', () => {
    const spoken = text.replaceAll('1', 'l').replaceAll('0', 'o');
    for (const variant of [
      text,
      text.toLowerCase(),
      formatCode(text),
      ` ${formatCode(text).toLowerCase()} `,
      spoken,
      text.replaceAll('1', 'I').replaceAll('0', 'O'),
    ]) {
      expect(parseCode(variant)).toBe(text);
    }
    expect(formatCode('A0123456789ABCDEF')).toBe('A-0123-4567-89AB-CDEF');
  });

  it.each([
    '',
    'A',
    text.slice(0, 16),
    `${text}0`,
    `${text.slice(0, 16)}U`,
    `${text.slice(0, 16)}u`,
    `${text.slice(0, 16)}é`,
    `${text.slice(0, 16)}\u0661`,
    `${text.slice(0, 16)}\uff11`,
    `${text.slice(0, 16)}\n`,
    `${text}\u0000`,
    `${text.slice(0, 8)}.${text.slice(8)}`,
    `HTTPS://${text}`,
    "A' OR 1=1 -- 0000",
    `${text}${'-'.repeat(60)}`,
  ])('refuses %j', (bad) => {
    expect(parseCode(bad)).toBeNull();
    expect(book.decode(bad)).toBe('malformed');
  });

  it('calls a well-formed text under an unknown key character forged', () => {
    expect(book.decode(`C${text.slice(1)}`)).toBe('forged');
    expect(book.decode(`B${text.slice(1)}`)).toBe('forged');
  });
});
