import { cash, luck, NOON, prizes, published, rule, scan, world, type Overrides } from './fixtures/scans';
import { decide, isSharedCounter, windowEnd, type Cap, type Decision } from './index';

const with_ = (caps: readonly Cap[]) => published({ prizes, rules: [rule('all', { all: [] }, 'small')], caps }, 3);
const cap = (per: Cap['per'], window: Cap['window'], limits: Partial<Cap>): Cap => ({
  per,
  window,
  count: null,
  fen: null,
  ...limits,
});
const keysOf = (caps: readonly Cap[], overrides: Overrides = {}): readonly string[] => {
  const decision = decide([with_(caps)], scan(overrides), world(), luck(0));
  return decision.kind === 'award' ? decision.counterKeys : [];
};
const decided = (
  caps: readonly Cap[],
  used: Record<string, { count: number; fen: number }>,
  overrides: Overrides = {},
): Decision => decide([with_(caps)], scan(overrides), world({ used }), luck(0));

it('counts each subject in each window under its own key', () => {
  const windows = ['hour', 'day', 'week', 'month', 'total'] as const;
  expect(keysOf(windows.map((window) => cap('campaign', window, { count: 5 })))).toEqual([
    'c|h2026-07-18T19',
    'c|d2026-07-18',
    'c|w2026-07-13',
    'c|m2026-07',
    'c|t',
  ]);
  expect(keysOf([cap('member', 'week', { count: 1 }), cap('code', 'total', { fen: 500 })])).toEqual([
    'm|w2026-07-13',
    'k|t',
  ]);
  expect(keysOf([cap('store', 'total', { count: 1 })])).toEqual(['s0|t']);
  expect(keysOf([cap('store', 'total', { count: 1 })], { shippedTo: { distributor: 1, store: 12 } })).toEqual([
    's12|t',
  ]);
  expect(keysOf([cap('campaign', 'total', { count: 5 }), cap('campaign', 'total', { fen: 500 })])).toEqual(['c|t']);
});

it('begins its windows by the Shanghai clock', () => {
  const hour = [
    cap('campaign', 'hour', { count: 1 }),
    cap('campaign', 'day', { count: 1 }),
    cap('campaign', 'week', { count: 1 }),
  ];
  // Sunday 23:59:59.999 and Monday 00:00 in Shanghai.
  expect(keysOf(hour, { at: new Date('2026-07-19T15:59:59.999Z') })).toEqual([
    'c|h2026-07-19T23',
    'c|d2026-07-19',
    'c|w2026-07-13',
  ]);
  expect(keysOf(hour, { at: new Date('2026-07-19T16:00:00Z') })).toEqual([
    'c|h2026-07-20T00',
    'c|d2026-07-20',
    'c|w2026-07-20',
  ]);
  expect(windowEnd('hour', NOON)).toEqual(new Date('2026-07-18T12:00:00Z'));
  expect(windowEnd('week', NOON)).toEqual(new Date('2026-07-19T16:00:00Z'));
  expect(windowEnd('month', new Date('2026-12-31T10:00:00Z'))).toEqual(new Date('2026-12-31T16:00:00Z'));
  expect(windowEnd('total', NOON)).toBe(null);
});

it('counts provinces and cities apart, a share only its own place, and the unknown place in a row of its own', () => {
  const byIp = { adcode: 340100, trust: 'ip' } as const;
  const nowhere = { adcode: null, trust: 'unknown' } as const;
  const perProvince = [cap('region', 'total', { count: 5 })];
  const perCity = [cap('region', 'total', { count: 5, level: 'city' })];
  const anhui = [cap('region', 'total', { fen: 500, adcode: 340000 })];
  expect([keysOf(perProvince), keysOf(perCity), keysOf(anhui)]).toEqual([['r340000|t'], ['r340100|t'], ['r340000|t']]);
  expect([keysOf(perCity, { region: byIp }), keysOf(perProvince, { region: nowhere })]).toEqual([
    ['r340000|t'],
    ['r0|t'],
  ]);
  expect(keysOf(anhui, { region: nowhere })).toEqual([]);
  expect(keysOf(anhui, { region: { adcode: 320100, trust: 'agreed' } })).toEqual([]);
});

it('refuses when full, says which cap and until when, and money of others is a matter of the budget', () => {
  const full = { count: 5, fen: 500 };
  expect(decided([cap('campaign', 'hour', { count: 5 })], { 'c|h2026-07-18T19': full })).toMatchObject({
    reason: 'cap_reached',
    cure: { action: 'wait', at: new Date('2026-07-18T12:00:00Z'), cap: { per: 'campaign', window: 'hour' } },
  });
  expect(decided([cap('campaign', 'hour', { fen: 587 })], { 'c|h2026-07-18T19': full })).toMatchObject({
    reason: 'budget_short',
  });
  expect(decided([cap('campaign', 'hour', { fen: 588 })], { 'c|h2026-07-18T19': full })).toMatchObject({
    kind: 'award',
  });
  expect(decided([cap('region', 'total', { fen: 500, adcode: 340000 })], { 'r340000|t': full })).toMatchObject({
    reason: 'budget_short',
    cure: { action: 'wait', cap: { adcode: 340000 } },
  });
  expect(decided([cap('member', 'week', { fen: 500 })], { 'm|w2026-07-13': full })).toMatchObject({
    reason: 'cap_reached',
  });
  expect(decided([cap('code', 'total', { fen: 87 })], {})).toMatchObject({ reason: 'cap_reached' });
  expect(decided([cap('campaign', 'total', { count: 5 })], { 'c|t': { count: Number.NaN, fen: 0 } })).toMatchObject({
    reason: 'cap_reached',
  });
});

it('never counts 谢谢参与, nor stops it by a cap of money', () => {
  const version = published({
    prizes: [cash('small', 88), { kind: 'nothing', key: 'thanks', name: '谢谢参与' }],
    rules: [
      {
        ...rule('all', { all: [] }, 'small'),
        then: {
          mode: 'drawn',
          prizes: [
            { key: 'small', odds: 1 },
            { key: 'thanks', odds: 999_999 },
          ],
          fallbackPrizeKey: null,
        },
      },
    ],
    caps: [cap('campaign', 'total', { fen: 10 })],
  });
  const used = { 'c|t': { count: 1, fen: 10 } };
  expect(decide([version], scan(), world({ used }), luck(5))).toMatchObject({
    kind: 'award',
    prizeKey: 'thanks',
    counterKeys: [],
  });
  expect(decide([version], scan(), world({ used }), luck(0))).toMatchObject({ reason: 'budget_short' });
});

it('knows which counters a campaign shares', () => {
  expect(['m|t', 'k|t', 'c|t', 'r340000|t', 's0|t'].map(isSharedCounter)).toEqual([false, false, true, true, true]);
});

it('believes a place as far as the least trusting rule does: what pays there counts there', () => {
  const hefei = { field: 'region', op: 'within', value: 340100 } as const;
  const share = cap('region', 'total', { fen: 176, adcode: 340100 });
  const by = (minTrust: 'ip' | 'claimed' | undefined, trust: 'ip' | 'claimed') => {
    const version = published({ prizes, caps: [share], rules: [{ ...rule('hefei', hefei, 'small'), minTrust }] }, 5);
    const here = scan({ region: { adcode: 340100, trust } });
    return [0, 176].map((fen) => {
      const used = { 'r340100|t': { count: 2, fen } };
      const decision = decide([version], here, world({ used }), luck(0), { withoutLocation: true });
      return decision.kind === 'refused' ? decision.reason : decision.kind;
    });
  };
  expect(by('ip', 'ip')).toEqual(['award', 'budget_short']);
  expect(by('claimed', 'claimed')).toEqual(['award', 'budget_short']);
  expect(by(undefined, 'ip')).toEqual(['no_rule', 'no_rule']);
});
