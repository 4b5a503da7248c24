import type { Condition } from '@app/conditions';
import { luck, published, scan, world } from './fixtures/scans';
import { decideWithTrace, explain, type DecisionTrace } from './index';

const nameOf = (field: string, value: unknown): string | undefined =>
  field === 'region'
    ? new Map<unknown, string>([
        [340000, '安徽省'],
        [340100, '合肥市'],
      ]).get(value)
    : undefined;
const rule = (
  key: string,
  name: string,
  when: Condition,
  odds: [string, number][],
  fallbackPrizeKey: string | null = null,
) => ({
  key,
  name,
  when,
  then: {
    mode: 'drawn' as const,
    prizes: odds.map(([prizeKey, share]) => ({ key: prizeKey, odds: share })),
    fallbackPrizeKey,
  },
});
const prizes = [
  { kind: 'cash' as const, key: 'big', name: '8.88 元红包', amount: { type: 'fixed' as const, fen: 888 }, stock: 100 },
  {
    kind: 'cash' as const,
    key: 'small',
    name: '0.88 元红包',
    amount: { type: 'fixed' as const, fen: 88 },
    stock: null,
  },
  { kind: 'nothing' as const, key: 'thanks', name: '谢谢参与' },
];
const gold: Condition = {
  all: [
    { field: 'region', op: 'within', value: 340000 },
    { field: 'tier', op: 'eq', value: 'gold' },
  ],
};
const campaign = (id = 3) =>
  published(
    {
      name: '夏日开盖有礼',
      prizes,
      rules: [
        rule('gold', '安徽金卡加倍', gold, [['big', 1_000_000]], 'small'),
        rule('hefei', '合肥专享', { field: 'region', op: 'within', value: 340100 }, [['small', 1_000_000]]),
        rule(
          'all',
          '人人有奖',
          { all: [] },
          [
            ['big', 200_000],
            ['thanks', 800_000],
          ],
          'small',
        ),
      ],
    },
    id,
  );
const byIp = scan({ region: { adcode: 340100, trust: 'ip' } });
const words = (...args: Parameters<typeof decideWithTrace>): string[] =>
  explain(decideWithTrace(...args).trace, nameOf);

it('tells the whole story of a win', () => {
  const other = published({ name: '白桃专场', lane: 'burst', scope: { products: [2], batches: [] } }, 1);
  const later = published({ name: '兜底', priority: 1 }, 2);
  const told = words(
    [later, campaign(), other],
    byIp,
    world({ stock: { big: 7 }, budget: 123_456, countDay: 3, countMonth: 5 }),
    luck(123_456),
    {
      withoutLocation: true,
    },
  );
  expect(told).toEqual([
    '7 月 18 日 19:30，按先后顺序看了 3 个活动。',
    '这位顾客选择不开启定位，缺少所在地的规则直接略过。',
    '区域加码「白桃专场」（第 1 版，优先级 100）：不包含这个商品或码批次，略过。',
    '基础活动「夏日开盖有礼」（第 1 版，优先级 100）：',
    '规则「安徽金卡加倍」：所在地 安徽省（按 IP）∈ 安徽省 ✓，等级 普卡 = 金卡 ✗ → 不满足',
    '规则「合肥专享」：所在地 安徽省（按 IP）∈ 合肥市 ？ → 缺少所在地，略过',
    '规则「人人有奖」：对所有人 → 满足',
    '这位会员今天已中 3／10 次。',
    '这位会员本月已中 5／60 次。',
    '开奖：抽到 123456（0–999999），落在「8.88 元红包」（概率 20%）。',
    '「8.88 元红包」还剩 7 份。',
    '预算 9 还有 1,234.56 元，这次要 8.88 元。',
    '基础活动「兜底」（第 1 版，优先级 1）：排在后面，前面已有结果，没有再看。',
    '结果：活动「夏日开盖有礼」中了「8.88 元红包」，8.88 元，这个码已用掉。',
  ]);
});

it('tells a place that is needed, a fallback, a loss and nothing at all', () => {
  const version = campaign();
  expect(words([version], byIp, world(), luck(0)).slice(-3)).toEqual([
    '规则「合肥专享」：所在地 安徽省（按 IP）∈ 合肥市 ？ → 只差所在地，要请顾客开启定位',
    '需要知道所在地才能判断；不开启定位也可以改领全国奖。',
    '结果：活动「夏日开盖有礼」这次没有发奖：需要知道所在地才能判断；不开启定位也可以改领全国奖。这个码没有被用掉，可以再扫。',
  ]);
  const elsewhere = scan({ region: { adcode: 440000, trust: 'ip' } });
  expect(words([version], elsewhere, world({ stock: { big: 0 } }), luck(0))).toContain(
    '「8.88 元红包」已经发完，改发「0.88 元红包」。',
  );
  expect(words([version], elsewhere, world(), luck(500_000)).at(-1)).toBe(
    '结果：活动「夏日开盖有礼」开奖为「谢谢参与」，没有奖金，这个码已用掉。',
  );
  expect(words([], elsewhere, world(), luck(0))).toEqual([
    '7 月 18 日 19:30，没有任何已发布的活动。',
    '结果：没有活动适用，这个码没有被用掉。',
  ]);
});

it.each([
  [{ countDay: 10 }, '这位会员今天的次数或金额已满，7 月 19 日 00:00 以后可以再扫。'],
  [{ countMonth: 60 }, '这位会员本月的次数或金额已满，8 月 1 日 00:00 以后可以再扫。'],
  [{ status: 'paused' as const }, '活动暂停中，恢复后可以再扫。'],
  [{ status: 'scheduled' as const }, '活动要到 1 月 1 日 00:00 才开始。'],
  [{ budget: 10 }, '预算不够付这个奖，活动会补足预算；奖不会变成「谢谢参与」。'],
])('tells the refusal of %j', (state, sentence) => {
  const told = words([campaign()], scan({ region: { adcode: 440000, trust: 'ip' } }), world(state), luck(0));
  expect(told).toContain(sentence);
  expect(told.at(-1)).toContain(`这次没有发奖：${sentence}`);
});

it('keeps its words when the trace went through JSON', () => {
  const { trace } = decideWithTrace([campaign()], byIp, world({ countDay: 10 }), luck(0), { withoutLocation: true });
  expect(explain(JSON.parse(JSON.stringify(trace)) as DecisionTrace, nameOf)).toEqual(explain(trace, nameOf));
});
