import { cap, everybody, legal, sure, told, type Case } from '../../fixtures/drafts';

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

describe.each([['experiment, burst, reach', OTHERS]])('%s', (_, cases) => {
  it.each(cases)('%s', (__, overrides, findings) => expect(told(overrides)).toEqual(findings));
});
