import fc from 'fast-check';
import {
  addDays,
  crockford,
  CROCKFORD,
  Defect,
  fen,
  formatYuan,
  randomPositive,
  shanghaiDay,
  shanghaiDayStart,
  shanghaiFields,
  shanghaiWords,
  sumFen,
  systemRandom,
} from './index';

describe('fen', () => {
  it('refuses fractions, negatives, NaN and unsafe numbers', () => {
    for (const bad of [0.5, -1, NaN, Infinity, 2 ** 53]) expect(() => fen(bad)).toThrow(Defect);
    expect(fen(0)).toBe(0);
  });

  it('sums exactly and refuses a sum that leaves the safe range', () => {
    expect(sumFen([1, 2, 3])).toBe(6);
    expect(() => sumFen([Number.MAX_SAFE_INTEGER, 1])).toThrow(Defect);
  });

  it('is read by people as yuan', () => {
    expect(formatYuan(fen(188))).toBe('1.88');
    expect(formatYuan(fen(5))).toBe('0.05');
    expect(formatYuan(fen(123456789))).toBe('1,234,567.89');
  });
});

describe('business day', () => {
  it('is cut at Shanghai midnight, half-open', () => {
    expect(shanghaiDay(new Date('2026-11-20T15:59:59.999Z'))).toBe('2026-11-20');
    expect(shanghaiDay(new Date('2026-11-20T16:00:00.000Z'))).toBe('2026-11-21');
    expect(shanghaiDayStart('2026-11-21').toISOString()).toBe('2026-11-20T16:00:00.000Z');
  });

  it('steps over month ends and gives Monday = 1, Sunday = 7', () => {
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
    expect(shanghaiFields(new Date('2026-11-22T04:30:00Z'))).toEqual({
      day: '2026-11-22',
      month: '2026-11',
      weekday: 7,
      hour: 12,
      minute: 30,
    });
    expect(shanghaiWords(new Date('2026-11-03T11:42:00Z'))).toBe('11 月 3 日 19:42');
  });
});

describe('crockford', () => {
  it('equals a BigInt conversion for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 5, maxLength: 20 }), (bytes) => {
        const length = Math.floor((bytes.length * 8) / 5);
        let value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`) >> BigInt(bytes.length * 8 - length * 5);
        let expected = '';
        for (let i = 0; i < length; i++) {
          expected = CROCKFORD[Number(value & 31n)] + expected;
          value >>= 5n;
        }
        expect(crockford(bytes, length)).toBe(expected);
      }),
    );
  });
});

it('draws positive numbers within the asked bits', () => {
  for (let i = 0; i < 2000; i++) {
    const value = randomPositive(systemRandom, 12);
    expect(value).toBeGreaterThan(0);
    expect(value).toBeLessThan(4096);
  }
});
