import type { Condition } from '@app/conditions';
import fc from 'fast-check';
import {
  cash,
  everybody,
  luck,
  memberCap,
  NOON,
  prizes,
  published,
  rule,
  scan,
  table,
  within,
  world,
  type World,
} from './fixtures/scans';
import { compileCampaign, decide, type CampaignContent, type Decision, type DecisionState } from './index';

const summer = (overrides: Partial<CampaignContent> = {}) =>
  published({ prizes, rules: [rule('all', everybody, 'small')], ...overrides });
const gist = (decision: Decision): string => {
  if (decision.kind === 'no_rule') return 'no_rule';
  return decision.kind === 'award' ? `${decision.ruleKey}/${decision.prizeKey}` : decision.reason;
};

describe('one campaign', () => {
  it('awards the prize of the first rule that is true', () => {
    const version = summer({
      rules: [
        rule('gold', { field: 'tier', op: 'eq', value: 'gold' }, 'big'),
        rule('anhui', within(340000), 'small'),
        rule('all', everybody, 'big'),
      ],
    });
    expect(decide([version], scan(), world(), luck(0))).toEqual({
      kind: 'award',
      campaignId: version.campaignId,
      versionId: version.versionId,
      ruleKey: 'anhui',
      prizeKey: 'small',
      prize: prizes[1],
      amountFen: 88,
      budgetId: 9,
      viaFallback: false,
      counterKeys: ['m|d2026-07-18', 'm|m2026-07'],
    });
  });

  it('has nothing to say to other products, other batches and after its end', () => {
    expect(gist(decide([summer({ scope: { products: [2], batches: [] } })], scan(), world(), luck(0)))).toBe('no_rule');
    expect(gist(decide([summer({ scope: { products: [], batches: [8] } })], scan(), world(), luck(0)))).toBe('no_rule');
    expect(gist(decide([summer()], scan(), world({ status: 'ended' }), luck(0)))).toBe('no_rule');
    const until = (to: string) => summer({ period: { zone: 'Asia/Shanghai', from: '2026-07-01T00:00', to } });
    expect(gist(decide([until('2026-07-18T19:30')], scan(), world(), luck(0)))).toBe('no_rule');
    expect(gist(decide([until('2026-07-18T19:31')], scan(), world(), luck(0)))).toBe('all/small');
    expect(decide([], scan(), world(), luck(0))).toEqual({ kind: 'no_rule' });
  });

  it('draws by odds, and 谢谢参与 uses up the code and costs nothing', () => {
    const version = published({
      prizes: [cash('big', 888), { kind: 'nothing', key: 'thanks', name: '谢谢参与' }],
      rules: [
        {
          ...rule('all', everybody, 'big'),
          then: {
            mode: 'drawn',
            prizes: [
              { key: 'big', odds: 250_000 },
              { key: 'thanks', odds: 750_000 },
            ],
            fallbackPrizeKey: null,
          },
        },
      ],
    });
    expect(gist(decide([version], scan(), world(), luck(249_999)))).toBe('all/big');
    const nothing = decide([version], scan(), world({ budget: 0 }), luck(250_000));
    expect(nothing).toMatchObject({ kind: 'award', prizeKey: 'thanks', amountFen: 0, budgetId: null, counterKeys: [] });
  });

  it('gives the fallback when the drawn prize is out of stock', () => {
    const version = published({
      prizes: [cash('big', 888, 5), cash('small', 30)],
      rules: [{ ...rule('all', everybody, 'big'), then: { ...table('big'), fallbackPrizeKey: 'small' } }],
    });
    expect(decide([version], scan(), world({ stock: { big: 1 } }), luck(0))).toMatchObject({
      prizeKey: 'big',
      viaFallback: false,
    });
    for (const left of [0, -1, Number.NaN]) {
      expect(decide([version], scan(), world({ stock: { big: left } }), luck(0))).toMatchObject({
        prizeKey: 'small',
        amountFen: 30,
        viaFallback: true,
      });
    }
  });

  it('draws a uniform amount from the second slot, both ends included', () => {
    const amount = { type: 'uniform' as const, minFen: 100, maxFen: 200, stepFen: 50 };
    const version = published({ prizes: [{ ...cash('small', 1), amount }] });
    const drawn = (x: number): number => {
      const decision = decide([version], scan(), world(), { ...luck(0), number: (_, slot) => (slot === 0 ? 0 : x) });
      return decision.kind === 'award' ? decision.amountFen : -1;
    };
    expect([0, Math.floor(2 ** 48 / 3), 2 ** 47, 2 ** 48 - 1].map(drawn)).toEqual([100, 100, 150, 200]);
  });
});

/** Each refusal: refused, then cured, then the same code wins. */
describe('refusals leave the code unclaimed and can be cured', () => {
  const award = 'all/small';

  it('cap_reached, until the next Shanghai day or month', () => {
    const version = summer({ caps: [memberCap('day', 3), memberCap('month', 60)] });
    expect(decide([version], scan(), world({ countDay: 3 }), luck(0))).toMatchObject({
      kind: 'refused',
      reason: 'cap_reached',
      ruleKey: 'all',
      cure: { action: 'wait', at: new Date('2026-07-18T16:00:00Z'), cap: memberCap('day', 3) },
    });
    expect(decide([version], scan(), world({ countMonth: 60 }), luck(0))).toMatchObject({
      reason: 'cap_reached',
      cure: { at: new Date('2026-07-31T16:00:00Z'), cap: memberCap('month', 60) },
    });
    expect(gist(decide([version], scan(), world({ countDay: Number.NaN }), luck(0)))).toBe('cap_reached');
    expect(gist(decide([version], scan(), world({ countDay: 2, countMonth: 59 }), luck(0)))).toBe(award);
    const open = summer({ caps: [] });
    expect(gist(decide([open], scan(), world({ countDay: 1e6 }), luck(0)))).toBe(award);
  });

  it('place_needed, until the place is known, or the member goes without', () => {
    const version = summer({ rules: [rule('hefei', within(340100), 'big'), rule('all', everybody, 'small')] });
    const byIp = scan({ region: { adcode: 340100, trust: 'ip' } });
    expect(decide([version], byIp, world(), luck(0))).toMatchObject({
      reason: 'place_needed',
      ruleKey: 'hefei',
      cure: { action: 'location', nationwide: true },
    });
    expect(gist(decide([version], scan(), world(), luck(0)))).toBe('hefei/big');
    expect(gist(decide([version], byIp, world(), luck(0), { withoutLocation: true }))).toBe(award);
    const local = summer({ rules: [rule('hefei', within(340100), 'big')] });
    expect(decide([local], byIp, world(), luck(0))).toMatchObject({ cure: { nationwide: false } });
    expect(gist(decide([local], byIp, world(), luck(0), { withoutLocation: true }))).toBe('no_rule');
  });

  it('asks for a place only when it could make the difference', () => {
    const goldInHefei = { all: [within(340100), { field: 'tier', op: 'eq', value: 'gold' }] } as const;
    const version = summer({ rules: [rule('gold', goldInHefei, 'big'), rule('all', everybody, 'small')] });
    const nowhere = { adcode: null, trust: 'unknown' } as const;
    expect(gist(decide([version], scan({ region: nowhere, member: { tier: 'regular' } }), world(), luck(0)))).toBe(
      award,
    );
    expect(gist(decide([version], scan({ region: nowhere, member: { tier: null } }), world(), luck(0)))).toBe(award);
    expect(gist(decide([version], scan({ region: nowhere, member: { tier: 'gold' } }), world(), luck(0)))).toBe(
      'place_needed',
    );
    const elsewhere = scan({ region: { adcode: 440000, trust: 'ip' }, member: { tier: 'gold' } });
    expect(gist(decide([version], elsewhere, world(), luck(0)))).toBe(award);
  });

  it('asks for a place that would be trusted more, and never pays for one that is trusted less', () => {
    const sure = { field: 'placeTrust', op: 'gte', value: 3 } as const;
    const byIp = scan({ region: { adcode: 340100, trust: 'ip' } });
    const trusted = summer({ rules: [rule('sure', sure, 'big'), rule('all', everybody, 'small')] });
    expect(gist(decide([trusted], byIp, world(), luck(0)))).toBe('place_needed');
    expect(gist(decide([trusted], scan(), world(), luck(0)))).toBe('sure/big');
    expect(gist(decide([trusted], byIp, world(), luck(0), { withoutLocation: true }))).toBe(award);
    const unsure = summer({ rules: [rule('unsure', { not: sure }, 'big')] });
    expect(gist(decide([unsure], byIp, world(), luck(0), { withoutLocation: true }))).toBe('no_rule');
  });

  it('not_started, until it starts', () => {
    const version = summer({ period: { zone: 'Asia/Shanghai', from: '2026-07-18T19:31', to: '2026-08-01T00:00' } });
    const from = new Date('2026-07-18T11:31:00Z');
    expect(decide([version], scan(), world(), luck(0))).toMatchObject({
      reason: 'not_started',
      cure: { action: 'wait', at: from },
    });
    expect(gist(decide([version], scan({ at: from }), world(), luck(0)))).toBe(award);
    expect(gist(decide([summer()], scan(), world({ status: 'scheduled' }), luck(0)))).toBe('not_started');
  });

  it('paused, until resumed', () => {
    expect(gist(decide([summer()], scan(), world({ status: 'paused' }), luck(0)))).toBe('paused');
    expect(gist(decide([summer()], scan(), world({ status: 'live' }), luck(0)))).toBe(award);
  });

  it('budget_short, until topped up; a promised prize never becomes 谢谢参与', () => {
    expect(gist(decide([summer()], scan(), world({ budget: 87 }), luck(0)))).toBe('budget_short');
    expect(gist(decide([summer()], scan(), world({ budget: Number.NaN }), luck(0)))).toBe('budget_short');
    expect(gist(decide([summer()], scan(), world({ budget: 88 }), luck(0)))).toBe(award);
  });

  it('gate_open, until the task is done; not knowing counts as not done', () => {
    const version = summer();
    const gated = (kind: 'phone' | 'follow' | 'share') =>
      compileCampaign({ ...version, content: { ...version.content, gates: [{ kind }] } });
    const bound = (phoneBound: boolean | null) => scan({ member: { phoneBound } });
    expect(decide([gated('phone')], bound(false), world(), luck(0))).toMatchObject({
      reason: 'gate_open',
      cure: { action: 'phone' },
    });
    expect(gist(decide([gated('phone')], bound(null), world(), luck(0)))).toBe('gate_open');
    const gates = [{ kind: 'follow' }, { kind: 'phone' }, { kind: 'share' }] as const;
    const thrice = compileCampaign({ ...version, content: { ...version.content, gates } });
    expect(decide([thrice], scan({ member: { follows: true } }), world(), luck(0))).toMatchObject({
      cure: {
        action: 'phone',
        steps: [
          { action: 'follow', done: true },
          { action: 'phone', done: false },
          { action: 'share', done: false },
        ],
      },
    });
    expect(gist(decide([gated('phone')], bound(true), world(), luck(0)))).toBe(award);
    expect(gist(decide([gated('follow')], scan({ member: { follows: true } }), world(), luck(0)))).toBe(award);
    expect(decide([gated('share')], scan(), world(), luck(0))).toMatchObject({ cure: { action: 'share' } });
  });
});

describe('several campaigns', () => {
  const named = (key: string, overrides: Partial<CampaignContent>, id?: number) =>
    published({ prizes, rules: [rule(key, everybody, 'small')], ...overrides }, id);

  it('asks by lane, then priority, then most specific region, then age, in whatever order they come', () => {
    const ordered = [
      named('burst', { lane: 'burst', priority: 0 }, 90),
      named('regional', { lane: 'regional', priority: 0 }, 91),
      named('first', { priority: 200 }, 92),
      published({ prizes, rules: [rule('district', within(340104), 'small'), rule('d', everybody, 'small')] }, 93),
      published({ prizes, rules: [rule('city', within(340100), 'small')] }, 94),
      published({ prizes, rules: [rule('province', { any: [within(340000), within(320100)] }, 'small')] }, 95),
      named('older', {}, 96),
      named('newer', {}, 97),
    ];
    expect(ordered.map(({ specificity }) => specificity)).toEqual([0, 0, 0, 3, 2, 1, 0, 0]);
    fc.assert(
      fc.property(fc.shuffledSubarray(ordered, { minLength: 1 }), (some) => {
        const best = ordered.find((version) => some.includes(version));
        expect(decide(some, scan(), world(), luck(0))).toMatchObject({ campaignId: best?.campaignId });
      }),
    );
  });

  it('asks a later one only when the earlier neither reached a prize table nor refused curably', () => {
    const burst = published({ lane: 'burst', budgetId: 5, prizes, rules: [rule('burst', within(340000), 'big')] }, 1);
    const base = summer();
    const anhui = scan();
    const guangdong = scan({ region: { adcode: 440000, trust: 'ip' } });
    /** `of` holds for the burst campaign (1) and its budget; the base campaign lives in an easy world. */
    const burstOnly = (of: World): DecisionState => ({
      status: (id) => (id === 1 ? world(of) : world()).status(id),
      used: (id, key) => (id === 1 ? world(of) : world()).used(id, key),
      stockLeft: () => null,
      budgetLeft: (id) => (id === 5 ? world(of) : world()).budgetLeft(id),
    });
    const both = [base, burst];
    expect(gist(decide(both, anhui, world(), luck(0)))).toBe('burst/big');
    expect(gist(decide(both, guangdong, world(), luck(0)))).toBe('all/small');
    expect(gist(decide(both, anhui, burstOnly({ status: 'paused' }), luck(0)))).toBe('paused');
    expect(gist(decide(both, guangdong, burstOnly({ status: 'paused' }), luck(0)))).toBe('all/small');
    expect(gist(decide(both, anhui, burstOnly({ countDay: 10 }), luck(0)))).toBe('cap_reached');
    expect(gist(decide(both, anhui, burstOnly({ status: 'ended' }), luck(0)))).toBe('all/small');
    expect(gist(decide(both, anhui, burstOnly({ budget: 100 }), luck(0)))).toBe('budget_short');
  });

  it('never lets a campaign of next month silence one that runs', () => {
    const next = summer({
      lane: 'burst',
      period: { zone: 'Asia/Shanghai', from: '2026-08-01T00:00', to: '2026-09-01T00:00' },
    });
    expect(gist(decide([next, summer()], scan(), world(), luck(0)))).toBe('all/small');
    expect(gist(decide([next, summer({ scope: { products: [2], batches: [] } })], scan(), world(), luck(0)))).toBe(
      'not_started',
    );
  });
});

it('reads time of day and weekday by the Shanghai clock', () => {
  const evening: Condition = {
    all: [
      { field: 'timeOfDay', op: 'between', value: { from: '19:30', to: '21:00' } },
      { field: 'weekday', op: 'in', value: [6, 7] },
      { field: 'at', op: 'gte', value: '2026-07-18T19:30:00+08:00' },
    ],
  };
  const version = summer({ rules: [rule('evening', evening, 'big')] });
  expect(gist(decide([version], scan({ at: NOON }), world(), luck(0)))).toBe('evening/big');
  expect(gist(decide([version], scan({ at: new Date(NOON.getTime() - 1) }), world(), luck(0)))).toBe('no_rule');
  expect(gist(decide([version], scan({ at: new Date('2026-07-20T11:30:00Z') }), world(), luck(0)))).toBe('no_rule');
});
