import { createSecretKey, randomBytes } from 'node:crypto';
import type { Condition } from '@app/conditions';
import fc from 'fast-check';
import { drawPrize } from './draw-prize';
import { cash, everybody, luck, prizes, published, rule, scan, within, world } from './fixtures/scans';
import { decide, decideWithTrace, drawFor, type ScanFacts } from './index';

describe('properties', () => {
  const regions = fc.constantFrom(340000, 340100, 340104, 320100, 440000);
  const leaf = fc.oneof(
    regions.map(within),
    fc.constantFrom('regular', 'gold').map((value): Condition => ({ field: 'tier', op: 'eq', value })),
    fc.boolean().map((value): Condition => ({ field: 'memberIsNew', op: 'eq', value })),
    fc.constant<Condition>({ field: 'lot', op: 'eq', value: 'L1' }),
    fc
      .constantFrom('hasAny' as const, 'hasNone' as const)
      .map((op): Condition => ({ field: 'tags', op, value: ['vip'] })),
    fc.boolean().map((value): Condition => ({ field: 'phoneBound', op: 'eq', value })),
    fc.constantFrom(1, 2, 3).map((value): Condition => ({ field: 'placeTrust', op: 'gte', value })),
    fc.constant<Condition>({ field: 'nthScan', op: 'everyNth', value: 2 }),
  );
  const condition = fc.oneof(
    leaf,
    fc.array(leaf, { minLength: 1, maxLength: 3 }).map((all): Condition => ({ all })),
    fc.array(leaf, { minLength: 1, maxLength: 3 }).map((any): Condition => ({ any })),
    leaf.map((not): Condition => ({ not })),
  );
  const facts: fc.Arbitrary<ScanFacts> = fc
    .record({
      region: fc.record({
        adcode: fc.option(regions),
        trust: fc.constantFrom(
          'agreed' as const,
          'ip' as const,
          'claimed' as const,
          'disputed' as const,
          'unknown' as const,
        ),
        accuracyM: fc.option(fc.constantFrom(20, 5000)),
      }),
      tier: fc.option(fc.constantFrom('regular' as const, 'gold' as const)),
      isNew: fc.option(fc.boolean()),
      tags: fc.option(fc.subarray(['vip', 'staff'])),
      phoneBound: fc.option(fc.boolean()),
      lot: fc.option(fc.constantFrom('L1', 'L2')),
      nth: fc.integer({ min: 1, max: 6 }),
    })
    .map(({ nth, tier, isNew, tags, phoneBound, ...rest }) =>
      scan({
        ...rest,
        member: { tier, isNew, tags, phoneBound },
        nthScan: { ever: nth, day: nth, campaign: () => nth },
      }),
    );

  it('is deterministic, and the trace changes nothing', () => {
    fc.assert(
      fc.property(
        fc.array(condition, { minLength: 1, maxLength: 4 }),
        facts,
        fc.nat(999_999),
        fc.boolean(),
        (whens, known, ppm, withoutLocation) => {
          const versions = whens.map((when, index) =>
            published({ prizes, rules: [rule('r', when, 'small')] }, index + 1),
          );
          const run = () => decide(versions, known, world(), luck(ppm), { withoutLocation });
          expect(run()).toEqual(run());
          const traced = decideWithTrace([...versions].reverse(), known, world(), luck(ppm), { withoutLocation });
          expect(traced.decision).toEqual(run());
          expect(traced.trace.decision).toEqual(run());
        },
      ),
    );
  });

  it('never awards with fewer facts what it would not award with all of them', () => {
    const less: ((known: ScanFacts) => ScanFacts)[] = [
      (known) => ({ ...known, member: { ...known.member, tier: null } }),
      (known) => ({ ...known, member: { ...known.member, tags: null } }),
      (known) => ({ ...known, member: { ...known.member, phoneBound: null } }),
      (known) => ({ ...known, lot: null }),
      (known) => ({ ...known, member: { ...known.member, isNew: null } }),
      (known) => ({ ...known, region: { adcode: null, trust: 'unknown' } }),
      (known) => ({ ...known, region: { ...known.region, trust: 'disputed' } }),
      (known) => ({ ...known, region: { ...known.region, accuracyM: null } }),
      (known) => (known.region.trust === 'agreed' ? { ...known, region: { ...known.region, trust: 'ip' } } : known),
    ];
    fc.assert(
      fc.property(condition, facts, fc.constantFrom(...less), fc.boolean(), (when, known, remove, withoutLocation) => {
        const version = published({ prizes, rules: [rule('r', when, 'small')] }, 1);
        if (decide([version], remove(known), world(), luck(0), { withoutLocation }).kind === 'award') {
          expect(decide([version], known, world(), luck(0)).kind).toBe('award');
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('never issues more than the stock, and all of it, when driven one after another', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.nat(999_999), { minLength: 60, maxLength: 80 }),
        (stock, draws) => {
          const version = published(
            {
              prizes: [cash('big', 888, stock), cash('small', 88)],
              rules: [
                {
                  ...rule('all', everybody, 'big'),
                  then: {
                    mode: 'drawn',
                    prizes: [
                      { key: 'big', odds: 600_000 },
                      { key: 'small', odds: 400_000 },
                    ],
                    fallbackPrizeKey: 'small',
                  },
                },
              ],
            },
            1,
          );
          const left = { big: stock };
          for (const ppm of draws) {
            const decision = decide([version], scan(), world({ stock: left }), luck(ppm));
            if (decision.kind === 'award' && decision.prizeKey === 'big') left.big -= 1;
            expect(left.big).toBeGreaterThanOrEqual(0);
          }
          const due = draws.filter((ppm) => ppm < 600_000).length;
          expect(left.big).toBe(Math.max(0, stock - due));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('keeps the published odds: a million codes within 5σ of every share', () => {
    const odds = [5, 995, 49_000, 150_000, 800_000];
    const version = published(
      {
        prizes: odds.map((_, index) => cash(`p${index}`, 100 + index)),
        rules: [
          {
            ...rule('all', everybody, 'p0'),
            then: {
              mode: 'drawn',
              prizes: odds.map((share, index) => ({ key: `p${index}`, odds: share })),
              fallbackPrizeKey: null,
            },
          },
        ],
      },
      1,
    );
    const key = createSecretKey(randomBytes(32));
    const wins = new Map<string, number>();
    const [state, facts, rule0] = [world(), scan(), version.rules[0]!];
    const total = 1_000_000;
    // One HMAC holds five draws, each as good as the one that picks the prize.
    for (let serial = 0; serial < total / 5; serial++) {
      const draw = drawFor(key, 1, { batch: 7, layer: 1, serial });
      for (let slot = 0; slot < 5; slot++) {
        const { prize } = drawPrize(version, rule0, facts, state, { ...luck(0), number: () => draw(slot) });
        wins.set(prize.key, (wins.get(prize.key) ?? 0) + 1);
      }
    }
    odds.forEach((share, index) => {
      const p = share / 1e6;
      const sigma = Math.sqrt(total * p * (1 - p));
      expect(Math.abs((wins.get(`p${index}`) ?? 0) - total * p)).toBeLessThan(5 * sigma + 1);
    });
    const chiSquare = odds.reduce((sum, share, index) => sum + ((wins.get(`p${index}`) ?? 0) - share) ** 2 / share, 0);
    // Four degrees of freedom: 46 is exceeded once in 4·10⁸ runs.
    expect(chiSquare).toBeLessThan(46);
  });
});
