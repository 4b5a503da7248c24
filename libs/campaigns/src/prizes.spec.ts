import type { Condition } from '@app/conditions';
import { luck, published, rule, scan, world } from './fixtures/scans';
import { decide, decideWithTrace, explain, type CampaignContent, type PrizeDefinition } from './index';

const giving = (prize: PrizeDefinition, overrides: Partial<CampaignContent> = {}) =>
  published({ prizes: [prize], rules: [rule('all', { all: [] }, prize.key)], ...overrides }, 4);
const won = (prize: PrizeDefinition, nth = 1) =>
  decide([giving(prize)], scan({ nthScan: { ever: nth, day: 1, campaign: () => nth } }), world(), luck(0));

it('pays a ladder by the codes used up in this campaign', () => {
  const amount = {
    type: 'ladder',
    steps: [
      { fromNth: 1, fen: 30 },
      { fromNth: 3, fen: 88 },
      { fromNth: 10, fen: 300 },
    ],
  } as const;
  const paid = [1, 2, 3, 9, 10, 500].map((nth) =>
    won({ kind: 'cash', key: 'p', name: '阶梯红包', amount, stock: null }, nth),
  );
  expect(paid.map((decision) => (decision.kind === 'award' ? decision.amountFen : null))).toEqual([
    30, 30, 88, 88, 300, 300,
  ]);
});

it('reserves the money of a locked packet when it is won, and says so', () => {
  const locked = {
    kind: 'locked',
    key: 'p',
    name: '连开红包',
    amount: { type: 'fixed', fen: 500 },
    opensWithinDays: 7,
    stock: null,
  } as const;
  expect(won(locked)).toMatchObject({ kind: 'award', amountFen: 500, budgetId: 9, prize: { kind: 'locked' } });
  expect(explain(decideWithTrace([giving(locked)], scan(), world(), luck(0)).trace).at(-1)).toBe(
    '结果：活动「开盖有礼」中了「连开红包」，5.00 元，要在 7 天内再扫一瓶才打开，这个码已用掉。',
  );
});

it('gives coupons and goods without money, and counts them', () => {
  const goods = { kind: 'goods', key: 'p', name: '冰箱', valueFen: 200_000, stock: null } as const;
  const coupon = {
    kind: 'coupon',
    key: 'p',
    name: '满减券',
    coupon: { type: 'generated' },
    valueFen: 500,
    validDays: 30,
    stock: null,
  } as const;
  const again = {
    kind: 'redeem',
    key: 'p',
    name: '再来一瓶',
    productId: 1,
    valueFen: 600,
    coPayFen: 0,
    validDays: 30,
    stock: null,
  } as const;
  for (const prize of [goods, coupon, again]) {
    const decision = won(prize);
    expect(decision).toMatchObject({ kind: 'award', amountFen: 0, budgetId: null, prize: { kind: prize.kind } });
    expect(decision.kind === 'award' && decision.counterKeys.length).toBe(2);
  }
  expect(
    decide(
      [
        giving(
          { ...goods, stock: 5 },
          {
            rules: [
              {
                ...rule('all', { all: [] }, 'p'),
                then: { mode: 'drawn', prizes: [{ key: 'p', odds: 1_000_000 }], fallbackPrizeKey: 'thanks' },
              },
            ],
            prizes: [
              { ...goods, stock: 5 },
              { kind: 'nothing', key: 'thanks', name: '谢谢参与' },
            ],
          },
        ),
      ],
      scan(),
      world({ stock: { p: 0 } }),
      luck(0),
    ),
  ).toMatchObject({ prizeKey: 'thanks', viaFallback: true });
});

describe('a burst', () => {
  const burst = { fence: [340100, 340200], maxHours: 48, maxCount: 100, maxFen: 8800 };
  const version = published(
    { lane: 'burst', burst, rules: [rule('all', { all: [] } satisfies Condition, 'small')], caps: [] },
    8,
  );
  const base = published({ caps: [] }, 9);
  const by = (of: Parameters<typeof world>[0], overrides = {}) => {
    const state = {
      ...world(),
      ...(of?.status ? { status: (id: number) => (id === 8 ? of.status! : ('live' as const)) } : {}),
      ...(of?.used ? { used: world(of).used } : {}),
    };
    return decide([version, base], scan(overrides), state, luck(0));
  };

  it('is silent until it is started, then asked first, inside its fence only', () => {
    expect(by({ status: 'armed' })).toMatchObject({ campaignId: 9 });
    expect(by({ status: 'live' })).toMatchObject({ campaignId: 8 });
    expect(by({ status: 'live' }, { region: { adcode: 320100, trust: 'agreed' } })).toMatchObject({ campaignId: 9 });
    expect(by({ status: 'ended' })).toMatchObject({ campaignId: 9 });
    expect(version.specificity).toBe(2);
  });

  it('asks for a place that may lie inside the fence', () => {
    expect(by({ status: 'live' }, { region: { adcode: 340100, trust: 'ip' } })).toMatchObject({
      reason: 'place_needed',
      cure: { nationwide: true },
    });
  });

  it('stops at the caps of its plan', () => {
    expect(by({ status: 'live', used: { 'c|t': { count: 100, fen: 0 } } })).toMatchObject({
      reason: 'cap_reached',
      campaignId: 8,
    });
    expect(by({ status: 'live', used: { 'c|t': { count: 99, fen: 8713 } } })).toMatchObject({
      reason: 'budget_short',
      campaignId: 8,
    });
  });

  it('shows the fence in its trace', () => {
    const { trace } = decideWithTrace([version], scan(), world(), luck(0));
    expect(trace.campaigns[0]?.rules[0]?.leaves).toMatchObject([
      { field: 'region', value: burst.fence, result: 'true' },
    ]);
  });
});
