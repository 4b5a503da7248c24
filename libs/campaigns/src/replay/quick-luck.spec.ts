import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { drawsOf } from '../draw';
import { QuickLuck } from './quick-luck';

describe('QuickLuck', () => {
  const code = fc.record({
    batch: fc.integer({ min: 0, max: 2 ** 22 - 1 }),
    layer: fc.integer({ min: 0, max: 15 }),
    serial: fc.integer({ min: 0, max: 2 ** 30 - 1 }),
  });

  it('is the luck that pays, number by number, whoever was asked before', () => {
    const key = randomBytes(32);
    const luck = new QuickLuck({ real: key, pretended: randomBytes(32) });
    const asked = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 4 })), { maxLength: 6 });
    fc.assert(
      fc.property(code, asked, (one, questions) => {
        luck.turnTo(one, 'real');
        const real = drawsOf(key, one);
        for (const [campaign, slot] of questions) {
          expect(luck.number(campaign, slot)).toBe(real.number(campaign, slot));
        }
      }),
    );
  });

  it('deals as the deal does', () => {
    const key = randomBytes(32);
    const luck = new QuickLuck({ real: key, pretended: randomBytes(32) });
    const segment = { batch: 3, layer: 1, from: 100, to: 177 };
    for (let serial = segment.from; serial < segment.to; serial++) {
      const one = { batch: 3, layer: 1, serial };
      luck.turnTo(one, 'real');
      expect(luck.position(5, 'r', segment)).toBe(drawsOf(key, one).position(5, 'r', segment));
    }
    luck.turnTo({ batch: 3, layer: 1, serial: 177 }, 'real');
    expect(() => luck.position(5, 'r', segment)).toThrow('is not dealt');
  });

  it('tells nothing of the real luck when it pretends', () => {
    const [real, pretended] = [randomBytes(32), createHash('sha256').update('pretended').digest()];
    const luck = new QuickLuck({ real, pretended });
    const one = { batch: 1, layer: 1, serial: 1 };
    luck.turnTo(one, 'pretended');
    expect(luck.number(1, 0)).toBe(drawsOf(pretended, one).number(1, 0));
    luck.turnTo(one, 'real');
    expect(luck.number(1, 0)).toBe(drawsOf(real, one).number(1, 0));
  });
});
