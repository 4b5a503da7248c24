import { createHmac, createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { drawFor, drawsOf, scaleDraw } from './draw';

const key = Buffer.alloc(32, 7);
const code = { batch: 3, layer: 1, serial: 99 };

it('is HMAC-SHA256 of campaign and code, cut into five 48-bit numbers', () => {
  const hex = createHmac('sha256', key).update('draw|12|3:1:99').digest('hex');
  const draw = drawFor(key, 12, code);
  expect([0, 1, 4].map(draw)).toEqual([0, 1, 4].map((slot) => parseInt(hex.slice(slot * 12, slot * 12 + 12), 16)));
  expect(() => draw(5)).toThrow('no draw slot');
  expect(drawFor(createSecretKey(key), 12, code)(0)).toBe(draw(0));
});

it('differs by campaign, code and key, and by nothing else', () => {
  const draws = drawsOf(key, code);
  expect(draws.number(12, 1)).toBe(drawFor(key, 12, { ...code })(1));
  const others = [
    draws.number(13, 0),
    drawsOf(key, { ...code, serial: 98 }).number(12, 0),
    drawsOf(Buffer.alloc(32, 8), code).number(12, 0),
  ];
  expect(new Set([draws.number(12, 0), draws.number(12, 1), ...others]).size).toBe(5);
});

it('scales exactly, as whole-number arithmetic of any size would', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), fc.integer({ min: 1, max: 2 ** 28 }), (x, n) => {
      expect(scaleDraw(x, n)).toBe(Number((BigInt(x) * BigInt(n)) >> 48n));
    }),
    { numRuns: 5000 },
  );
  expect([scaleDraw(0, 1e6), scaleDraw(2 ** 48 - 1, 1e6)]).toEqual([0, 999_999]);
  for (const bad of [-1, 2 ** 48, 0.5, Number.NaN]) expect(() => scaleDraw(bad, 10)).toThrow('not a draw');
});
