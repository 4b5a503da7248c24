import type { Condition } from '@app/conditions';
import type { CampaignContent } from './campaign-content';
import { tierRules } from './tier-rules';

const prizes: CampaignContent['prizes'] = [
  { key: 'double', name: '双倍红包', kind: 'cash', stock: null, amount: { type: 'fixed', fen: 376 } },
  { key: 'none', name: '谢谢参与', kind: 'nothing' },
];
const rules = (when: Condition, keys = ['double', 'none']): CampaignContent['rules'] => [
  {
    ...{ key: 'r', name: '金卡加倍', when },
    then: {
      mode: 'drawn',
      prizes: keys.map((key) => ({ key, odds: 1_000_000 / keys.length })),
      fallbackPrizeKey: null,
    },
  },
];
const tiersOf = (when: Condition) => tierRules({ rules: rules(when), prizes }).map(({ tiers }) => tiers);
const gold: Condition = { field: 'tier', op: 'in', value: ['gold', 'platinum'] };
const anhui: Condition = { field: 'region', op: 'within', value: [340000] };

it.each<[string, Condition, string[][]]>([
  ['named tiers', gold, [['gold', 'platinum']]],
  ['a tier in a place', { all: [anhui, gold] }, [['gold', 'platinum']]],
  ['all but one tier', { not: { field: 'tier', op: 'eq', value: 'regular' } }, [['gold', 'platinum']]],
  ['a tier that is not', { field: 'tier', op: 'ne', value: 'platinum' }, [['regular', 'gold']]],
  ['tier or place: everybody may meet it', { any: [anhui, gold] }, []],
  ['not a tier in a place: everybody may meet it', { not: { all: [anhui, gold] } }, []],
  ['no tier at all', anhui, []],
  ['everybody', { all: [] }, []],
  ['two tiers that exclude each other', { all: [gold, { field: 'tier', op: 'eq', value: 'regular' }] }, []],
])('%s', (_what, when, tiers) => {
  expect(tiersOf(when)).toEqual(tiers);
});

it('names what it gives, and says nothing of a rule that gives nothing', () => {
  expect(tierRules({ rules: rules(gold), prizes })[0]?.prizes).toEqual(['双倍红包']);
  expect(tierRules({ rules: rules(gold, ['none']), prizes })).toEqual([]);
});
