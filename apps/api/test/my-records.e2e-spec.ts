import { randomUUID } from 'node:crypto';
import type { CampaignContent } from '@app/campaigns';
import { until } from '@app/testing';
import { ApiRig, type Desk, type Phone, type TestBatch } from './rig';

const ADDRESS = { name: '林小禾', phone: '13800001234', adcode: 340104, detail: '望江西路 100 号', consent: true };
const TEMPLATE = 'sandbox-subscribe-award-waiting-0001';

let rig: ApiRig;
let hq: Desk;
beforeAll(async () => {
  rig = await ApiRig.open();
  await rig.startWorker();
  hq = await rig.desk();
}, 60_000);
afterAll(() => rig.close());

const get = async (phone: Phone, path: string) => (await phone.agent.get(`/v1/h5/me/${path}`).expect(200)).body;
const counted = (phone: Phone, scans: number) =>
  until(`${scans} scans are counted`, async () => (await get(phone, 'privacy')).counts.scans === scans || null);

/** Bottles of which each wins a cup that is sent. */
async function cups(): Promise<TestBatch> {
  const batch = await rig.batch({ quantity: 20 });
  const prizes: CampaignContent['prizes'] = [
    { kind: 'goods', key: 'cup', name: '青禾保温杯', stock: null, valueFen: 9900 },
    { kind: 'nothing', key: 'thanks', name: '谢谢参与' },
  ];
  const then = { mode: 'drawn', prizes: [{ key: 'cup', odds: 1_000_000 }], fallbackPrizeKey: 'thanks' } as const;
  await rig.campaign([batch.id], {
    prizes,
    rules: [{ key: 'all', name: '人人有奖', when: { all: [] }, then }],
    caps: [],
  });
  return batch;
}

describe('one’s own scans', () => {
  it('come newest first, page by page, with what they won, and nobody else’s', async () => {
    const batch = await rig.batch();
    await rig.campaign([batch.id]);
    const [phone, other] = [await rig.phone(), await rig.phone()];
    for (const serial of [1, 2, 3, 1]) await phone.scan(batch.text(serial)).expect(200);
    await other.scan(batch.text(4)).expect(200);
    // At once: nobody waits for the fold to find what they have just scanned.
    const { items } = await get(phone, 'scans?limit=50');
    expect(items.map((one: { verdict: string }) => one.verdict)).toEqual(['repeat', 'first', 'first', 'first']);
    expect(items[1]).toMatchObject({
      ...{ productName: '青柠气泡茶', spec: '500 ml', city: '合肥市' },
      code: expect.stringMatching(/^A-/),
      reward: { kind: 'cash', amountFen: 88, awardId: expect.any(String) },
    });
    await phone.agent.get(`/v1/h5/awards/${items[1].reward.awardId}`).expect(200);

    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { items: { scanId: string }[]; nextCursor: string | null } = await get(
        phone,
        `scans?limit=3${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...page.items.map(({ scanId }) => scanId));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(items.map((one: { scanId: string }) => one.scanId));
    await phone.agent.get('/v1/h5/me/scans?cursor=nonsense').expect(400);
    await phone.agent.get('/v1/h5/me/scans?limit=101').expect(400);
    await rig.http.get('/v1/h5/me/scans').expect(401);
  });

  it('are none for somebody new', async () => {
    expect(await get(await rig.phone(), 'scans')).toEqual({ items: [], nextCursor: null });
  });
});

describe('the tier', () => {
  it('tells only what running campaigns give for it', async () => {
    const batch = await rig.batch();
    const gold = { field: 'tier', op: 'in', value: ['gold', 'platinum'] } as const;
    const drawn = (key: string) =>
      ({ mode: 'drawn', prizes: [{ key, odds: 1_000_000 }], fallbackPrizeKey: null }) as const;
    const title = `金卡加倍 ${randomUUID().slice(0, 8)}`;
    const prizes: CampaignContent['prizes'] = [
      { kind: 'cash', key: 'double', name: '双倍红包', amount: { type: 'fixed', fen: 176 }, stock: null },
      { kind: 'cash', key: 'small', name: '开盖红包', amount: { type: 'fixed', fen: 88 }, stock: null },
    ];
    const rules: CampaignContent['rules'] = [
      { key: 'gold', name: '金卡双倍', when: gold, then: drawn('double') },
      { key: 'all', name: '人人有奖', when: { all: [] }, then: drawn('small') },
    ];
    const campaignId = await rig.campaign([batch.id], { prizes, rules, copy: { title, ruleText: '金卡双倍' } });
    const phone = await rig.phone();
    const mine = async () =>
      (await get(phone, 'tier')).benefits.filter((one: { campaignId: number }) => one.campaignId === campaignId);
    const told = await until('the campaign is known', async () => {
      const found = await mine();
      return found.length > 0 ? found : null;
    });
    expect(told).toEqual([
      {
        ...{
          campaignId,
          campaign: title,
          rule: '金卡双倍',
          prizes: ['双倍红包'],
          tiers: ['金卡', '白金卡'],
          mine: false,
        },
        condition: expect.stringContaining('金卡'),
        until: '2026-12-31T16:00:00.000Z',
      },
    ]);
    const id = await rig.count('SELECT id FROM members ORDER BY created_at DESC LIMIT 1');
    await rig.db.asOwner.query("UPDATE members SET tier = 'gold', tier_until = '2027-05-01' WHERE id = ?", [id]);
    expect(await get(phone, 'tier')).toMatchObject({ key: 'gold', name: '金卡', until: '2027-05-01' });
    expect((await mine())[0].mine).toBe(true);
    await rig.db.asOwner.query("UPDATE campaigns SET status = 'paused' WHERE id = ?", [campaignId]);
    expect(await mine()).toEqual([]);
  });

  it('tells the lines of the month and what is missing', async () => {
    const month = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 7);
    await rig.db.asOwner.query(
      `INSERT INTO tier_thresholds (month, tier, min_spend_fen) VALUES (?, 'regular', 0), (?, 'gold', 20000), (?, 'platinum', 90000)
       ON DUPLICATE KEY UPDATE min_spend_fen = VALUES(min_spend_fen)`,
      [month, month, month],
    );
    const phone = await rig.phone();
    const id = await rig.count('SELECT id FROM members ORDER BY created_at DESC LIMIT 1');
    await rig.db.asOwner.query('UPDATE members SET spend_fen = 15000 WHERE id = ?', [id]);
    const tier = await get(phone, 'tier');
    expect(tier).toMatchObject({
      ...{ key: 'regular', name: '普卡', until: null, spendFen: 15000, month },
      lines: [
        { key: 'gold', name: '金卡', leastFen: 20000, percent: 20 },
        { key: 'platinum', name: '白金卡', leastFen: 90000, percent: 5 },
      ],
      next: { name: '金卡', leastFen: 20000, missingFen: 5000 },
    });
    expect(tier.nextReview).toMatch(/^\d{4}-\d{2}-01$/);
    expect(tier.nextReview > `${month}-31`).toBe(true);
  });
});

describe('a nickname', () => {
  const PATH = '/v1/h5/me/nickname';

  it('is told to its owner wherever they look, changed and taken away', async () => {
    const phone = await rig.phone();
    expect((await phone.agent.put(PATH).send({ nickname: '  小　禾 ' }).expect(200)).body).toEqual({
      nickname: '小 禾',
    });
    expect((await phone.agent.get('/v1/h5/me').expect(200)).body.nickname).toBe('小 禾');
    expect((await phone.agent.get('/v1/h5/session').expect(200)).body.member.nickname).toBe('小 禾');
    expect((await get(phone, 'privacy')).nickname).toBe('小 禾');
    expect((await phone.agent.put(PATH).send({ nickname: null }).expect(200)).body).toEqual({ nickname: null });
    expect((await phone.agent.get('/v1/h5/me').expect(200)).body.nickname).toBeNull();
  });

  it('is refused when it cannot be read, is none, or comes from nobody', async () => {
    const phone = await rig.phone();
    for (const nickname of ['', '小\u0007禾', '小\u202e禾', '禾'.repeat(21)]) {
      const { body } = await phone.agent.put(PATH).send({ nickname }).expect(422);
      expect(body.error.code).toBe('bad_nickname');
    }
    for (const body of [{}, { nickname: 7 }, { nickname: '禾'.repeat(201) }, { nickname: '小禾', other: 1 }]) {
      await phone.agent.put(PATH).send(body).expect(400);
    }
    await rig.http.put(PATH).send({ nickname: '小禾' }).expect(401);
  });

  it('may not be written without end', async () => {
    const phone = await rig.phone();
    for (let at = 0; at < 10; at++)
      await phone.agent
        .put(PATH)
        .send({ nickname: `小禾 ${at}` })
        .expect(200);
    await phone.agent.put(PATH).send({ nickname: '小禾' }).expect(429);
  });
});

describe('what is kept of a person', () => {
  it('is told with its consents, and each is taken back', async () => {
    Object.assign(rig.config.wechat, {
      reminders: {
        template: null,
        subscription: { id: TEMPLATE, fields: { what: 'thing1', amount: 'amount2', until: 'time3' } },
      },
    });
    const [batch, phone] = [await cups(), await rig.phone()];
    const { body } = await phone.scan(batch.text(1)).expect(200);
    const { awardId } = body.reward;
    await phone.agent.post(`/v1/h5/awards/${awardId}/address`).send(ADDRESS).expect(200);
    await phone.agent.post('/v1/h5/reminders').send({ templateId: TEMPLATE }).expect(200);
    const kept = await get(phone, 'privacy');
    expect(kept).toMatchObject({
      ...{ wechat: expect.stringMatching(/^.{4}\*{4}.{4}$/), phone: null, posts: [] },
      addresses: [
        {
          prizeName: '青禾保温杯',
          consent: 'address-2026-11',
          state: 'waiting',
          masked: expect.stringContaining('林**'),
        },
      ],
      reminders: { left: 1, at: expect.any(String) },
      authorisation: { state: 'off', at: null },
    });
    expect(JSON.stringify(kept)).not.toMatch(/林小禾|13800001234|100 号/);

    const { body: withdrawn } = await phone.agent.delete('/v1/h5/me/addresses').expect(200);
    expect(withdrawn.addresses).toEqual([]);
    expect((await phone.agent.get(`/v1/h5/awards/${awardId}`).expect(200)).body).toMatchObject({
      state: 'address',
      goods: { addressState: 'missing', maskedAddress: null },
    });
    await phone.agent.post(`/v1/h5/awards/${awardId}/address`).send(ADDRESS).expect(200);
    expect((await get(phone, 'privacy')).addresses).toHaveLength(1);

    expect((await phone.agent.delete('/v1/h5/me/reminders').expect(200)).body.reminders).toEqual({ left: 0, at: null });
    await phone.agent.delete('/v1/h5/me/reminders').expect(200);
    expect((await phone.agent.get('/v1/h5/reminders').expect(200)).body.agreed).toBe(false);
  });

  it('an address that a parcel needs just now stays', async () => {
    const [batch, phone] = [await cups(), await rig.phone()];
    const { body } = await phone.scan(batch.text(1)).expect(200);
    await phone.agent.post(`/v1/h5/awards/${body.reward.awardId}/address`).send(ADDRESS).expect(200);
    const warehouse = await rig.desk({ rights: ['export-addresses'] });
    await warehouse.post('/v1/console/fulfilment/exports').send({ most: 1000 }).expect(201);
    const { body: left } = await phone.agent.delete('/v1/h5/me/addresses').expect(200);
    expect(left.addresses).toMatchObject([{ state: 'packing' }]);
  });

  it('can be taken along: all of it, readable, and not what pays whoever holds the file', async () => {
    const [batch, goods, phone] = [await rig.batch(), await cups(), await rig.phone()];
    await rig.campaign([batch.id]);
    await phone.scan(batch.text(1)).expect(200);
    const { body } = await phone.scan(goods.text(1)).expect(200);
    await phone.agent.post(`/v1/h5/awards/${body.reward.awardId}/address`).send(ADDRESS).expect(200);
    const said = { requestId: randomUUID(), kind: 'other', text: '想要一份自己的数据' };
    await phone.agent.post('/v1/h5/complaints').send(said).expect(201);
    const id = await rig.count('SELECT id FROM members ORDER BY created_at DESC LIMIT 1');
    await hq
      .post('/v1/console/members:tag')
      .send({ tag: '爱喝茶', memberIds: [id] })
      .expect(200);
    await counted(phone, 2);
    await phone.agent.put('/v1/h5/me/nickname').send({ nickname: '小禾' }).expect(200);

    const answer = await phone.agent.get('/v1/h5/me/data.json').expect(200);
    expect(answer.headers).toMatchObject({
      ...{ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
      'content-disposition': 'attachment; filename="my-data.json"',
    });
    expect(answer.body).toMatchObject({
      会员: { 会员号: String(id), 昵称: '小禾', 扫码次数: 2 },
      '身份标识（已遮住一部分）': [{ 内容: expect.stringContaining('****') }],
      收货地址: [{ 奖品: '青禾保温杯', 收货人: '林小禾', 手机号: expect.stringContaining('13800001234') }],
      品牌给您加的标签: ['爱喝茶'],
      反馈: [{ 内容: [{ 谁: '我', 文字: '想要一份自己的数据' }] }],
      到账: [],
    });
    expect(answer.body['扫码']).toHaveLength(2);
    expect(answer.body['奖励']).toHaveLength(2);
    await phone.agent.get('/v1/h5/me/data.json').expect(200);
    const refused = await phone.agent.get('/v1/h5/me/data.json').expect(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    await rig.http.get('/v1/h5/me/data.json').expect(401);
  });

  it('is little of somebody new, and well formed', async () => {
    const phone = await rig.phone();
    const { body } = await phone.agent.get('/v1/h5/me/data.json').expect(200);
    expect(body).toMatchObject({ 扫码: [], 奖励: [], 到账: [], 反馈: [], 收货地址: [], 门店身份: [] });
    expect(await get(phone, 'privacy')).toMatchObject({ counts: { scans: 0, wins: 0, complaints: 0, photos: 0 } });
  });
});
