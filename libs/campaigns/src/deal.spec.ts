import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { cash, published, scan, world } from './fixtures/scans';
import { dealCommitment, dealPosition, dealSeed, dealText, decide, drawsOf, type DealtTable } from './index';

const positions = (seed: Buffer, n: number): number[] =>
  Array.from({ length: n }, (_, at) => dealPosition(seed, n, at));

describe('the permutation of a deal', () => {
  it('is a bijection for any number of codes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.integer({ min: 1, max: 300 }), (bytes, n) => {
        const dealt = positions(Buffer.from(bytes), n);
        expect(new Set(dealt).size).toBe(n);
        expect(Math.min(...dealt)).toBe(0);
        expect(Math.max(...dealt)).toBe(n - 1);
      }),
      { numRuns: 60 },
    );
    for (const n of [1, 2, 3, 4, 5, 15, 16, 17, 63, 64, 65, 255, 256, 257, 1023, 1025]) {
      expect(new Set(positions(Buffer.alloc(32, n), n)).size).toBe(n);
    }
  });

  it('stays inside at the widest and tells neighbours apart', () => {
    const [seed, n] = [randomBytes(32), 2 ** 30];
    const some = [0, 1, 2, n - 2, n - 1].map((index) => dealPosition(seed, n, index));
    expect(new Set(some).size).toBe(5);
    expect(some.every((at) => Number.isInteger(at) && at >= 0 && at < n)).toBe(true);
    // Two codes in a row are as far apart as two codes at random: closer than a thousandth once in 500 runs.
    const gaps = Array.from({ length: 8 }, (_, index) =>
      Math.abs(dealPosition(seed, n, index) - dealPosition(seed, n, index + 1)),
    );
    expect(gaps.filter((gap) => gap < n / 1000).length).toBeLessThan(3);
  });

  it('follows the seed, and a known seed gives known places', () => {
    expect(positions(Buffer.alloc(32, 1), 50)).not.toEqual(positions(Buffer.alloc(32, 2), 50));
    expect(positions(Buffer.alloc(32, 7), 10)).toEqual(positions(Buffer.alloc(32, 7), 10));
    expect(positions(Buffer.alloc(32, 7), 10)).toMatchInlineSnapshot(`
      [
        0,
        9,
        4,
        6,
        2,
        1,
        7,
        8,
        5,
        3,
      ]
    `);
  });

  it('refuses what is no code of the deal', () => {
    const seed = Buffer.alloc(32);
    for (const [n, index] of [
      [0, 0],
      [2 ** 30 + 1, 0],
      [10, 10],
      [10, -1],
      [10, 0.5],
      [Number.NaN, 0],
    ] as const) {
      expect(() => dealPosition(seed, n, index)).toThrow();
    }
  });
});

describe('a dealt table', () => {
  const segment = { batch: 7, layer: 1, from: 40, to: 240 };
  const table: DealtTable = {
    mode: 'dealt',
    segment,
    prizes: [
      { key: 'big', count: 3 },
      { key: 'small', count: 57 },
      { key: 'thanks', count: 140 },
    ],
  };
  const version = published(
    {
      prizes: [cash('big', 8800), cash('small', 88), { kind: 'nothing', key: 'thanks', name: '谢谢参与' }],
      rules: [{ key: 'dealt', name: '预埋', when: { all: [] }, then: table }],
      caps: [],
    },
    21,
  );
  const key = randomBytes(32);
  const open = (serial: number) =>
    decide([version], scan({ serial }), world(), drawsOf(key, { batch: 7, layer: 1, serial }));

  it('gives every prize exactly as often as it says, over exactly its codes', () => {
    const wins: Record<string, number> = {};
    for (let serial = segment.from; serial < segment.to; serial++) {
      const decision = open(serial);
      if (decision.kind !== 'award') throw new Error(decision.kind);
      wins[decision.prizeKey] = (wins[decision.prizeKey] ?? 0) + 1;
    }
    expect(wins).toEqual({ big: 3, small: 57, thanks: 140 });
  });

  it('has nothing for a code outside its segment', () => {
    expect(open(39)).toEqual({ kind: 'no_rule' });
    expect(open(240)).toEqual({ kind: 'no_rule' });
    expect(
      decide([version], scan({ serial: 50, batch: 8 }), world(), drawsOf(key, { batch: 8, layer: 1, serial: 50 })),
    ).toEqual({
      kind: 'no_rule',
    });
  });

  it('keeps a prize of which there is none just now, and gives nothing else for it', () => {
    const pooled = published(
      {
        prizes: [
          {
            ...{ kind: 'coupon', key: 'c', name: '券', valueFen: 300, validDays: 7, stock: null },
            coupon: { type: 'pool', poolId: 1 },
          },
        ],
        rules: [
          {
            ...{ key: 'dealt', name: '预埋', when: { all: [] } },
            then: { mode: 'dealt', segment, prizes: [{ key: 'c', count: 200 }] },
          },
        ],
        caps: [],
      },
      22,
    );
    const scanned = (left: number) =>
      decide(
        [pooled],
        scan({ serial: 50 }),
        world({ stock: { c: left } }),
        drawsOf(key, { batch: 7, layer: 1, serial: 50 }),
      );
    expect(scanned(0)).toMatchObject({ kind: 'refused', reason: 'budget_short', cure: { action: 'wait' } });
    expect(scanned(1)).toMatchObject({ kind: 'award', prizeKey: 'c', viaFallback: false });
  });

  it('is committed to: another seed, count, order or segment gives another hash', () => {
    const seed = dealSeed(key, 21, 'dealt', segment);
    const commitment = dealCommitment(seed, table);
    // What a stranger recomputes from the opened seed and the published table.
    const text = '7/1/40-240;big=3;small=57;thanks=140';
    expect(dealText(table)).toBe(text);
    expect(
      createHash('sha256')
        .update(`${seed.toString('hex')}\n${text}`)
        .digest(),
    ).toEqual(commitment);
    const others = [
      dealCommitment(dealSeed(key, 22, 'dealt', segment), table),
      dealCommitment(seed, { ...table, segment: { ...segment, to: 241 } }),
      dealCommitment(seed, { ...table, prizes: [...table.prizes].reverse() }),
      dealCommitment(seed, {
        ...table,
        prizes: table.prizes.map(({ key: name, count }) => ({ key: name, count: count + 1 })),
      }),
    ];
    expect(new Set([commitment, ...others].map((hash) => hash.toString('hex'))).size).toBe(5);
  });
});
