import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { Defect } from '@app/kernel';
import { BILL_NUMBER_PATTERN, billNumber } from './bill-number';

const key = createHash('sha256').update('a bill key for ever').digest();

it('I4 bill numbers never change: these were computed on the first day', () => {
  expect(billNumber(key, '17:1:123456:0', 1)).toBe('YAN8C1YW2677S48AKR0D6QD4WZ');
  expect(billNumber(key, '17:1:123456:0', 2)).toBe('YFYEATFWKZZHXPSDA4JQ1ZZ44Y');
  expect(billNumber(key, '17:1:123457:0', 1)).toBe('YWG1A47D2855V8QZ679N7AXM6Q');
});

it('I4 one number per payout and offer, of a form both products of WeChat take', () => {
  const seen = new Map<string, string>();
  const part = fc.integer({ min: 0, max: 2 ** 30 - 1 });
  fc.assert(
    fc.property(part, part, fc.integer({ min: 1, max: 60_000 }), (batch, serial, offer) => {
      const payoutKey = `${batch}:1:${serial}:0`;
      const number = billNumber(key, payoutKey, offer);
      expect(number).toMatch(BILL_NUMBER_PATTERN);
      expect(number.length).toBeLessThanOrEqual(28);
      const known = seen.get(number);
      if (known !== undefined) expect(known).toBe(`${payoutKey}/${offer}`);
      seen.set(number, `${payoutKey}/${offer}`);
    }),
    { numRuns: 2000 },
  );
});

it('keys and offers cannot run into each other', () => {
  expect(billNumber(key, '1:1:1:0', 11)).not.toBe(billNumber(key, '1:1:1:01', 1));
  for (const bad of ['', 'a\nb', 'x'.repeat(41), '1 2']) expect(() => billNumber(key, bad, 1)).toThrow(Defect);
  for (const bad of [0, -1, 1.5, Number.NaN]) expect(() => billNumber(key, '1:1:1:0', bad)).toThrow(Defect);
});
