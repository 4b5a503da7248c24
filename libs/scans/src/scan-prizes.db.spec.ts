import { randomUUID } from 'node:crypto';
import type { CampaignContent, Cap, PrizeDefinition } from '@app/campaigns';
import { UnitOfWork } from '@app/database';
import type { MemberId, ScanId } from '@app/kernel';
import { CreateAudience, FillAudience, SignIn, TagMembers } from '@app/members';
import { CreateCouponPool, ImportCoupons } from '@app/rewards';
import { CheckDecisions, ExplainScan } from './index';
import { ScanStage } from './scan-stage.contract';

let stage: ScanStage;
beforeAll(async () => {
  stage = await ScanStage.open();
});
afterAll(() => stage.close());

const HEFEI = { latitude: 31.8206, longitude: 117.2272, accuracy: 30, datum: 'gcj02' as const };
const cap = (per: Cap['per'], window: Cap['window'], limits: Partial<Cap>): Cap => ({
  ...{ per, window, count: null, fen: null },
  ...limits,
});
const thanks: PrizeDefinition = { kind: 'nothing', key: 'thanks', name: '谢谢参与' };
const everybody = (key: string, fallbackPrizeKey: string | null = null): CampaignContent['rules'] => [
  {
    ...{ key: 'all', name: '人人有奖', when: { all: [] } },
    then: { mode: 'drawn', prizes: [{ key, odds: 1_000_000 }], fallbackPrizeKey },
  },
];

async function opened(overrides: Partial<CampaignContent> = {}, quantity = 1000) {
  const batch = await stage.batch({ quantity });
  const budgetId = await stage.budget(1_000_000);
  return { batch, budgetId, ...(await stage.campaign({ batches: [batch.id], budgetId, caps: [], ...overrides })) };
}
const crowd = (size: number): Promise<MemberId[]> => Promise.all(Array.from({ length: size }, () => stage.member()));
const reserved = (budgetId: number) => stage.count('SELECT reserved_fen FROM budgets WHERE id = ?', [budgetId]);

/** One scan by each member, all at once, each of its own code. */
async function rush(size: number, text: (serial: number) => string, more: Parameters<ScanStage['scan']>[2] = {}) {
  const members = await crowd(size);
  const scans = await Promise.all(members.map((member, serial) => stage.scan(member, text(serial), more)));
  const answers = scans.map(({ answer }) => answer);
  return {
    won: answers.filter(({ reward }) => reward !== null && reward.kind !== 'nothing').length,
    refusals: answers.flatMap(({ refusal }) => refusal?.reason ?? []),
  };
}

describe('caps that many members share hold when everybody comes at once', () => {
  it('a number of prizes for the whole campaign, exactly', async () => {
    const { batch, budgetId, campaignId } = await opened({ caps: [cap('campaign', 'total', { count: 37 })] });
    const { won, refusals } = await rush(150, batch.text);
    expect(won).toBe(37);
    expect(refusals).toEqual(Array(113).fill('cap_reached'));
    expect(await reserved(budgetId)).toBe(37 * 88);
    const counted = "SELECT awards FROM campaign_counters WHERE campaign_id = ? AND counter_key = 'c|t'";
    expect(await stage.count(counted, [campaignId])).toBe(37);
  });

  it('money an hour, as a matter of the budget', async () => {
    const { batch, budgetId } = await opened({ caps: [cap('campaign', 'hour', { fen: 1000 })] });
    const { won, refusals } = await rush(60, batch.text);
    expect(won).toBe(11);
    expect(refusals).toEqual(Array(49).fill('budget_short'));
    expect(await reserved(budgetId)).toBe(968);
  });

  it("a province's share, while other places go on", async () => {
    const { batch, budgetId } = await opened({ caps: [cap('region', 'total', { fen: 880, adcode: 340000 })] });
    const here = await rush(30, batch.text);
    expect(here).toEqual({ won: 10, refusals: Array(20).fill('budget_short') });
    const elsewhere = await rush(5, (serial) => batch.text(500 + serial), { ip: null });
    expect(elsewhere.won).toBe(5);
    expect(await reserved(budgetId)).toBe(15 * 88);
  });

  it('each province on its own, the unknown place too', async () => {
    const { batch } = await opened({ caps: [cap('region', 'day', { count: 3 })] });
    expect((await rush(10, batch.text)).won).toBe(3);
    expect((await rush(10, (serial) => batch.text(500 + serial), { ip: null })).won).toBe(3);
  });

  it('that were lowered below what is spent still let prizes pass that cost nothing, and hold up nobody', async () => {
    const goods: PrizeDefinition = { kind: 'goods', key: 'cup', name: '保温杯', valueFen: 9900, stock: null };
    const { batch, publish } = await opened({ caps: [cap('campaign', 'total', { fen: 880 })] });
    for (let serial = 0; serial < 5; serial++) await stage.scan(await stage.member(), batch.text(serial));
    await publish({ caps: [cap('campaign', 'total', { fen: 300 })], prizes: [goods], rules: everybody('cup') });
    const other = await opened();
    const members = await crowd(6);
    const both = await Promise.all(
      members.map((member, index) =>
        stage.scan(member, index % 2 === 0 ? batch.text(10 + index) : other.batch.text(index)),
      ),
    );
    expect(both.map(({ answer }) => answer.reward?.kind)).toEqual(['goods', 'cash', 'goods', 'cash', 'goods', 'cash']);
  });

  it('and a refused code wins once the cap was raised', async () => {
    const { batch, publish } = await opened({ caps: [cap('campaign', 'total', { count: 1 })] });
    await stage.scan(await stage.member(), batch.text(1));
    const member = await stage.member();
    expect((await stage.scan(member, batch.text(2))).answer.refusal?.reason).toBe('cap_reached');
    await publish({ caps: [cap('campaign', 'total', { count: 2 })] });
    expect((await stage.scan(member, batch.text(2))).answer.reward).toMatchObject({ amountFen: 88 });
  });
});

describe("a member's own caps", () => {
  it('count money by the week', async () => {
    const { batch } = await opened({ caps: [cap('member', 'week', { fen: 200 })] });
    const member = await stage.member();
    const answers = [];
    for (let serial = 0; serial < 4; serial++) answers.push((await stage.scan(member, batch.text(serial))).answer);
    expect(answers.map(({ reward }) => reward?.amountFen ?? null)).toEqual([88, 88, null, null]);
    expect(answers[3]!.refusal?.message).toContain('下周再来扫这瓶');
  });
});

describe('prizes', () => {
  it('a ladder rises with the codes of one member', async () => {
    const amount = {
      type: 'ladder' as const,
      steps: [
        { fromNth: 1, fen: 30 },
        { fromNth: 3, fen: 120 },
      ],
    };
    const { batch } = await opened({
      prizes: [{ kind: 'cash', key: 'step', name: '连扫红包', amount, stock: null }],
      rules: everybody('step'),
    });
    const member = await stage.member();
    const paid = [];
    for (let serial = 0; serial < 4; serial++) {
      paid.push((await stage.scan(member, batch.text(serial))).answer.reward?.amountFen);
    }
    expect(paid).toEqual([30, 30, 120, 120]);
  });

  it('a locked packet is reserved at once, shut until the next code, and opened once', async () => {
    const { batch, budgetId } = await opened({
      prizes: [
        {
          kind: 'locked',
          key: 'locked',
          name: '连开红包',
          amount: { type: 'fixed', fen: 500 },
          opensWithinDays: 7,
          stock: null,
        },
        { kind: 'cash', key: 'small', name: '小红包', amount: { type: 'fixed', fen: 30 }, stock: null },
      ],
      rules: [
        {
          ...{ key: 'first', name: '首瓶', when: { field: 'nthScanInCampaign', op: 'eq', value: 1 } },
          then: { mode: 'drawn', prizes: [{ key: 'locked', odds: 1_000_000 }], fallbackPrizeKey: null },
        },
        ...everybody('small'),
      ],
    });
    const member = await stage.member();
    const first = (await stage.scan(member, batch.text(1))).answer;
    expect(first).toMatchObject({ reward: { kind: 'locked', state: 'locked', amountFen: null }, opened: [] });
    expect(await reserved(budgetId)).toBe(500);
    const second = (await stage.scan(member, batch.text(2))).answer;
    expect(second.opened).toEqual([{ awardId: first.reward!.awardId, prizeName: '连开红包', amountFen: 500 }]);
    expect(second.reward).toMatchObject({ kind: 'cash', amountFen: 30 });
    const third = (await stage.scan(member, batch.text(3))).answer;
    expect(third.opened).toEqual([]);
    const again = (await stage.scan(member, batch.text(1))).answer;
    expect(again.reward).toMatchObject({ kind: 'locked', state: 'ready', amountFen: 500 });
    expect(await reserved(budgetId)).toBe(560);
  });

  it('a pool of coupons gives each of its codes once, and the fallback when it is empty', async () => {
    const poolId = await stage.app
      .get(UnitOfWork)
      .run((tx) =>
        stage.app.get(CreateCouponPool).run(tx, { name: `券 ${randomUUID().slice(0, 8)}`, lowMark: 5, by: 1 }),
      );
    const lines = Array.from({ length: 23 }, (_, index) => `COUPON-${poolId}-${index}`);
    await stage.app.get(ImportCoupons).run({ poolId, importKey: randomUUID(), lines, by: 1 });
    const { batch } = await opened({
      prizes: [
        {
          kind: 'coupon',
          key: 'c',
          name: '满减券',
          coupon: { type: 'pool', poolId },
          valueFen: 500,
          validDays: 30,
          stock: 100,
        },
        thanks,
      ],
      rules: everybody('c', 'thanks'),
    });
    expect((await rush(80, batch.text)).won).toBe(23);
    expect(await stage.count('SELECT COUNT(DISTINCT position) FROM award_coupons WHERE pool_id = ?', [poolId])).toBe(
      23,
    );
    expect(await stage.count('SELECT taken FROM coupon_stock WHERE pool_id = ?', [poolId])).toBe(23);
  });

  it('goods with a stock are given exactly that often', async () => {
    const { batch } = await opened({
      prizes: [{ kind: 'goods', key: 'fridge', name: '小冰箱', valueFen: 30_000, stock: 7 }, thanks],
      rules: everybody('fridge', 'thanks'),
    });
    expect((await rush(60, batch.text)).won).toBe(7);
  });

  it('a deal gives every prize exactly as often as it was dealt', async () => {
    const batch = await stage.batch({ quantity: 120 });
    const budgetId = await stage.budget(1_000_000);
    await stage.campaign({
      ...{ batches: [batch.id], budgetId, caps: [] },
      prizes: [
        { kind: 'cash', key: 'big', name: '大奖', amount: { type: 'fixed', fen: 8800 }, stock: null },
        { kind: 'cash', key: 'small', name: '小奖', amount: { type: 'fixed', fen: 30 }, stock: null },
        thanks,
      ],
      rules: [
        {
          ...{ key: 'dealt', name: '奖项预埋', when: { all: [] } },
          then: {
            mode: 'dealt',
            segment: { batch: batch.id, layer: 0, from: 20, to: 120 },
            prizes: [
              { key: 'big', count: 2 },
              { key: 'small', count: 31 },
              { key: 'thanks', count: 67 },
            ],
          },
        },
      ],
    });
    const { won } = await rush(100, (serial) => batch.text(20 + serial));
    expect(won).toBe(33);
    expect(await reserved(budgetId)).toBe(2 * 8800 + 31 * 30);
    expect((await stage.scan(await stage.member(), batch.text(5))).answer.refusal?.reason).toBe('no_rule');
  });
});

describe('what a member is', () => {
  const prizes: CampaignContent['prizes'] = [
    { kind: 'cash', key: 'big', name: '大红包', amount: { type: 'fixed', fen: 300 }, stock: null },
    { kind: 'cash', key: 'small', name: '小红包', amount: { type: 'fixed', fen: 30 }, stock: null },
  ];
  const bigFor = (when: CampaignContent['rules'][number]['when']): Partial<CampaignContent> => ({
    prizes,
    rules: [
      {
        ...{ key: 'some', name: '有的人', when },
        then: { mode: 'drawn', prizes: [{ key: 'big', odds: 1_000_000 }], fallbackPrizeKey: null },
      },
      ...everybody('small'),
    ],
  });

  it('a tag, a listed audience and an audience by rule decide', async () => {
    const [tagged, listed, plain] = (await crowd(3)) as [MemberId, MemberId, MemberId];
    await stage.app.get(TagMembers).add(null, '老友', [tagged]);
    const list = await stage.app.get(CreateAudience).run(null, { name: `名单 ${randomUUID().slice(0, 8)}` });
    await stage.app.get(FillAudience).add(null, list, [listed]);
    const ruled = await stage.app.get(CreateAudience).run(null, {
      name: `规则 ${randomUUID().slice(0, 8)}`,
      condition: { field: 'tags', op: 'hasAny', value: ['老友'] },
    });
    const amounts = async (when: CampaignContent['rules'][number]['when']) => {
      const { batch } = await opened(bigFor(when));
      const scans = await Promise.all(
        [tagged, listed, plain].map((member, serial) => stage.scan(member, batch.text(serial))),
      );
      return scans.map(({ answer }) => answer.reward?.amountFen);
    };
    expect(await amounts({ field: 'tags', op: 'hasAny', value: ['老友', '员工'] })).toEqual([300, 30, 30]);
    expect(await amounts({ field: 'audience', op: 'hasAny', value: [list] })).toEqual([30, 300, 30]);
    expect(await amounts({ field: 'audience', op: 'hasAny', value: [list, ruled] })).toEqual([300, 300, 30]);
    expect(await amounts({ field: 'audience', op: 'hasNone', value: [list] })).toEqual([300, 30, 300]);
  });

  it('gate_open: refused and held for the member until the phone is bound, then wins', async () => {
    const goods: PrizeDefinition = { kind: 'goods', key: 'box', name: '一箱茶', valueFen: 6000, stock: null };
    const { batch, campaignId } = await opened({
      ...{ prizes: [goods], rules: everybody('box'), gates: [{ kind: 'phone' }] },
    });
    const [member, other] = (await crowd(2)) as [MemberId, MemberId];
    const gate = (await stage.scan(member, batch.text(1))).answer;
    const heldUntil = new Date(Date.parse(gate.scannedAt) + 30 * 60_000).toISOString();
    expect(gate.refusal).toMatchObject({
      reason: 'gate_open',
      message: '绑定手机号后就能领取，这份奖励为您留半小时',
      campaignId,
      cure: { action: 'phone', steps: [{ action: 'phone', done: false }], heldUntil },
    });
    const { answer } = await stage.scan(other, batch.text(1));
    expect(answer.refusal).toMatchObject({ reason: 'held', cure: { action: 'wait', at: heldUntil } });
    const { sentences } = await stage.app.get(ExplainScan).run(`${other}-${answer.scanId}`);
    expect(sentences.join('')).toContain('做完领奖前的一步');
    await stage.app
      .get(UnitOfWork)
      .run((tx) => tx.execute('UPDATE members SET phone_bound = 1 WHERE id = ?', [member]));
    expect((await stage.scan(member, batch.text(1))).answer).toMatchObject({
      verdict: 'first',
      reward: { kind: 'goods' },
    });
  });

  it('the day of the last code is known from the counters', async () => {
    const { batch } = await opened(bigFor({ field: 'daysSinceLastScan', op: 'lte', value: 0 }));
    const member = await stage.member();
    const first = (await stage.scan(member, batch.text(1), { location: HEFEI })).answer.reward?.amountFen;
    const second = (await stage.scan(member, batch.text(2), { location: HEFEI })).answer.reward?.amountFen;
    expect([first, second]).toEqual([30, 300]);
  });
});

it('goes on with the codes, packets and counts of somebody who turns out to be two members', async () => {
  const locked: PrizeDefinition = {
    ...{ kind: 'locked', key: 'locked', name: '连开红包', opensWithinDays: 7, stock: null },
    amount: { type: 'fixed', fen: 500 },
  };
  const small: PrizeDefinition = {
    ...{ kind: 'cash', key: 'small', name: '小红包', stock: null },
    amount: { type: 'fixed', fen: 30 },
  };
  const { batch } = await opened({
    caps: [cap('member', 'day', { count: 3 })],
    prizes: [locked, small],
    rules: [
      { ...everybody('locked')[0]!, key: 'first', when: { field: 'nthScan', op: 'eq', value: 1 } },
      ...everybody('small'),
    ],
  });
  const signIn = stage.app.get(SignIn);
  const [one, two] = [`o-${randomUUID()}`, `o-${randomUUID()}`];
  const older = await signIn.run({ openid: one });
  const younger = await signIn.run({ openid: two });
  const first = randomUUID() as string as ScanId;
  const packet = await stage.scan(younger, batch.text(1), { scanId: first });
  expect(packet.answer.reward).toMatchObject({ kind: 'locked', state: 'locked' });
  expect((await stage.scan(older, batch.text(2))).answer.reward).toMatchObject({ kind: 'locked' });

  const unionid = `u-${randomUUID()}`;
  await signIn.run({ openid: one, unionid });
  expect(await signIn.run({ openid: two, unionid })).toBe(older);

  expect((await stage.scan(younger, batch.text(1), { scanId: first })).text).toBe(packet.text);
  const again = (await stage.scan(older, batch.text(1))).answer;
  expect(again).toMatchObject({
    verdict: 'repeat',
    repeat: { mine: true },
    reward: { kind: 'locked', state: 'locked' },
  });
  const next = (await stage.scan(younger, batch.text(3))).answer;
  expect(next.opened.map(({ amountFen }) => amountFen)).toEqual([500, 500]);
  expect(next.reward).toMatchObject({ kind: 'cash', amountFen: 30 });
  // Two before the merge and one after it: the day's three are used up, whoever counted them.
  expect((await stage.scan(older, batch.text(4))).answer.refusal?.reason).toBe('cap_reached');
});

it('explains a cap, and makes every decision of this file again with the same result (I15)', async () => {
  const { batch } = await opened({ caps: [cap('region', 'total', { fen: 88, adcode: 340000 })] });
  await stage.scan(await stage.member(), batch.text(1));
  const member = await stage.member();
  const { answer } = await stage.scan(member, batch.text(2));
  const { sentences } = await stage.app.get(ExplainScan).run(`${member}-${answer.scanId}`);
  expect(sentences).toContain('这个地区累计已发 0.88 元，上限 0.88 元。');
  expect(sentences.at(-1)).toContain('这个地区累计的预算份额已用完');
  // What the unclaimed code holds is not told: whoever reads this could buy the bottle.
  expect(sentences.join()).not.toMatch(/抽到|落在|这次要/);

  let [cursor, checked]: [string | null, number] = [null, 0];
  do {
    const page = await stage.app.get(CheckDecisions).run({}, { limit: 100, cursor });
    expect(page.differing).toEqual([]);
    checked += page.checked;
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(checked).toBeGreaterThan(500);
});
