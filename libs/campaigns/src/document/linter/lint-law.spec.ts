import type { CampaignContent, PrizeDefinition } from '../campaign-content';
import {
  amountOf,
  cash,
  everybody,
  goods,
  legal,
  lint,
  redeem,
  rule,
  sure,
  thanks,
  told,
  two,
  type Case,
  within,
} from '../../fixtures/drafts';

/** One packet that the next bottle opens, in a campaign that ends with the year. */
function packet(opensWithinDays: number, claimUntil: string): Partial<CampaignContent> {
  const locked: PrizeDefinition = {
    ...{ kind: 'locked', key: 'locked', name: '下一瓶红包', amount: { type: 'fixed', fen: 288 } },
    ...{ opensWithinDays, stock: null },
  };
  const rules = [
    rule('r1', everybody, [
      ['small', 500_000],
      ['locked', 500_000],
    ]),
  ];
  return { prizes: [cash('small', 88), locked], rules, ...legal({ claimUntil }) };
}

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
  ['a packet that opens until claims end', packet(30, '2027-01-31T00:00'), []],
  [
    'a packet that opens longer than claims last',
    packet(30, '2027-01-30T23:59'),
    ['error legal.claimUntil claim_ends_before_opening'],
  ],
  [
    'such a packet that no rule gives',
    { ...packet(30, '2027-01-30T23:59'), rules: [sure('r1', everybody, 'small')] },
    ['warning prizes[1] prize_unused'],
  ],
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

describe.each([
  ['law', LAW],
  ['place', PLACE],
  ['gates', GATES],
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

it('says until when the last packet can be opened, and what to change', () => {
  const [finding] = lint(packet(30, '2027-01-15T00:00')).filter(({ severity }) => severity === 'error');
  expect(finding!.message).toContain('2027-01-31 00:00');
  expect(finding!.message).toContain('兑奖截止不能早于这个时间');
  expect(finding!.source).toContain('第十三条');
});
