import { amountOf, cap, cash, goods, redeem, told, type Case } from '../../fixtures/drafts';
import type { PrizeDefinition } from '../campaign-content';

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
  ['small amounts gathered', { ...amountOf({ type: 'fixed', fen: 5 }), payout: { mode: 'pooled', untilFen: 100 } }, []],
  [
    'gathering where every prize is paid by itself',
    { ...amountOf({ type: 'fixed', fen: 100 }), payout: { mode: 'pooled', untilFen: 100 } },
    ['info payout.untilFen pooled_unused'],
  ],
  ['gathering beyond 1 yuan', { payout: { mode: 'pooled', untilFen: 101 } }, ['error payout.untilFen pooled_too_much']],
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

describe.each([
  ['prizes', PRIZES],
  ['money', MONEY],
  ['caps', CAPS],
])('%s', (_, cases) => {
  it.each(cases)('%s', (__, overrides, findings) => expect(told(overrides)).toEqual(findings));
});
