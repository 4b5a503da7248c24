import { createSecretKey, randomBytes } from 'node:crypto';
import type { Condition } from '@app/conditions';
import fc from 'fast-check';
import { NOON, luck, published, scan, world, type World } from './fixtures/scans';
import {
  compileCampaign,
  decide,
  decideWithTrace,
  drawsOf,
  type CampaignContent,
  type Decision,
  type DecisionState,
  type ScanFacts,
} from './index';

const within = (value: number): Condition => ({ field: 'region', op: 'within', value });
const everybody = { all: [] };
const table = (key: string) => ({ mode: 'drawn' as const, prizes: [{ key, odds: 1_000_000 }], fallbackPrizeKey: null });
const cash = (key: string, fen: number, stock: number | null = null) => ({
  kind: 'cash' as const,
  key,
  name: `${fen / 100} 元红包`,
  amount: { type: 'fixed' as const, fen },
  stock,
});
const rule = (key: string, when: Condition, prizeKey: string) => ({ key, name: key, when, then: table(prizeKey) });
const prizes = [cash('big', 888), cash('small', 88)];
const summer = (overrides: Partial<CampaignContent> = {}) =>
  published({ prizes, rules: [rule('all', everybody, 'small')], ...overrides });
const gist = (decision: Decision): string => {
  if (decision.kind === 'no_rule') return 'no_rule';
  return decision.kind === 'award' ? `${decision.ruleKey}/${decision.prizeKey}` : decision.reason;
};

describe('one campaign', () => {
  it('awards the prize of the first rule that is true', () => {
    const version = summer({
      rules: [
        rule('gold', { field: 'tier', op: 'eq', value: 'gold' }, 'big'),
        rule('anhui', within(340000), 'small'),
        rule('all', everybody, 'big'),
      ],
    });
    expect(decide([version], scan(), world(), luck(0))).toEqual({
      kind: 'award',
      campaignId: version.campaignId,
      versionId: version.versionId,
      ruleKey: 'anhui',
      prizeKey: 'small',
      prize: prizes[1],
      amountFen: 88,
      budgetId: 9,
      viaFallback: false,
    });
  });

  it('has nothing to say to other products, other batches and after its end', () => {
    expect(gist(decide([summer({ scope: { products: [2], batches: [] } })], scan(), world(), luck(0)))).toBe('no_rule');
    expect(gist(decide([summer({ scope: { products: [], batches: [8] } })], scan(), world(), luck(0)))).toBe('no_rule');
    expect(gist(decide([summer()], scan(), world({ status: 'ended' }), luck(0)))).toBe('no_rule');
    const until = (to: string) => summer({ period: { zone: 'Asia/Shanghai', from: '2026-07-01T00:00', to } });
    expect(gist(decide([until('2026-07-18T19:30')], scan(), world(), luck(0)))).toBe('no_rule');
    expect(gist(decide([until('2026-07-18T19:31')], scan(), world(), luck(0)))).toBe('all/small');
    expect(decide([], scan(), world(), luck(0))).toEqual({ kind: 'no_rule' });
  });

  it('draws by odds, and 谢谢参与 uses up the code and costs nothing', () => {
    const version = published({
      prizes: [cash('big', 888), { kind: 'nothing', key: 'thanks', name: '谢谢参与' }],
      rules: [
        {
          ...rule('all', everybody, 'big'),
          then: {
            mode: 'drawn',
            prizes: [
              { key: 'big', odds: 250_000 },
              { key: 'thanks', odds: 750_000 },
            ],
            fallbackPrizeKey: null,
          },
        },
      ],
    });
    expect(gist(decide([version], scan(), world(), luck(249_999)))).toBe('all/big');
    const nothing = decide([version], scan(), world({ budget: 0 }), luck(250_000));
    expect(nothing).toMatchObject({ kind: 'award', prizeKey: 'thanks', amountFen: 0, budgetId: null });
  });

  it('gives the fallback when the drawn prize is out of stock', () => {
    const version = published({
      prizes: [cash('big', 888, 5), cash('small', 30)],
      rules: [{ ...rule('all', everybody, 'big'), then: { ...table('big'), fallbackPrizeKey: 'small' } }],
    });
    expect(decide([version], scan(), world({ stock: { big: 1 } }), luck(0))).toMatchObject({
      prizeKey: 'big',
      viaFallback: false,
    });
    for (const left of [0, -1, Number.NaN]) {
      expect(decide([version], scan(), world({ stock: { big: left } }), luck(0))).toMatchObject({
        prizeKey: 'small',
        amountFen: 30,
        viaFallback: true,
      });
    }
  });

  it('draws a uniform amount from the second slot, both ends included', () => {
    const amount = { type: 'uniform' as const, minFen: 100, maxFen: 200, stepFen: 50 };
    const version = published({ prizes: [{ ...cash('small', 1), amount }] });
    const drawn = (x: number): number => {
      const decision = decide([version], scan(), world(), (_, slot) => (slot === 0 ? 0 : x));
      return decision.kind === 'award' ? decision.amountFen : -1;
    };
    expect([0, Math.floor(2 ** 48 / 3), 2 ** 47, 2 ** 48 - 1].map(drawn)).toEqual([100, 100, 150, 200]);
  });
});

/** Each refusal: refused, then cured, then the same code wins. */
describe('refusals leave the code unclaimed and can be cured', () => {
  const award = 'all/small';

  it('cap_reached, until the next Shanghai day or month', () => {
    const version = summer({ caps: { memberPerDay: 3, memberPerMonth: 60 } });
    expect(decide([version], scan(), world({ countDay: 3 }), luck(0))).toMatchObject({
      kind: 'refused',
      reason: 'cap_reached',
      ruleKey: 'all',
      cure: { action: 'wait', at: new Date('2026-07-18T16:00:00Z'), cap: { per: 'day', count: 3 } },
    });
    expect(decide([version], scan(), world({ countMonth: 60 }), luck(0))).toMatchObject({
      reason: 'cap_reached',
      cure: { at: new Date('2026-07-31T16:00:00Z'), cap: { per: 'month', count: 60 } },
    });
    expect(gist(decide([version], scan(), world({ countDay: Number.NaN }), luck(0)))).toBe('cap_reached');
    expect(gist(decide([version], scan(), world({ countDay: 2, countMonth: 59 }), luck(0)))).toBe(award);
    const open = summer({ caps: { memberPerDay: null, memberPerMonth: null } });
    expect(gist(decide([open], scan(), world({ countDay: 1e6 }), luck(0)))).toBe(award);
  });

  it('place_needed, until the place is known, or the member goes without', () => {
    const version = summer({ rules: [rule('hefei', within(340100), 'big'), rule('all', everybody, 'small')] });
    const byIp = scan({ region: { adcode: 340100, trust: 'ip' } });
    expect(decide([version], byIp, world(), luck(0))).toMatchObject({
      reason: 'place_needed',
      ruleKey: 'hefei',
      cure: { action: 'location', nationwide: true },
    });
    expect(gist(decide([version], scan(), world(), luck(0)))).toBe('hefei/big');
    expect(gist(decide([version], byIp, world(), luck(0), { withoutLocation: true }))).toBe(award);
    const local = summer({ rules: [rule('hefei', within(340100), 'big')] });
    expect(decide([local], byIp, world(), luck(0))).toMatchObject({ cure: { nationwide: false } });
    expect(gist(decide([local], byIp, world(), luck(0), { withoutLocation: true }))).toBe('no_rule');
  });

  it('asks for a place only when it could make the difference', () => {
    const goldInHefei = { all: [within(340100), { field: 'tier', op: 'eq', value: 'gold' }] } as const;
    const version = summer({ rules: [rule('gold', goldInHefei, 'big'), rule('all', everybody, 'small')] });
    const nowhere = { adcode: null, trust: 'unknown' } as const;
    expect(gist(decide([version], scan({ region: nowhere, tier: 'regular' }), world(), luck(0)))).toBe(award);
    expect(gist(decide([version], scan({ region: nowhere, tier: null }), world(), luck(0)))).toBe(award);
    expect(gist(decide([version], scan({ region: nowhere, tier: 'gold' }), world(), luck(0)))).toBe('place_needed');
    const elsewhere = scan({ region: { adcode: 440000, trust: 'ip' }, tier: 'gold' });
    expect(gist(decide([version], elsewhere, world(), luck(0)))).toBe(award);
  });

  it('not_started, until it starts', () => {
    const version = summer({ period: { zone: 'Asia/Shanghai', from: '2026-07-18T19:31', to: '2026-08-01T00:00' } });
    const from = new Date('2026-07-18T11:31:00Z');
    expect(decide([version], scan(), world(), luck(0))).toMatchObject({
      reason: 'not_started',
      cure: { action: 'wait', at: from },
    });
    expect(gist(decide([version], scan({ at: from }), world(), luck(0)))).toBe(award);
    expect(gist(decide([summer()], scan(), world({ status: 'scheduled' }), luck(0)))).toBe('not_started');
  });

  it('paused, until resumed', () => {
    expect(gist(decide([summer()], scan(), world({ status: 'paused' }), luck(0)))).toBe('paused');
    expect(gist(decide([summer()], scan(), world({ status: 'live' }), luck(0)))).toBe(award);
  });

  it('budget_short, until topped up; a promised prize never becomes 谢谢参与', () => {
    expect(gist(decide([summer()], scan(), world({ budget: 87 }), luck(0)))).toBe('budget_short');
    expect(gist(decide([summer()], scan(), world({ budget: Number.NaN }), luck(0)))).toBe('budget_short');
    expect(gist(decide([summer()], scan(), world({ budget: 88 }), luck(0)))).toBe(award);
  });

  it('gate_open, while a version carries a gate', () => {
    const version = summer();
    const gated = compileCampaign({ ...version, content: { ...version.content, gates: [{ kind: 'phone' }] } });
    expect(gist(decide([gated], scan(), world(), luck(0)))).toBe('gate_open');
    expect(gist(decide([version], scan(), world(), luck(0)))).toBe(award);
  });
});

describe('several campaigns', () => {
  const named = (key: string, overrides: Partial<CampaignContent>, id?: number) =>
    published({ prizes, rules: [rule(key, everybody, 'small')], ...overrides }, id);

  it('asks by lane, then priority, then most specific region, then age, in whatever order they come', () => {
    const ordered = [
      named('burst', { lane: 'burst', priority: 0 }, 90),
      named('regional', { lane: 'regional', priority: 0 }, 91),
      named('first', { priority: 200 }, 92),
      published({ prizes, rules: [rule('district', within(340104), 'small'), rule('d', everybody, 'small')] }, 93),
      published({ prizes, rules: [rule('city', within(340100), 'small')] }, 94),
      published({ prizes, rules: [rule('province', { any: [within(340000), within(320100)] }, 'small')] }, 95),
      named('older', {}, 96),
      named('newer', {}, 97),
    ];
    expect(ordered.map(({ specificity }) => specificity)).toEqual([0, 0, 0, 3, 2, 1, 0, 0]);
    fc.assert(
      fc.property(fc.shuffledSubarray(ordered, { minLength: 1 }), (some) => {
        const best = ordered.find((version) => some.includes(version));
        expect(decide(some, scan(), world(), luck(0))).toMatchObject({ campaignId: best?.campaignId });
      }),
    );
  });

  it('asks a later one only when the earlier neither reached a prize table nor refused curably', () => {
    const burst = published({ lane: 'burst', budgetId: 5, prizes, rules: [rule('burst', within(340000), 'big')] }, 1);
    const base = summer();
    const anhui = scan();
    const guangdong = scan({ region: { adcode: 440000, trust: 'ip' } });
    /** `of` holds for the burst campaign (1) and its budget; the base campaign lives in an easy world. */
    const burstOnly = (of: World): DecisionState => ({
      status: (id) => (id === 1 ? world(of) : world()).status(id),
      capUsed: (id) => (id === 1 ? world(of) : world()).capUsed(id),
      stockLeft: () => null,
      budgetLeft: (id) => (id === 5 ? world(of) : world()).budgetLeft(id),
    });
    const both = [base, burst];
    expect(gist(decide(both, anhui, world(), luck(0)))).toBe('burst/big');
    expect(gist(decide(both, guangdong, world(), luck(0)))).toBe('all/small');
    expect(gist(decide(both, anhui, burstOnly({ status: 'paused' }), luck(0)))).toBe('paused');
    expect(gist(decide(both, guangdong, burstOnly({ status: 'paused' }), luck(0)))).toBe('all/small');
    expect(gist(decide(both, anhui, burstOnly({ countDay: 10 }), luck(0)))).toBe('cap_reached');
    expect(gist(decide(both, anhui, burstOnly({ status: 'ended' }), luck(0)))).toBe('all/small');
    expect(gist(decide(both, anhui, burstOnly({ budget: 100 }), luck(0)))).toBe('budget_short');
  });

  it('never lets a campaign of next month silence one that runs', () => {
    const next = summer({
      lane: 'burst',
      period: { zone: 'Asia/Shanghai', from: '2026-08-01T00:00', to: '2026-09-01T00:00' },
    });
    expect(gist(decide([next, summer()], scan(), world(), luck(0)))).toBe('all/small');
    expect(gist(decide([next, summer({ scope: { products: [2], batches: [] } })], scan(), world(), luck(0)))).toBe(
      'not_started',
    );
  });
});

describe('properties', () => {
  const regions = fc.constantFrom(340000, 340100, 340104, 320100, 440000);
  const leaf = fc.oneof(
    regions.map(within),
    fc.constantFrom('regular', 'gold').map((value): Condition => ({ field: 'tier', op: 'eq', value })),
    fc.boolean().map((value): Condition => ({ field: 'memberIsNew', op: 'eq', value })),
    fc.constant<Condition>({ field: 'lot', op: 'eq', value: 'L1' }),
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
      memberIsNew: fc.option(fc.boolean()),
      lot: fc.option(fc.constantFrom('L1', 'L2')),
      nth: fc.integer({ min: 1, max: 6 }),
    })
    .map(({ nth, ...rest }) => scan({ ...rest, nthScan: { ever: nth, day: nth, campaign: () => nth } }));

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
      (known) => ({ ...known, tier: null }),
      (known) => ({ ...known, lot: null }),
      (known) => ({ ...known, memberIsNew: null }),
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
    const total = 1_000_000;
    const facts1 = scan();
    const state = world();
    for (let serial = 0; serial < total; serial++) {
      const decision = decide([version], facts1, state, drawsOf(key, { batch: 7, layer: 1, serial }));
      if (decision.kind === 'award') wins.set(decision.prizeKey, (wins.get(decision.prizeKey) ?? 0) + 1);
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

it('reads time of day and weekday by the Shanghai clock', () => {
  const evening: Condition = {
    all: [
      { field: 'timeOfDay', op: 'between', value: { from: '19:30', to: '21:00' } },
      { field: 'weekday', op: 'in', value: [6, 7] },
      { field: 'at', op: 'gte', value: '2026-07-18T19:30:00+08:00' },
    ],
  };
  const version = summer({ rules: [rule('evening', evening, 'big')] });
  expect(gist(decide([version], scan({ at: NOON }), world(), luck(0)))).toBe('evening/big');
  expect(gist(decide([version], scan({ at: new Date(NOON.getTime() - 1) }), world(), luck(0)))).toBe('no_rule');
  expect(gist(decide([version], scan({ at: new Date('2026-07-20T11:30:00Z') }), world(), luck(0)))).toBe('no_rule');
});
