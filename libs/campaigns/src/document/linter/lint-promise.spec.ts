import {
  amountOf,
  cap,
  cash,
  deal,
  everybody,
  legal,
  rule,
  sure,
  thanks,
  told,
  type Case,
  within,
} from '../../fixtures/drafts';

const PROMISE: readonly Case[] = [
  [
    'with nothing but a deal, which ends where its segment does',
    { alwaysWins: true, rules: [deal('a', 0, 10, [['small', 10]])] },
    ['error rules promise_everybody', 'info caps promise_window_caps'],
  ],
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

describe.each([
  ['promise', PROMISE],
  ['deals', DEALS],
])('%s', (_, cases) => {
  it.each(cases)('%s', (__, overrides, findings) => expect(told(overrides)).toEqual(findings));
});
