import fc from 'fast-check';
import type { CampaignContent, PrizeDefinition, Rule } from './campaign-content';
import { campaignTemplate } from './campaign-template';
import { liability } from './liability';
import { compileCampaign } from '../compile-campaign';
import { decide } from '../decide';
import type { DecisionState, Draw, ScanFacts } from '../decision';
import { scan } from '../fixtures/scans';

const everybody = { all: [] } as const;
const cash = (key: string, fen: number, stock: number | null = null): PrizeDefinition => ({
  ...{ kind: 'cash', key, name: key, amount: { type: 'fixed', fen }, stock },
});
const thanks: PrizeDefinition = { kind: 'nothing', key: 'thanks', name: '谢谢参与' };
const drawn = (
  key: string,
  odds: [string, number][],
  fallbackPrizeKey: string | null = null,
  when: Rule['when'] = everybody,
): Rule => ({
  ...{ key, name: key, when },
  then: { mode: 'drawn', prizes: odds.map(([prize, share]) => ({ key: prize, odds: share })), fallbackPrizeKey },
});
const dealt = (key: string, to: number, counts: [string, number][]): Rule => ({
  ...{ key, name: key, when: everybody },
  then: {
    mode: 'dealt',
    segment: { batch: 7, layer: 1, from: 0, to },
    prizes: counts.map(([prize, count]) => ({ key: prize, count })),
  },
});
const cost = (overrides: Partial<CampaignContent>, codes: number, rate: number) => {
  const { mostFen, fullFen, expectedFen } = liability(campaignTemplate('夏日', 9, overrides), codes, rate);
  return [mostFen, fullFen, expectedFen];
};

it.each<[string, Partial<CampaignContent>, number[]]>([
  ['one prize for everybody', {}, [88_000, 88_000, 26_400]],
  [
    'a chance',
    {
      prizes: [cash('a', 100), thanks],
      rules: [
        drawn('r', [
          ['a', 1],
          ['thanks', 999_999],
        ]),
      ],
    },
    [100_000, 1, 1],
  ],
  [
    'a range counts its mean',
    {
      prizes: [{ kind: 'cash', key: 'a', name: 'a', amount: { type: 'uniform', minFen: 30, maxFen: 89 }, stock: null }],
      rules: [drawn('r', [['a', 1e6]])],
    },
    [89_000, 59_500, 17_850],
  ],
  [
    'a ladder counts its dearest step',
    {
      prizes: [
        {
          kind: 'cash',
          key: 'a',
          name: 'a',
          amount: {
            type: 'ladder',
            steps: [
              { fromNth: 1, fen: 50 },
              { fromNth: 9, fen: 90 },
            ],
          },
          stock: null,
        },
      ],
      rules: [drawn('r', [['a', 1e6]])],
    },
    [90_000, 90_000, 27_000],
  ],
  [
    'a stock that runs out',
    {
      prizes: [cash('top', 1_000, 10), cash('b', 50)],
      rules: [
        drawn(
          'r',
          [
            ['top', 500_000],
            ['b', 500_000],
          ],
          'b',
        ),
      ],
    },
    [59_500, 59_500, 24_500],
  ],
  [
    'a stock that is not reached',
    {
      prizes: [cash('top', 1_000, 10), cash('b', 50)],
      rules: [
        drawn(
          'r',
          [
            ['top', 1_000],
            ['b', 999_000],
          ],
          'b',
        ),
      ],
    },
    [59_500, 50_950, 15_285],
  ],
  [
    'the dearer of two rules',
    {
      prizes: [cash('a', 50), cash('b', 70)],
      rules: [drawn('r', [['b', 1e6]], null, { field: 'tier', op: 'eq', value: 'gold' }), drawn('s', [['a', 1e6]])],
    },
    [70_000, 70_000, 21_000],
  ],
  [
    'a deal, to the fen, and the codes beside it',
    {
      prizes: [cash('top', 10_000), cash('b', 50), thanks],
      rules: [
        dealt('d', 100, [
          ['top', 1],
          ['b', 9],
          ['thanks', 90],
        ]),
        drawn('r', [['b', 1e6]]),
      ],
    },
    [55_450, 55_450, 16_635],
  ],
  [
    'a cap on the whole campaign',
    { caps: [{ per: 'campaign', window: 'total', count: null, fen: 30_000 }] },
    [30_000, 30_000, 26_400],
  ],
  [
    'a cap on the number',
    { caps: [{ per: 'campaign', window: 'total', count: 100, fen: null }] },
    [8_800, 8_800, 8_800],
  ],
  ['a burst', { burst: { fence: [340100], maxHours: 1, maxCount: 10, maxFen: 500 } }, [500, 500, 500]],
  [
    'a locked packet is reserved, goods cost no money',
    {
      prizes: [
        { kind: 'locked', key: 'a', name: 'a', amount: { type: 'fixed', fen: 100 }, opensWithinDays: 9, stock: null },
        { kind: 'goods', key: 'g', name: 'g', valueFen: 9_900, stock: 10 },
      ],
      rules: [
        drawn(
          'r',
          [
            ['a', 500_000],
            ['g', 500_000],
          ],
          'a',
        ),
      ],
    },
    [100_000, 100_000, 30_000],
  ],
])('%s', (_, overrides, expected) => expect(cost(overrides, 1_000, 0.3)).toEqual(expected));

it('counts each prize', () => {
  const { perPrize } = liability(
    campaignTemplate('夏日', 9, {
      prizes: [cash('top', 1_000, 10), cash('b', 50)],
      rules: [
        drawn(
          'r',
          [
            ['top', 500_000],
            ['b', 500_000],
          ],
          'b',
        ),
      ],
    }),
    1_000,
    0.3,
  );
  expect(perPrize).toEqual([
    { key: 'top', name: 'top', kind: 'cash', fullCount: 10, expectedCount: 10, fullFen: 10_000, expectedFen: 10_000 },
    { key: 'b', name: 'b', kind: 'cash', fullCount: 1_000, expectedCount: 300, fullFen: 50_000, expectedFen: 15_000 },
  ]);
});

it('is exact for a billion codes and refuses what is no number of codes', () => {
  expect(cost({}, 1_000_000_000, 1 / 3)).toEqual([88_000_000_000, 88_000_000_000, 29_333_304_000]);
  expect(cost({}, 0, 1)).toEqual([0, 0, 0]);
  for (const [codes, rate] of [
    [-1, 1],
    [1.5, 1],
    [Number.NaN, 1],
    [1, 1.01],
    [1, Number.NaN],
  ] as const) {
    expect(() => cost({}, codes, rate)).toThrow(/no (number of codes|scan rate)/);
  }
});

/** Decides every code of a small world with stock kept, as the grouped commit does. */
function spend(
  content: CampaignContent,
  codes: number,
  draws: readonly number[],
  tiers: readonly ScanFacts['member']['tier'][],
): number {
  const version = compileCampaign({ campaignId: 1, versionId: 1, versionNo: 1, contentHash: '', content });
  const given = new Map<string, number>();
  const used = new Map<string, { count: number; fen: number }>();
  let total = 0;
  const state: DecisionState = {
    status: () => 'live',
    used: (_, key) => used.get(key) ?? { count: 0, fen: 0 },
    stockLeft: (_, key) => {
      const prize = content.prizes.find((one) => one.key === key);
      const stock = prize && prize.kind !== 'nothing' ? prize.stock : null;
      return stock === null ? null : stock - (given.get(key) ?? 0);
    },
    budgetLeft: () => 1e15,
  };
  for (let serial = 0; serial < codes; serial++) {
    const draw: Draw = {
      number: (_, slot) => Math.floor(draws[(serial * 2 + slot) % draws.length]! * 2 ** 48),
      position: (_, __, { from, to }) => (to - 1 - serial + from) % (to - from),
    };
    const facts = scan({ serial, member: { tier: tiers[serial % tiers.length]! } });
    const decision = decide([version], facts, state, draw);
    if (decision.kind !== 'award') continue;
    total += decision.amountFen;
    given.set(decision.prizeKey, (given.get(decision.prizeKey) ?? 0) + 1);
    for (const key of decision.counterKeys) {
      const { count, fen } = used.get(key) ?? { count: 0, fen: 0 };
      used.set(key, { count: count + 1, fen: fen + decision.amountFen });
    }
  }
  return total;
}

it('bounds whatever is decided', () => {
  const share = fc.integer({ min: 1, max: 999_999 });
  fc.assert(
    fc.property(
      fc.record({
        ...{ odds: share, goldOdds: share, stock: fc.option(fc.integer({ min: 1, max: 20 })), dealt: fc.boolean() },
        ...{
          dealFirst: fc.boolean(),
          top: fc.integer({ min: 30, max: 900 }),
          cap: fc.option(fc.integer({ min: 900, max: 9_000 })),
        },
        draws: fc.array(fc.double({ min: 0, max: 0.999_999, noNaN: true }), { minLength: 2, maxLength: 30 }),
        tiers: fc.array(fc.constantFrom('regular' as const, 'gold' as const), { minLength: 1, maxLength: 5 }),
        codes: fc.integer({ min: 0, max: 60 }),
      }),
      ({ odds, goldOdds, stock, dealt: withDeal, dealFirst, top, cap, draws, tiers, codes }) => {
        const deal = dealt('d', 20, [
          ['top2', 3],
          ['thanks', 17],
        ]);
        const gold = drawn(
          'g',
          [
            ['top', goldOdds],
            ['thanks', 1e6 - goldOdds],
          ],
          'small',
          { field: 'tier', op: 'eq', value: 'gold' },
        );
        const rest = drawn(
          'r',
          [
            ['top', odds],
            ['small', 1e6 - odds],
          ],
          'small',
        );
        const content = campaignTemplate('夏日', 9, {
          prizes: [
            cash('top', top, stock),
            cash('top2', 700),
            { ...cash('small', 40), amount: { type: 'uniform', minFen: 30, maxFen: 50 } } as PrizeDefinition,
            thanks,
          ],
          rules: withDeal ? (dealFirst ? [deal, gold, rest] : [gold, deal, rest]) : [gold, rest],
          caps: cap === null ? [] : [{ per: 'campaign', window: 'total', count: null, fen: cap }],
        });
        const { mostFen, fullFen, expectedFen } = liability(content, Math.max(codes, withDeal ? 20 : 0), 0.5);
        expect(spend(content, codes, draws, tiers)).toBeLessThanOrEqual(mostFen);
        expect(fullFen).toBeLessThanOrEqual(mostFen);
        expect(expectedFen).toBeLessThanOrEqual(fullFen);
      },
    ),
    { numRuns: 200 },
  );
});
