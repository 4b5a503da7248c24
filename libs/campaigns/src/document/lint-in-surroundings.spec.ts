import type { CampaignContent, PrizeDefinition } from './campaign-content';
import { campaignTemplate } from './campaign-template';
import { lintInSurroundings } from './lint-in-surroundings';
import type { Surroundings } from './surroundings';
import { published } from '../fixtures/scans';

const around = (part: Partial<Surroundings> = {}): Surroundings => ({
  productIds: new Set([1, 2]),
  batches: new Map([
    [
      7,
      {
        productId: 1,
        quantity: 1_000,
        layers: [
          { layer: 1, purpose: 'prize' },
          { layer: 2, purpose: 'verify' },
        ],
      },
    ],
    [8, { productId: 2, quantity: 1_000, layers: [{ layer: 1, purpose: 'prize' }] }],
  ]),
  budget: { id: 9, grantedFen: 88_000, leftFen: 88_000 },
  codesInScope: 1_000,
  scanRate: 0.5,
  storesByProduct: new Map([[1, 6]]),
  couponPools: new Map([
    [3, 100],
    [4, 0],
  ]),
  audienceIds: new Set([5]),
  storesTotal: 10,
  pictures: new Map([['a'.repeat(64), { width: 1125, height: 375 }]]),
  others: [],
  ...part,
});
const told = (overrides: Partial<CampaignContent>, surroundings: Partial<Surroundings> = {}): string[] =>
  lintInSurroundings(campaignTemplate('夏日', 9, overrides), around(surroundings)).map(
    ({ severity, path, code }) => `${severity} ${path} ${code}`,
  );
const when = (field: string, op: 'in' | 'hasAny', value: (number | string)[]) => ({
  rules: [{ ...campaignTemplate('', 9).rules[0]!, when: { field, op, value } as never }],
});
const deal = (segment: object) => ({
  rules: [
    {
      ...{ key: 'd', name: '预埋', when: { all: [] } },
      then: {
        mode: 'dealt' as const,
        segment: { batch: 7, layer: 1, from: 0, to: 1_000, ...segment },
        prizes: [{ key: 'small', count: 1_000 }],
      },
    },
  ],
});
const only = (prize: PrizeDefinition): Partial<CampaignContent> => ({ prizes: [prize], budgetId: null });
const coupon = (poolId: number, stock: number | null): PrizeDefinition => ({
  ...{
    kind: 'coupon',
    key: 'small',
    name: '券',
    coupon: { type: 'pool', poolId },
    valueFen: 500,
    validDays: 30,
    stock,
  },
});
const redeem = (productId: number): PrizeDefinition => ({
  ...{
    kind: 'redeem',
    key: 'small',
    name: '再来一瓶',
    productId,
    valueFen: 500,
    coPayFen: 0,
    validDays: 30,
    stock: null,
  },
});

it.each<[string, Partial<CampaignContent>, Partial<Surroundings>, string[]]>([
  ['all is there', {}, {}, []],
  // 1,000 codes of 0.88 yuan: 全部兑付 88,000 fen, 预计兑付 44,000.
  [
    '1.2 times the expected cost',
    {},
    { budget: { id: 9, grantedFen: 52_800, leftFen: 0 } },
    ['warning budgetId budget_below_full'],
  ],
  ['one fen less', {}, { budget: { id: 9, grantedFen: 52_799, leftFen: 0 } }, ['error budgetId budget_below_expected']],
  [
    'one fen below the full cost',
    {},
    { budget: { id: 9, grantedFen: 87_999, leftFen: 0 } },
    ['warning budgetId budget_below_full'],
  ],
  [
    'the same with a promise',
    { alwaysWins: true },
    { budget: { id: 9, grantedFen: 87_999, leftFen: 0 } },
    ['error budgetId promise_budget'],
  ],
  ['no such budget', {}, { budget: null }, ['error budgetId unknown_budget']],
  ['another budget', {}, { budget: { id: 8, grantedFen: 1e9, leftFen: 1e9 } }, ['error budgetId unknown_budget']],
  ['no codes yet', {}, { codesInScope: 0 }, ['warning scope no_codes']],
  [
    'an unknown product',
    { scope: { products: [1, 99], batches: [] } },
    {},
    ['error scope.products[1] unknown_product'],
  ],
  ['an unknown batch', { scope: { products: [], batches: [99] } }, {}, ['error scope.batches[0] unknown_batch']],
  [
    'a batch of another product',
    { scope: { products: [1], batches: [7, 8] } },
    {},
    ['error scope.batches[1] batch_of_other_product'],
  ],
  [
    'a condition on an unknown product',
    when('product', 'in', [1, 99]),
    {},
    ['error rules[0].when.value unknown_product'],
  ],
  ['on an unknown audience', when('audience', 'hasAny', [5, 6]), {}, ['error rules[0].when.value unknown_audience']],
  ['a deal', deal({}), {}, []],
  [
    'a deal beyond the batch',
    deal({ from: 1, to: 1_001 }),
    {},
    ['error rules[0].then.segment.to segment_outside_batch'],
  ],
  [
    'a deal on a layer that does not pay',
    deal({ layer: 2 }),
    {},
    ['error rules[0].then.segment.layer segment_not_prize_layer'],
  ],
  ['a deal on no layer', deal({ layer: 3 }), {}, ['error rules[0].then.segment.layer segment_not_prize_layer']],
  ['a deal on no batch', deal({ batch: 99 }), {}, ['error rules[0].then.segment.batch unknown_batch']],
  ['enough coupons', only(coupon(3, 100)), {}, []],
  ['too few coupons', only(coupon(3, 101)), {}, ['error prizes[0].coupon.poolId pool_too_small']],
  ['an empty pool', only(coupon(4, null)), {}, ['error prizes[0].coupon.poolId pool_empty']],
  ['no such pool', only(coupon(99, null)), {}, ['error prizes[0].coupon.poolId unknown_pool']],
  ['stores that redeem', only(redeem(1)), {}, []],
  ['few stores that redeem', only(redeem(1)), { storesTotal: 13 }, ['info prizes[0].productId few_redeeming_stores']],
  ['no store that redeems', only(redeem(2)), {}, ['error prizes[0].productId no_redeeming_store']],
  ['no such product to redeem', only(redeem(99)), {}, ['error prizes[0].productId unknown_product']],
])('%s', (_, overrides, surroundings, findings) => expect(told(overrides, surroundings)).toEqual(findings));

describe('order among campaigns', () => {
  const within = (value: number) => ({
    rules: [{ ...campaignTemplate('', 9).rules[0]!, when: { field: 'region', op: 'within', value } as const }],
  });

  it('is refused at equal lane, priority and fineness of place when they can meet', () => {
    expect(told({}, { others: [published({ name: '春日' })] })).toEqual(['error priority overlap']);
    expect(told({ priority: 101 }, { others: [published()] })).toEqual([]);
    expect(told({ lane: 'regional' }, { others: [published()] })).toEqual([]);
    expect(told(within(340000), { others: [published()] })).toEqual([]);
    expect(told(within(340000), { others: [published(within(440000))] })).toEqual([]);
    expect(told(within(340000), { others: [published(within(340000))] })).toEqual(['error priority overlap']);
    expect(
      told(
        { scope: { products: [1], batches: [] } },
        { others: [published({ scope: { products: [2], batches: [] } })] },
      ),
    ).toEqual([]);
  });

  it('two bursts meet where their fences do', () => {
    const burst = (...fence: number[]) => ({
      lane: 'burst' as const,
      burst: { fence, maxHours: 1, maxCount: 1_000, maxFen: 88_000 },
    });
    expect(told(burst(340100), { others: [published(burst(340200))] })).toEqual([]);
    expect(told(burst(340100), { others: [published(burst(340100))] })).toEqual(['error priority overlap']);
  });
});

it('says which law, limit or house rule each finding rests on', () => {
  const findings = lintInSurroundings(
    campaignTemplate('夏日', 9),
    around({ budget: { id: 9, grantedFen: 1, leftFen: 1 } }),
  );
  expect(findings).toEqual([
    {
      ...{ path: 'budgetId', code: 'budget_below_expected', severity: 'error' },
      message: '已批预算 0.01 元，不到预计兑付 440.00 元 的 1.2 倍；请先追加预算',
      source: '一码规则：预算要够付已承诺的奖',
    },
  ]);
});
