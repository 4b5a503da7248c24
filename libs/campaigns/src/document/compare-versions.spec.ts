import fc from 'fast-check';
import type { CampaignContent, CashAmount, PrizeDefinition, Rule } from './campaign-content';
import { campaignTemplate } from './campaign-template';
import { campaignTemplates } from './campaign-templates';
import { compareVersions } from './compare-versions';

const everybody = { all: [] } as const;
const gold = { field: 'tier', op: 'eq', value: 'gold' } as const;
const cash = (key: string, fen: number, stock: number | null = null): PrizeDefinition => ({
  ...{ kind: 'cash', key, name: `红包${key}`, amount: { type: 'fixed', fen }, stock },
});
const rule = (
  key: string,
  when: Rule['when'],
  odds: [string, number][],
  fallbackPrizeKey: string | null = null,
): Rule => ({
  ...{ key, name: `规则${key}`, when },
  then: { mode: 'drawn', prizes: odds.map(([prize, share]) => ({ key: prize, odds: share })), fallbackPrizeKey },
});
const base = campaignTemplate('夏日', 9, {
  prizes: [cash('a', 100, 50), cash('b', 50), { kind: 'nothing', key: 'no', name: '谢谢参与' }],
  rules: [
    rule('g', gold, [['a', 1e6]], 'b'),
    rule(
      'r',
      everybody,
      [
        ['a', 1e5],
        ['b', 4e5],
        ['no', 5e5],
      ],
      'b',
    ),
  ],
});
const changes = (overrides: Partial<CampaignContent>, from = base) =>
  compareVersions(from, { ...from, ...overrides }).map(
    ({ favour, kind, path, sentence }) => `${favour} ${kind} ${path} ${sentence}`,
  );
const rules = (table: [string, number][]) => ({ rules: [base.rules[0]!, rule('r', everybody, table, 'b')] });
const prize = (key: string, part: object) => ({
  prizes: base.prizes.map((one) => (one.key === key ? ({ ...one, ...part } as PrizeDefinition) : one)),
});
const amount = (part: CashAmount) => prize('b', { amount: part });

it.each<[string, Partial<CampaignContent>, string[]]>([
  ['nothing', {}, []],
  [
    'better odds',
    rules([
      ['a', 2e5],
      ['b', 4e5],
      ['no', 4e5],
    ]),
    [
      'better changed rules[1].then.prizes 规则「规则r」的概率从 红包a 10%、红包b 40%、谢谢参与 50% 改为 红包a 20%、红包b 40%、谢谢参与 40%',
    ],
  ],
  [
    'worse odds',
    rules([
      ['a', 1e5],
      ['b', 399_999],
      ['no', 500_001],
    ]),
    [
      'worse changed rules[1].then.prizes 规则「规则r」的概率从 红包a 10%、红包b 40%、谢谢参与 50% 改为 红包a 10%、红包b 39.9999%、谢谢参与 50.0001%',
    ],
  ],
  [
    'odds that pull apart',
    rules([
      ['a', 2e5],
      ['b', 1e5],
      ['no', 7e5],
    ]),
    [expect.stringMatching(/^worse changed rules\[1\]\.then\.prizes/) as unknown as string],
  ],
  [
    'more money',
    prize('a', { amount: { type: 'fixed', fen: 120 } }),
    ['better changed prizes[0].amount 「红包a」从 1.00 元 改为 1.20 元'],
  ],
  [
    'less money',
    prize('a', { amount: { type: 'fixed', fen: 99 } }),
    ['worse changed prizes[0].amount 「红包a」从 1.00 元 改为 0.99 元'],
  ],
  [
    'a range above',
    amount({ type: 'uniform', minFen: 50, maxFen: 60 }),
    ['better changed prizes[1].amount 「红包b」从 0.50 元 改为 0.50 元 – 0.60 元'],
  ],
  [
    'a range around',
    amount({ type: 'uniform', minFen: 40, maxFen: 90 }),
    ['worse changed prizes[1].amount 「红包b」从 0.50 元 改为 0.40 元 – 0.90 元'],
  ],
  ['more stock', prize('a', { stock: 51 }), ['better changed prizes[0].stock 「红包a」从 50 份 改为 51 份']],
  ['no limit', prize('a', { stock: null }), ['better changed prizes[0].stock 「红包a」从 50 份 改为 不限量']],
  ['less stock', prize('a', { stock: 49 }), ['worse changed prizes[0].stock 「红包a」从 50 份 改为 49 份']],
  [
    'another kind',
    prize('a', { kind: 'locked', opensWithinDays: 3 }),
    ['worse changed prizes[0].kind 奖品「红包a」换成了另一种奖品「红包a」'],
  ],
  [
    'a longer campaign',
    { period: { ...base.period, to: '2027-02-01T00:00' } },
    ['better changed period.to 活动结束从 2027-01-01 00:00 改为 2027-02-01 00:00'],
  ],
  [
    'a later start',
    { period: { ...base.period, from: '2026-01-02T00:00' } },
    ['worse changed period.from 活动开始从 2026-01-01 00:00 改为 2026-01-02 00:00'],
  ],
  [
    'a cap',
    { caps: [...base.caps, { per: 'member', window: 'total', count: 100, fen: null }] },
    ['worse added caps[2] 新增上限：每人总共最多 100 次'],
  ],
  [
    'a looser cap',
    { caps: [{ ...base.caps[0]!, count: 11 }, base.caps[1]!] },
    ['better changed caps[0] 上限从「每人每天最多 10 次」改为「每人每天最多 11 次」'],
  ],
  ['no cap', { caps: [base.caps[0]!] }, ['better removed caps[1] 取消上限：每人每月最多 60 次']],
  ['a gate', { gates: [{ kind: 'phone' }] }, ['worse added gates[0] 领奖前要绑定手机号']],
  [
    'fewer products',
    { scope: { products: [1], batches: [] } },
    ['worse changed scope.products 参加的商品从 全部 改为 1'],
  ],
  [
    'rules the other way round',
    { rules: [base.rules[1]!, base.rules[0]!] },
    ['worse moved rules 规则的先后次序变了：同一次扫码可能满足另一条规则'],
  ],
  [
    'a rule that nobody reaches',
    { rules: [...base.rules, rule('x', gold, [['b', 1e6]])] },
    ['neutral added rules[2] 新增规则「规则x」，排在后面，轮不到'],
  ],
  [
    'a rule in between',
    { rules: [base.rules[0]!, rule('x', gold, [['b', 1e6]]), base.rules[1]!] },
    ['worse added rules[1] 新增规则「规则x」'],
  ],
  ['one rule less', { rules: [base.rules[1]!] }, ['worse removed rules[0] 取消规则「规则g」']],
  [
    'other people',
    { rules: [rule('g', { field: 'tier', op: 'eq', value: 'platinum' }, [['a', 1e6]], 'b'), base.rules[1]!] },
    [
      expect.stringMatching(
        /^worse changed rules\[0\]\.when 规则「规则g」的条件从「.*金卡.*」改为「.*白金卡.*」$/,
      ) as unknown as string,
    ],
  ],
  [
    'a better fallback',
    { rules: [rule('g', gold, [['a', 1e6]], 'a'), base.rules[1]!] },
    ['better changed rules[0].then.fallbackPrizeKey 规则「规则g」发完后的替代奖品从「红包b」改为「红包a」'],
  ],
  [
    'other words',
    { copy: { ...base.copy, ruleText: '改过的规则' } },
    [expect.stringMatching(/^worse changed copy\.ruleText/) as unknown as string],
  ],
  ['another budget', { budgetId: 10 }, ['neutral changed budgetId 付款的预算从「9」改为「10」']],
  [
    'a smaller area',
    { legal: { ...base.legal, announcedArea: [340000] } },
    ['worse changed legal.announcedArea 公示的活动范围变了'],
  ],
  [
    'waiting for money',
    { payout: { mode: 'pooled', untilFen: 100 } },
    ['worse changed payout 发放方式从「立即到账」改为「累计满 1.00 元 提现」'],
  ],
  [
    'a new plan',
    { burst: { fence: [340100], maxHours: 1, maxCount: 1, maxFen: 1 } },
    ['worse added burst 新增区域加码预案'],
  ],
])('%s', (_, overrides, expected) => expect(changes(overrides)).toEqual(expected));

it('a rule at the end of a base campaign that lacked one is better, unless it gives 谢谢参与 or shadows another lane', () => {
  const open = { ...base, rules: [base.rules[0]!] };
  const more = (extra: Rule) => ({ rules: [...open.rules, extra] });
  expect(changes(more(rule('x', everybody, [['b', 1e6]])), open)[0]).toMatch(/^better added/);
  expect(
    changes(
      more(
        rule('x', everybody, [
          ['b', 5e5],
          ['no', 5e5],
        ]),
      ),
      open,
    )[0],
  ).toMatch(/^worse added/);
  const regional = { ...open, lane: 'regional' as const };
  expect(changes(more(rule('x', everybody, [['b', 1e6]])), regional)[0]).toMatch(/^worse added/);
});

it('another way to draw an amount is better only when the least is as much as the most was', () => {
  const range = { ...base, ...amount({ type: 'uniform', minFen: 40, maxFen: 80 }) };
  const fixed = (fen: number) => changes(amount({ type: 'fixed', fen }), range)[0];
  expect(fixed(79)).toMatch(/^worse changed prizes\[1\]\.amount/);
  expect(fixed(80)).toMatch(/^better changed prizes\[1\]\.amount/);
});

describe('what a coupon or goods are worth is only declared', () => {
  const coupon = (key: string, valueFen: number): PrizeDefinition => ({
    ...{ kind: 'coupon', key, name: `券${key}`, stock: null, valueFen, validDays: 30, coupon: { type: 'generated' } },
  });
  const of = (odds: [string, number][], valueFen: number, fallback: string | null = null) =>
    campaignTemplate('夏日', 9, {
      prizes: [
        cash('top', 8_800),
        cash('small', 100),
        { ...cash('late', 8_800), kind: 'locked', opensWithinDays: 7 } as PrizeDefinition,
        coupon('c', valueFen),
        coupon('d', 20_000),
        { kind: 'nothing', key: 'no', name: '谢谢参与' },
      ],
      rules: [rule('r', everybody, odds, fallback)],
    });
  const favours = (before: CampaignContent, after: CampaignContent) =>
    compareVersions(before, after).map(({ path, favour }) => `${favour} ${path}`);
  const table = (top: number, c: number): [string, number][] => [
    ['top', top],
    ['c', c],
    ['no', 1e6 - top - c],
  ];

  it('more of it is neutral, less of it is worse', () => {
    const [low, high] = [of(table(1e5, 2e5), 100), of(table(1e5, 2e5), 10_000)];
    expect(favours(low, high)).toEqual(['neutral prizes[3].valueFen']);
    expect(favours(high, low)).toEqual(['worse prizes[3].valueFen']);
  });
  it('cannot pay for money that got rarer', () => {
    const paper = favours(of(table(1e5, 2e5), 100), of(table(1_000, 2.99e5), 10_000));
    expect(paper).toEqual(['worse rules[0].then.prizes', 'neutral prizes[3].valueFen']);
    // Declared dear from the start, it still pays for nothing.
    expect(favours(of(table(1e5, 2e5), 10_000), of(table(1_000, 2.99e5), 10_000))).toEqual([
      'worse rules[0].then.prizes',
    ]);
  });
  it('cannot pay for another coupon, nor a later money for money at once', () => {
    const two = (c: number, d: number): [string, number][] => [
      ['c', c],
      ['d', d],
      ['no', 1e6 - c - d],
    ];
    expect(favours(of(two(3e5, 1e5), 100), of(two(1e5, 3e5), 100))).toEqual(['worse rules[0].then.prizes']);
    expect(favours(of(two(3e5, 1e5), 100), of(two(3e5, 2e5), 100))).toEqual(['better rules[0].then.prizes']);
    const wait = (top: number, late: number): [string, number][] => [
      ['top', top],
      ['late', late],
    ];
    expect(favours(of(wait(5e5, 5e5), 100), of(wait(1e5, 9e5), 100))).toEqual(['worse rules[0].then.prizes']);
    expect(favours(of(wait(1e5, 9e5), 100), of(wait(5e5, 5e5), 100))).toEqual(['better rules[0].then.prizes']);
  });
  it('is no better a fallback than money', () => {
    const instead = (key: string | null) => of(table(1e5, 2e5), 100, key);
    expect(favours(instead('small'), instead('d'))).toEqual(['worse rules[0].then.fallbackPrizeKey']);
    expect(favours(instead('top'), instead('late'))).toEqual(['worse rules[0].then.fallbackPrizeKey']);
    expect(favours(instead('small'), instead('top'))).toEqual(['better rules[0].then.fallbackPrizeKey']);
    expect(favours(instead(null), instead('d'))).toEqual(['better rules[0].then.fallbackPrizeKey']);
  });
});

/** Documents that differ in a few parts each, so that pairs of them differ in any combination. */
const anyContent = fc
  .record({
    fen: fc.constantFrom(50, 60, 70),
    amount: fc.constantFrom<CashAmount | undefined>(
      undefined,
      { type: 'uniform', minFen: 40, maxFen: 80 },
      {
        type: 'ladder',
        steps: [
          { fromNth: 1, fen: 50 },
          { fromNth: 3, fen: 90 },
        ],
      },
    ),
    stock: fc.constantFrom(null, 10, 20),
    odds: fc.constantFrom(1e5, 2e5, 5e5),
    day: fc.constantFrom(5, 10, null),
    to: fc.constantFrom('2027-01-01T00:00', '2027-02-01T00:00'),
    area: fc.constantFrom([], [340000], [340000, 320000]),
    lane: fc.constantFrom('base' as const, 'regional' as const),
    always: fc.boolean(),
    extra: fc.constantFrom<Rule[]>([], [rule('x', gold, [['b', 1e6]])], [rule('y', everybody, [['b', 1e6]])]),
    name: fc.constantFrom('夏日', '秋日'),
  })
  .map(({ fen, amount: other, stock, odds, day, to, area, lane, always, extra, name }) =>
    campaignTemplate(name, 9, {
      prizes: [
        { ...cash('a', 100, stock) },
        other ? ({ ...cash('b', fen), amount: other } as PrizeDefinition) : cash('b', fen),
      ],
      rules: [
        ...extra,
        rule(
          'r',
          gold,
          [
            ['a', odds],
            ['b', 1e6 - odds],
          ],
          'b',
        ),
      ],
      caps: day === null ? [] : [{ per: 'member', window: 'day', count: day, fen: null }],
      legal: { ...base.legal, announcedArea: area },
      ...{ lane, alwaysWins: always, period: { ...base.period, to } },
    }),
  );

it('is empty for equal versions, and only for those', () => {
  for (const { content } of campaignTemplates) {
    const [one, other] = [content('夏日', 9), structuredClone(content('夏日', 9))];
    expect(compareVersions(one, other)).toEqual([]);
  }
  fc.assert(
    fc.property(anyContent, anyContent, (a, b) => {
      expect(compareVersions(a, b).length === 0).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
  );
});

it('what is better one way is worse the other way, and neutral stays neutral', () => {
  fc.assert(
    fc.property(anyContent, anyContent, (a, b) => {
      const [there, back] = [compareVersions(a, b), compareVersions(b, a)];
      const favours = (of: typeof there) => of.map(({ favour }) => favour);
      if (favours(there).includes('better')) expect(favours(back)).toContain('worse');
      if (!favours(there).includes('worse') && favours(there).includes('better')) {
        expect(favours(back)).not.toContain('better');
      }
      expect(favours(there).every((favour) => favour === 'neutral')).toBe(
        favours(back).every((favour) => favour === 'neutral'),
      );
    }),
    { numRuns: 500 },
  );
});
