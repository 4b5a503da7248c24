import type { CampaignDocument } from './document';
import { freshKey, fromDraft, moved, newPrize, newRule, toDraft, withoutPrize } from './form';

const DOCUMENT: CampaignDocument = {
  ...{ schema: 1, name: '夏日开盖有礼', lane: 'base', priority: 100, budgetId: 1, alwaysWins: false, burst: null },
  scope: { products: [1, 2], batches: [] },
  period: { zone: 'Asia/Shanghai', from: '2026-06-01T00:00', to: '2026-09-01T00:00' },
  rules: [
    {
      ...{ key: 'anhui', name: '安徽金卡' },
      when: {
        all: [
          { field: 'region', op: 'within', value: 340000 },
          {
            any: [
              { field: 'tier', op: 'in', value: ['gold'] },
              { not: { field: 'memberIsNew', op: 'eq', value: true } },
            ],
          },
          {
            not: {
              any: [
                { field: 'weekday', op: 'eq', value: 1 },
                { field: 'timeOfDay', op: 'between', value: { from: '00:00', to: '06:00' } },
              ],
            },
          },
        ],
      },
      then: {
        mode: 'drawn',
        prizes: [
          { key: 'top', odds: 50 },
          { key: 'thanks', odds: 999_950 },
        ],
        fallbackPrizeKey: 'thanks',
      },
      minTrust: 'ip',
    },
    {
      ...{ key: 'deal', name: '预埋', when: { all: [] } },
      then: { mode: 'dealt', segment: { batch: 7, layer: 1, from: 0, to: 10 }, prizes: [{ key: 'box', count: 10 }] },
    },
  ],
  prizes: [
    {
      kind: 'cash',
      key: 'top',
      name: '红包',
      amount: { type: 'uniform', minFen: 30, maxFen: 88, stepFen: 2 },
      stock: 100,
    },
    {
      kind: 'locked',
      key: 'locked',
      name: '下一瓶',
      amount: { type: 'ladder', steps: [{ fromNth: 1, fen: 50 }] },
      opensWithinDays: 7,
      stock: null,
    },
    {
      kind: 'coupon',
      key: 'pool',
      name: '券',
      coupon: { type: 'pool', poolId: 3 },
      valueFen: 500,
      validDays: 20,
      stock: null,
    },
    { kind: 'coupon', key: 'made', name: '券', coupon: { type: 'generated' }, valueFen: 500, validDays: 20, stock: 5 },
    { kind: 'goods', key: 'box', name: '礼盒', valueFen: 6800, stock: null },
    {
      kind: 'redeem',
      key: 'bottle',
      name: '再来一瓶',
      productId: 1,
      valueFen: 500,
      coPayFen: 100,
      validDays: 30,
      stock: 9,
    },
    { kind: 'nothing', key: 'thanks', name: '谢谢参与' },
  ],
  caps: [
    { per: 'member', window: 'day', count: 10, fen: null },
    { per: 'region', window: 'total', count: null, fen: 5_000_000, adcode: 340_000 },
    { per: 'region', window: 'day', count: 5, fen: null, level: 'city' },
  ],
  gates: [{ kind: 'phone' }],
  experiment: {
    key: 'amount',
    name: '金额',
    returnDays: 7,
    arms: [
      { key: 'a', name: '对照', weight: 500_000 },
      { key: 'b', name: '加额', weight: 500_000 },
    ],
  },
  payout: { mode: 'pooled', untilFen: 100 },
  copy: { title: '开盖有礼', ruleText: '每瓶一码。' },
  legal: {
    organiser: '青禾',
    disclosure: '以公示为准',
    contact: '400',
    announcedArea: [340_000],
    claimWay: '点领取',
    claimUntil: '2026-10-01T00:00',
  },
};

it('gives back the very document that it was opened with', () => {
  expect(toDraft(fromDraft(DOCUMENT))).toEqual(DOCUMENT);
  const burst: CampaignDocument = {
    ...DOCUMENT,
    lane: 'burst',
    payout: { mode: 'instant' },
    experiment: null,
    burst: { fence: [340_100], maxHours: 48, maxCount: 9, maxFen: 900 },
  };
  expect(toDraft(fromDraft(burst))).toEqual(burst);
});

it('changes nothing of the document it was opened with', () => {
  const before = JSON.stringify(DOCUMENT);
  const form = fromDraft(DOCUMENT);
  form.rules[0]!.rows[0]!.odds = 1;
  form.prizes[0]!.name = '别的';
  form.legal.announcedArea.push(1);
  expect(JSON.stringify(DOCUMENT)).toBe(before);
});

it('forgets nothing while an author looks at another kind of prize or table', () => {
  const form = fromDraft(DOCUMENT);
  form.prizes[0]!.kind = 'goods';
  expect(toDraft(form).prizes[0]).toEqual({ kind: 'goods', key: 'top', name: '红包', valueFen: 0, stock: 100 });
  form.rules[1]!.mode = 'drawn';
  form.prizes[0]!.kind = 'cash';
  form.rules[1]!.mode = 'dealt';
  expect(toDraft(form)).toEqual(DOCUMENT);
});

it('takes a prize out of every table that gives it', () => {
  const form = fromDraft(DOCUMENT);
  withoutPrize(form, 'thanks');
  const { prizes, rules } = toDraft(form);
  expect(prizes.map(({ key }) => key)).not.toContain('thanks');
  expect(rules[0]!.then).toEqual({ mode: 'drawn', prizes: [{ key: 'top', odds: 50 }], fallbackPrizeKey: null });
});

it('makes keys that nothing else has, and rules that are complete', () => {
  expect(freshKey('prize', ['prize-2', 'x'])).toBe('prize-3');
  expect(freshKey('prize', ['prize-3', 'x'])).toBe('prize-4');
  const form = fromDraft(DOCUMENT);
  const prize = newPrize(form, 'cash');
  form.prizes.push(prize);
  form.rules.unshift(newRule(form));
  const { rules, prizes } = toDraft(form);
  expect(rules[0]).toMatchObject({
    when: { all: [] },
    then: { mode: 'drawn', prizes: [{ key: 'locked', odds: 1_000_000 }] },
  });
  expect(new Set(prizes.map(({ key }) => key)).size).toBe(prizes.length);
});

it('moves within the list only', () => {
  expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
  expect(moved(['a', 'b', 'c'], 2, -5)).toEqual(['c', 'a', 'b']);
  expect(moved(['a'], 4, 0)).toEqual(['a']);
});
