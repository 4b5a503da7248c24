import type { CampaignContent, Cap, PrizeDefinition, Rule } from '../campaign-content';
import { campaignTemplate } from '../campaign-template';
import type { Finding } from '../finding';
import { validateCampaign } from '../validate-campaign';

const lint = (overrides: Partial<CampaignContent>): readonly Finding[] =>
  validateCampaign(campaignTemplate('夏日', 9, overrides)).findings;
const told = (overrides: Partial<CampaignContent>): string[] =>
  lint(overrides).map(({ severity, path, code }) => `${severity} ${path} ${code}`);

const everybody = { all: [] } as const;
const within = (...value: number[]) => ({ field: 'region', op: 'within', value }) as const;
const cash = (key: string, fen: number, stock: number | null = null): PrizeDefinition => ({
  ...{ kind: 'cash', key, name: key, amount: { type: 'fixed', fen }, stock },
});
const amountOf = (amount: Extract<PrizeDefinition, { kind: 'cash' }>['amount']): Partial<CampaignContent> => ({
  prizes: [{ kind: 'cash', key: 'small', name: '红包', amount, stock: null }],
});
const thanks: PrizeDefinition = { kind: 'nothing', key: 'thanks', name: '谢谢参与' };
const rule = (
  key: string,
  when: Rule['when'],
  odds: [string, number][],
  fallbackPrizeKey: string | null = null,
): Rule => ({
  ...{ key, name: key, when },
  then: { mode: 'drawn', prizes: odds.map(([prize, share]) => ({ key: prize, odds: share })), fallbackPrizeKey },
});
const sure = (key: string, when: Rule['when'], prize: string): Rule => rule(key, when, [[prize, 1_000_000]]);
const deal = (
  key: string,
  from: number,
  to: number,
  counts: [string, number][],
  when: Rule['when'] = everybody,
): Rule => ({
  ...{ key, name: key, when },
  then: {
    mode: 'dealt',
    segment: { batch: 7, layer: 1, from, to },
    prizes: counts.map(([prize, count]) => ({ key: prize, count })),
  },
});
const legal = (part: Partial<CampaignContent['legal']>): Partial<CampaignContent> => ({
  legal: { ...campaignTemplate('', 1).legal, ...part },
});
const cap = (part: Partial<Cap>): Cap => ({ per: 'member', window: 'day', count: 10, fen: null, ...part });
const redeem = {
  kind: 'redeem',
  key: 'small',
  name: '再来一瓶',
  productId: 1,
  valueFen: 500,
  coPayFen: 0,
  validDays: 30,
  stock: null,
} as const;
const goods = (valueFen: number): PrizeDefinition => ({
  kind: 'goods',
  key: 'small',
  name: '礼盒',
  valueFen,
  stock: null,
});

type Case = readonly [what: string, overrides: Partial<CampaignContent>, findings: readonly string[]];

const PRIZES: readonly Case[] = [
  [
    'a fair ladder',
    amountOf({
      type: 'ladder',
      steps: [
        { fromNth: 1, fen: 88 },
        { fromNth: 3, fen: 188 },
      ],
    }),
    [],
  ],
  [
    'a ladder that starts at 2',
    amountOf({ type: 'ladder', steps: [{ fromNth: 2, fen: 88 }] }),
    ['error prizes[0].amount.steps[0].fromNth ladder_start'],
  ],
  [
    'steps out of order',
    amountOf({
      type: 'ladder',
      steps: [
        { fromNth: 1, fen: 88 },
        { fromNth: 1, fen: 188 },
      ],
    }),
    ['error prizes[0].amount.steps[1].fromNth ladder_order'],
  ],
  [
    'a ladder that falls',
    amountOf({
      type: 'ladder',
      steps: [
        { fromNth: 1, fen: 88 },
        { fromNth: 2, fen: 66 },
      ],
    }),
    ['warning prizes[0].amount.steps[1].fen ladder_falls'],
  ],
  [
    'a step that misses the largest amount',
    amountOf({ type: 'uniform', minFen: 30, maxFen: 88, stepFen: 7 }),
    ['error prizes[0].amount.stepFen uniform_step'],
  ],
  [
    'a name that promises more',
    { prizes: [{ ...cash('small', 880), name: '88 元红包' } as PrizeDefinition] },
    ['warning prizes[0].name name_amount_differs'],
  ],
  ['goods of no value', { prizes: [goods(0)], budgetId: null }, ['error prizes[0].valueFen value_missing']],
  [
    'a co-pay that eats the value',
    { prizes: [{ ...redeem, coPayFen: 500 }], budgetId: null },
    ['error prizes[0].coPayFen copay_over_value'],
  ],
];

const MONEY: readonly Case[] = [
  ['9 fen', amountOf({ type: 'fixed', fen: 9 }), ['error prizes[0].amount.fen cash_below_channel']],
  ['10 fen', amountOf({ type: 'fixed', fen: 10 }), ['warning prizes[0].amount.fen cash_small']],
  ['29 fen', amountOf({ type: 'fixed', fen: 29 }), ['warning prizes[0].amount.fen cash_small']],
  ['30 fen', amountOf({ type: 'fixed', fen: 30 }), []],
  ['200 yuan', amountOf({ type: 'fixed', fen: 20_000 }), []],
  ['200.01 yuan', amountOf({ type: 'fixed', fen: 20_001 }), ['warning prizes[0].amount.fen cash_above_channel']],
  [
    'small amounts gathered, which cannot be done yet',
    { ...amountOf({ type: 'fixed', fen: 5 }), payout: { mode: 'pooled', untilFen: 100 } },
    ['error payout.mode pooled_unavailable'],
  ],
  [
    'gathering beyond 1 yuan',
    { payout: { mode: 'pooled', untilFen: 101 } },
    ['error payout.mode pooled_unavailable', 'error payout.untilFen pooled_too_much'],
  ],
  ['a budget nobody uses', { prizes: [redeem] }, ['info budgetId budget_unused']],
];

const CAPS: readonly Case[] = [
  ['no cap per day', { caps: [] }, ['warning caps cap_missing']],
  ['a cap of nothing', { caps: [cap({ count: null })] }, ['error caps[0] cap_empty']],
  [
    'more a day than a month',
    { caps: [cap({}), cap({ window: 'month', count: 9 })] },
    ['error caps[0].count cap_contradiction'],
  ],
  [
    'more fen an hour than in all',
    {
      caps: [
        cap({}),
        cap({ per: 'campaign', window: 'hour', count: null, fen: 9_000 }),
        cap({ per: 'campaign', window: 'total', count: null, fen: 8_999 }),
      ],
    },
    ['error caps[1].fen cap_contradiction'],
  ],
  ['the same cap twice', { caps: [cap({}), cap({ count: 5 })] }, ['error caps[1] duplicate_cap']],
  [
    'a province by default is a province',
    { caps: [cap({}), cap({ per: 'region' }), cap({ per: 'region', level: 'province' })] },
    ['error caps[2] duplicate_cap'],
  ],
  ['a place on a member cap', { caps: [cap({ adcode: 340000 })] }, ['error caps[0] cap_place_unfit']],
  [
    'one place and every city',
    { caps: [cap({}), cap({ per: 'region', level: 'city', adcode: 340100 })] },
    ['error caps[1].level cap_place_unfit'],
  ],
  ['a district', { caps: [cap({}), cap({ per: 'region', adcode: 340104 })] }, ['error caps[1].adcode cap_too_fine']],
  ['a code', { caps: [cap({}), cap({ per: 'code', window: 'total', count: 1 })] }, ['warning caps[1] cap_meaningless']],
  [
    'less than one prize',
    { caps: [cap({}), cap({ per: 'campaign', window: 'hour', count: null, fen: 87 })] },
    ['error caps[1].fen cap_below_prize'],
  ],
  ['exactly one prize', { caps: [cap({}), cap({ per: 'campaign', window: 'hour', count: null, fen: 88 })] }, []],
];

const two = [cash('big', 888), cash('small', 88)];
const LAW: readonly Case[] = [
  [
    'goods above 50,000 yuan',
    { prizes: [goods(5_000_001)], budgetId: null },
    ['error prizes[0].valueFen amount_over_law'],
  ],
  [
    'a coupon above it',
    {
      prizes: [
        {
          kind: 'coupon',
          key: 'small',
          name: '抵扣券',
          coupon: { type: 'generated' },
          valueFen: 5_000_001,
          validDays: 30,
          stock: null,
        },
      ],
      ...legal({ disclosure: '在天猫旗舰店使用。' }),
      budgetId: null,
    },
    ['error prizes[0].valueFen amount_over_law'],
  ],
  [
    'a step above it',
    amountOf({
      type: 'ladder',
      steps: [
        { fromNth: 1, fen: 88 },
        { fromNth: 2, fen: 5_000_001 },
      ],
    }),
    ['warning prizes[0].amount.steps[1].fen cash_above_channel', 'error prizes[0].amount.steps[1].fen amount_over_law'],
  ],
  [
    'a co-pay taken off',
    { prizes: [{ ...redeem, valueFen: 5_000_100, coPayFen: 100 }], budgetId: null },
    ['info prizes[0] winners_to_publish'],
  ],
  ['501 yuan', { prizes: [goods(50_100)], budgetId: null }, ['info prizes[0] winners_to_publish']],
  ['claims that end with the campaign', legal({ claimUntil: '2027-01-01T00:00' }), []],
  ['claims that end earlier', legal({ claimUntil: '2026-12-31T23:59' }), ['error legal.claimUntil claim_ends_early']],
  ['no such day', legal({ claimUntil: '2027-02-30T00:00' }), ['error legal.claimUntil bad_format']],
  [
    'a text still to be written',
    legal({ disclosure: '奖品数量：待定' }),
    ['error legal.disclosure disclosure_placeholder'],
  ],
  [
    'an organiser still to be named',
    legal({ organiser: 'XX 饮料有限公司' }),
    ['error legal.organiser disclosure_placeholder'],
  ],
  ['nobody to call', legal({ contact: '客服电话见包装' }), ['warning legal.contact contact_unclear']],
  [
    'a coupon without its rules',
    {
      prizes: [
        {
          kind: 'coupon',
          key: 'small',
          name: '券',
          coupon: { type: 'generated' },
          valueFen: 500,
          validDays: 30,
          stock: null,
        },
      ],
      budgetId: null,
    },
    ['warning prizes[0] coupon_rules_missing'],
  ],
  [
    'a top prize only in Anhui',
    {
      prizes: [...two, thanks],
      rules: [
        rule('a', within(340000), [
          ['big', 1000],
          ['small', 999_000],
        ]),
        sure('b', everybody, 'small'),
      ],
    },
    ['error prizes[0] prize_area_part', 'warning prizes[2] prize_unused'],
  ],
  [
    'the same, announced for Hefei only',
    {
      prizes: two,
      rules: [
        rule('a', within(340000), [
          ['big', 1000],
          ['small', 999_000],
        ]),
        sure('b', everybody, 'small'),
      ],
      ...legal({ announcedArea: [340100] }),
    },
    [],
  ],
  [
    'a gift only in Anhui',
    { prizes: two, rules: [sure('a', within(340000), 'big'), sure('b', everybody, 'small')] },
    ['warning prizes[0] prize_area_part'],
  ],
  [
    'a rule outside the announced area',
    {
      prizes: two,
      rules: [sure('a', within(440000), 'big'), sure('b', everybody, 'small')],
      ...legal({ announcedArea: [340000] }),
    },
    ['warning prizes[0] prize_area_part', 'warning rules[0].when place_outside_area'],
  ],
  [
    'a top prize that opens later',
    {
      prizes: two,
      rules: [
        rule('a', { field: 'at', op: 'gte', value: '2026-06-01T00:00:00+08:00' }, [
          ['big', 1000],
          ['small', 999_000],
        ]),
        sure('b', everybody, 'small'),
      ],
    },
    ['error prizes[0] prize_held_back'],
  ],
  [
    'one that opens with the campaign',
    {
      prizes: two,
      rules: [
        rule('a', { field: 'at', op: 'gte', value: '2026-01-01T00:00:00+08:00' }, [
          ['big', 1000],
          ['small', 999_000],
        ]),
        sure('b', everybody, 'small'),
      ],
    },
    [],
  ],
  [
    'one only for the many-time buyer',
    {
      prizes: two,
      rules: [
        rule('a', { field: 'nthScan', op: 'gte', value: 10 }, [
          ['big', 1000],
          ['small', 999_000],
        ]),
        sure('b', everybody, 'small'),
      ],
    },
    ['warning prizes[0] prize_needs_scans'],
  ],
];

const PLACE: readonly Case[] = [
  [
    'a place that does not exist',
    { rules: [sure('a', within(349900), 'small'), sure('b', everybody, 'small')] },
    ['error rules[0].when.value unknown_region'],
  ],
  [
    'hiding pays',
    { prizes: two, rules: [sure('a', within(340100), 'small'), sure('b', everybody, 'big')] },
    ['error rules[1] pays_for_less'],
  ],
  [
    'a worse place pays',
    {
      prizes: two,
      rules: [
        sure('a', within(340100), 'small'),
        { ...sure('b', within(340000), 'big'), minTrust: 'claimed' },
        sure('c', everybody, 'small'),
      ],
    },
    ['warning prizes[0] prize_area_part', 'warning rules[1].minTrust trust_lowered', 'error rules[1] pays_for_less'],
  ],
  [
    'telling pays',
    {
      prizes: two,
      rules: [sure('a', within(340100), 'big'), sure('b', everybody, 'small')],
      ...legal({ announcedArea: [340100] }),
    },
    [],
  ],
  [
    'people who are not comparable',
    {
      prizes: two,
      rules: [
        sure('a', within(340100), 'small'),
        sure('b', { field: 'tier', op: 'eq', value: 'gold' }, 'big'),
        sure('c', everybody, 'small'),
      ],
    },
    [],
  ],
  [
    'trust lowered for a city',
    { rules: [{ ...sure('a', within(340100), 'small'), minTrust: 'ip' }, sure('b', everybody, 'small')] },
    ['warning rules[0].minTrust trust_lowered'],
  ],
  [
    'trust lowered for a province',
    { rules: [{ ...sure('a', within(340000), 'small'), minTrust: 'claimed' }, sure('b', everybody, 'small')] },
    ['warning rules[0].minTrust trust_lowered'],
  ],
];

const GATES: readonly Case[] = [
  ['share', { gates: [{ kind: 'share' }] }, ['error gates[0] gate_share']],
  ['follow', { gates: [{ kind: 'follow' }] }, ['error gates[0] gate_follow']],
  ['phone for a red packet', { gates: [{ kind: 'phone' }] }, ['error gates[0] gate_phone_needless']],
  [
    'phone for goods',
    { gates: [{ kind: 'phone' }], prizes: [goods(500)], budgetId: null },
    ['info gates[0] gate_phone_consent'],
  ],
  [
    'phone for a tier benefit',
    { gates: [{ kind: 'phone' }], rules: [sure('a', { field: 'tier', op: 'eq', value: 'gold' }, 'small')] },
    ['info gates[0] gate_phone_consent'],
  ],
  [
    'the same task twice',
    { gates: [{ kind: 'phone' }, { kind: 'phone' }], prizes: [goods(500)], budgetId: null },
    ['info gates[0] gate_phone_consent', 'info gates[1] gate_phone_consent', 'error gates[1] duplicate_gate'],
  ],
  [
    'prizes for followers',
    {
      prizes: two,
      rules: [sure('a', { field: 'follows', op: 'eq', value: true }, 'big'), sure('b', everybody, 'small')],
    },
    ['error rules[0].when follow_rewarded'],
  ],
  [
    'words that induce',
    { copy: { title: '夏日', ruleText: '分享到朋友圈后再领红包' } },
    ['warning copy.ruleText inducing_words'],
  ],
];

const PROMISE: readonly Case[] = [
  ['kept', { alwaysWins: true, caps: [] }, ['warning caps cap_missing']],
  ['kept, after a wait', { alwaysWins: true }, ['info caps promise_window_caps']],
  [
    'without a catch-all',
    { alwaysWins: true, caps: [cap({})], rules: [sure('a', { field: 'tier', op: 'eq', value: 'gold' }, 'small')] },
    ['error rules promise_everybody', 'info caps promise_window_caps'],
  ],
  [
    'with only a place',
    { alwaysWins: true, rules: [sure('a', within(340000), 'small')], ...legal({ announcedArea: [340000] }) },
    ['error rules promise_everybody', 'info caps promise_window_caps'],
  ],
  [
    'with 谢谢参与',
    {
      alwaysWins: true,
      prizes: [cash('small', 88), thanks],
      rules: [
        rule('a', everybody, [
          ['small', 500_000],
          ['thanks', 500_000],
        ]),
      ],
    },
    ['error rules[0].then.prizes[1] promise_tables', 'info caps promise_window_caps'],
  ],
  [
    'with 谢谢参与 once the stock is gone',
    {
      alwaysWins: true,
      prizes: [cash('small', 88, 5), thanks],
      rules: [rule('a', everybody, [['small', 1_000_000]], 'thanks')],
    },
    ['error rules[0].then.fallbackPrizeKey promise_tables', 'info caps promise_window_caps'],
  ],
  [
    'with a cap that never opens again',
    { alwaysWins: true, caps: [cap({}), cap({ window: 'total', count: 100 })] },
    ['error caps[1] promise_total_caps', 'info caps promise_window_caps'],
  ],
  [
    'with 谢谢参与 in a deal',
    {
      alwaysWins: true,
      caps: [],
      prizes: [cash('small', 88), thanks],
      rules: [
        deal('a', 0, 10, [
          ['small', 9],
          ['thanks', 1],
        ]),
        sure('b', everybody, 'small'),
      ],
    },
    ['warning caps cap_missing', 'error rules[0].then.prizes[1] promise_tables'],
  ],
  [
    'with a pool of coupons in a deal',
    {
      alwaysWins: true,
      caps: [cap({})],
      prizes: [
        cash('small', 88),
        {
          kind: 'coupon',
          key: 'c',
          name: '券',
          coupon: { type: 'pool', poolId: 1 },
          valueFen: 500,
          validDays: 30,
          stock: null,
        },
      ],
      rules: [deal('a', 0, 10, [['c', 10]]), sure('b', everybody, 'small')],
      ...legal({ disclosure: '在天猫旗舰店使用。' }),
    },
    ['error rules[0].then promise_stock', 'info caps promise_window_caps'],
  ],
  ['only in words', { copy: { title: '扫码必中', ruleText: '每瓶一码。' } }, ['warning copy.title promise_undeclared']],
];

const DEALS: readonly Case[] = [
  [
    'an exact deal',
    {
      prizes: [cash('small', 88), thanks],
      rules: [
        deal('a', 0, 10, [
          ['small', 4],
          ['thanks', 6],
        ]),
      ],
    },
    [],
  ],
  [
    'too few',
    { prizes: [cash('small', 88)], rules: [deal('a', 0, 10, [['small', 9]])] },
    ['error rules[0].then.prizes deal_sum'],
  ],
  [
    'an empty segment',
    { prizes: [cash('small', 88)], rules: [deal('a', 10, 10, [['small', 9]])] },
    ['error rules[0].then.segment segment_empty'],
  ],
  [
    'two deals over one code',
    { rules: [deal('a', 0, 10, [['small', 10]]), deal('b', 9, 20, [['small', 11]])] },
    ['error rules[1].then.segment segments_overlap'],
  ],
  ['neighbours', { rules: [deal('a', 0, 10, [['small', 10]]), deal('b', 10, 20, [['small', 10]])] }, []],
  [
    'asking who scans',
    { rules: [deal('a', 0, 10, [['small', 10]], { field: 'tier', op: 'eq', value: 'gold' })] },
    ['error rules[0].when deal_condition'],
  ],
  [
    'asking for less than the segment',
    { rules: [deal('a', 0, 10, [['small', 10]], { field: 'serial', op: 'range', value: { from: 0, to: 5 } })] },
    ['warning rules[0].when deal_narrowed'],
  ],
  [
    'a stock beside the count',
    { prizes: [cash('small', 88, 10)], rules: [deal('a', 0, 10, [['small', 10]])] },
    ['error prizes[0].stock deal_stock'],
  ],
  [
    'a ladder',
    { ...amountOf({ type: 'ladder', steps: [{ fromNth: 1, fen: 88 }] }), rules: [deal('a', 0, 10, [['small', 10]])] },
    ['error rules[0].then.prizes[0].key deal_ladder'],
  ],
  [
    'another rule first',
    { rules: [sure('b', { field: 'tier', op: 'eq', value: 'gold' }, 'small'), deal('a', 0, 10, [['small', 10]])] },
    ['warning rules[1] deal_shadowed'],
  ],
  [
    'another rule first, on another batch',
    { rules: [sure('b', { field: 'batch', op: 'eq', value: 8 }, 'small'), deal('a', 0, 10, [['small', 10]])] },
    [],
  ],
  [
    'a batch out of scope',
    { scope: { products: [], batches: [8] }, rules: [deal('a', 0, 10, [['small', 10]])] },
    ['error rules[0].then.segment.batch segment_out_of_scope'],
  ],
];

const arms = (weight: number) => ({
  key: 'e',
  name: '对照',
  returnDays: 7,
  arms: [
    { key: 'a', name: '甲', weight },
    { key: 'b', name: '乙', weight: 500_000 },
  ],
});
const arm = (value: string) => ({ field: 'experimentArm', op: 'eq', value }) as const;
const plan = { fence: [340100], maxHours: 24, maxCount: 100, maxFen: 8_800 };
const inHefei = { ...legal({ announcedArea: [340100] }), lane: 'burst' } as const;
const OTHERS: readonly Case[] = [
  [
    'a store that nobody knows yet',
    { rules: [sure('a', { field: 'shippedToStore', op: 'eq', value: 1 }, 'small'), sure('b', everybody, 'small')] },
    ['warning rules[0].when shipments_unknown'],
  ],
  ['a cap per store', { caps: [cap({}), cap({ per: 'store' })] }, ['warning caps[1] shipments_unknown']],
  ['arms that add up and are used', { experiment: arms(500_000), rules: [sure('r', arm('a'), 'small')] }, []],
  [
    'arms that do not',
    { experiment: arms(400_000), rules: [sure('r', arm('a'), 'small')] },
    ['error experiment.arms weights_sum'],
  ],
  [
    'an unknown arm',
    { experiment: arms(500_000), rules: [sure('r', arm('c'), 'small')] },
    ['error rules[0].when.value unknown_arm'],
  ],
  ['an experiment nobody uses', { experiment: arms(500_000) }, ['warning experiment experiment_unused']],
  ['an arm without experiment', { rules: [sure('r', arm('a'), 'small')] }, ['error rules[0].when no_experiment']],
  ['a burst', { ...inHefei, burst: plan }, []],
  ['a burst announced nationwide', { lane: 'burst', burst: plan }, ['warning prizes[0] prize_area_part']],
  ['a burst without plan', { lane: 'burst' }, ['error burst burst_missing']],
  ['a plan without burst', { burst: plan, ...legal({ announcedArea: [340100] }) }, ['error burst burst_outside_lane']],
  [
    'a burst too small for its prize',
    { ...inHefei, burst: { ...plan, maxFen: 87 } },
    ['error burst.maxFen cap_below_prize'],
  ],
  [
    'a fence inside itself',
    { ...inHefei, burst: { ...plan, fence: [340100, 340104] } },
    ['warning burst.fence[1] fence_repeated'],
  ],
  [
    'a rule behind everybody',
    { rules: [sure('a', everybody, 'small'), sure('b', arm('x'), 'small')], experiment: null },
    ['error rules[1].when no_experiment', 'warning rules[1] rule_unreachable'],
  ],
  [
    'a rule behind a wider one',
    {
      rules: [
        sure('a', { field: 'tier', op: 'eq', value: 'gold' }, 'small'),
        sure(
          'b',
          {
            all: [
              { field: 'weekday', op: 'eq', value: 6 },
              { field: 'tier', op: 'eq', value: 'gold' },
            ],
          },
          'small',
        ),
      ],
    },
    ['warning rules[1] rule_unreachable'],
  ],
  [
    'a product out of scope',
    { scope: { products: [1], batches: [] }, rules: [sure('a', { field: 'product', op: 'eq', value: 2 }, 'small')] },
    ['warning rules[0] rule_unreachable'],
  ],
  [
    'a time after the end',
    { rules: [sure('a', { field: 'at', op: 'gte', value: '2027-01-01T00:00:00+08:00' }, 'small')] },
    ['warning rules[0] rule_unreachable'],
  ],
];

describe.each([
  ['prizes', PRIZES],
  ['money', MONEY],
  ['caps', CAPS],
  ['law', LAW],
  ['place', PLACE],
  ['gates', GATES],
  ['promise', PROMISE],
  ['deals', DEALS],
  ['experiment, burst, reach', OTHERS],
])('%s', (_, cases) => {
  it.each(cases)('%s', (__, overrides, findings) => expect(told(overrides)).toEqual(findings));
});

it('tells the lawful rewrite, and what each finding rests on', () => {
  const [share] = lint({ gates: [{ kind: 'share' }] });
  expect(share).toMatchObject({
    message: expect.stringMatching(/先发奖，.*邀请他分享/) as string,
    source: expect.stringContaining('《微信外部链接内容管理规范》') as string,
  });
  const [phone] = lint({ gates: [{ kind: 'phone' }] });
  expect(phone?.source).toContain('《个人信息保护法》');
  const [top] = lint({ prizes: [goods(5_000_001)], budgetId: null });
  expect(top?.source).toContain('《规范促销行为暂行规定》');
});
