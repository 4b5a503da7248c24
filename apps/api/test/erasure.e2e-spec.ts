import { randomUUID } from 'node:crypto';
import type { CampaignContent, Prize } from '@app/campaigns';
import { ApiRig, HEFEI, Phone, type Desk, type TestBatch } from './rig';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const ADDRESS = { name: '林小禾', phone: '13800001234', adcode: 340104, detail: '望江西路 100 号', consent: true };
const thanks: Prize = { kind: 'nothing', key: 'thanks', name: '谢谢参与' };
const cup: Prize = { kind: 'goods', key: 'cup', name: '青禾保温杯', stock: null, valueFen: 9900 };

let rig: ApiRig;
let hq: Desk;
beforeAll(async () => {
  // No worker: what is asked for stays asked for, until a test says otherwise.
  rig = await ApiRig.open();
  hq = await rig.desk({ rights: ['export-addresses'] });
}, 60_000);
afterAll(() => rig.close());

const outlook = async (phone: Phone) => (await phone.agent.get('/v1/h5/me/erasure').expect(200)).body;
const erase = async (phone: Phone, status = 204) =>
  phone.agent
    .post('/v1/h5/me/erasure')
    .send({ seen: (await outlook(phone)).seen })
    .expect(status);
const memberOf = (batch: TestBatch, serial: number) =>
  rig.count('SELECT first_member_id FROM code_claims WHERE batch_id = ? AND layer = 0 AND serial = ?', [
    batch.id,
    serial,
  ]);
const all = (key: string): CampaignContent['rules'] => [
  {
    ...{ key: 'all', name: '人人有奖', when: { all: [] } },
    then: { mode: 'drawn', prizes: [{ key, odds: 1_000_000 }], fallbackPrizeKey: 'thanks' },
  },
];

/** A batch where every bottle is money, at most one a person a day and two in all. */
async function tight(): Promise<TestBatch> {
  const batch = await rig.batch({ quantity: 50 });
  const caps: CampaignContent['caps'] = [
    { per: 'member', window: 'day', count: 1, fen: null },
    { per: 'member', window: 'total', count: 2, fen: null },
  ];
  await rig.campaign([batch.id], { caps });
  return batch;
}
async function cups(): Promise<TestBatch> {
  const batch = await rig.batch({ quantity: 20 });
  await rig.campaign([batch.id], { prizes: [cup, thanks], rules: all('cup'), caps: [] });
  return batch;
}

describe('going and coming back', () => {
  it('comes back as somebody new, who has nothing, while the old scans, prizes and codes stay as they were', async () => {
    const batch = await rig.batch();
    await rig.campaign([batch.id]);
    const phone = await rig.phone();
    const { body: won } = await phone.scan(batch.text(1)).expect(200);
    const before = await memberOf(batch, 1);
    expect((await outlook(phone)).losses).toEqual([{ what: 'money', words: '0.88 元待领取的红包' }]);
    const answer = await erase(phone);
    expect(answer.headers['set-cookie']).toContainEqual(expect.stringMatching(/^yima_session=;.*Max-Age=0/));

    await phone.agent.get('/v1/h5/me').expect(401);
    await phone.signIn();
    expect((await phone.agent.get('/v1/h5/me').expect(200)).body).toMatchObject({ scans: 0, wins: 0, spendFen: 0 });
    expect((await phone.agent.get('/v1/h5/awards').expect(200)).body.items).toEqual([]);
    await phone.agent.get(`/v1/h5/awards/${won.reward.awardId}`).expect(404);
    await phone.agent.post(`/v1/h5/awards/${won.reward.awardId}/claim`).expect(404);
    const { body: again } = await phone.scan(batch.text(1)).expect(200);
    expect(again).toMatchObject({ verdict: 'repeat', repeat: { mine: false }, reward: null });
    expect(await memberOf(batch, 1)).toBe(before);
    const kept = 'SELECT COUNT(*) FROM awards WHERE batch_id = ? AND member_id = ?';
    expect(await rig.count(kept, [batch.id, before])).toBe(1);
    expect(await rig.count('SELECT person_key_sealed IS NULL FROM members WHERE id = ?', [before])).toBe(1);
  });

  it('wins nothing by it: what was used of the limits stays used', async () => {
    const batch = await tight();
    const phone = await rig.phone();
    const marks = await rig.count('SELECT COUNT(*) FROM erased_limits');
    expect((await phone.scan(batch.text(1)).expect(200)).body.reward).toMatchObject({ kind: 'cash' });
    expect((await phone.scan(batch.text(2)).expect(200)).body.refusal).toMatchObject({ reason: 'cap_reached' });
    for (let round = 0; round < 2; round++) {
      await erase(phone);
      await phone.signIn();
      const { body } = await phone.scan(batch.text(2)).expect(200);
      expect(body).toMatchObject({ reward: null, refusal: { reason: 'cap_reached' } });
    }
    // Somebody else is not held back: the bottle is still free.
    expect((await (await rig.phone()).scan(batch.text(2)).expect(200)).body.reward).toMatchObject({ kind: 'cash' });
    // The mark was handed over both times.
    expect(await rig.count('SELECT COUNT(*) FROM erased_limits')).toBe(marks);
  });

  it('is a newcomer again when the time of the limits is over', async () => {
    const batch = await tight();
    const phone = await rig.phone();
    await phone.scan(batch.text(1)).expect(200);
    await erase(phone);
    await rig.db.database.query('UPDATE erased_limits SET lapses_at = UTC_TIMESTAMP(6)');
    await phone.signIn();
    expect((await phone.scan(batch.text(2)).expect(200)).body.reward).toMatchObject({ kind: 'cash' });
  });

  it('ends every session, also on the other phone, and a tap that is repeated is not a second person', async () => {
    const phone = await rig.phone();
    const other = new Phone(rig, phone.userId, HEFEI);
    await other.signIn();
    const { seen } = await outlook(phone);
    const cookie = (await other.agent.get('/v1/h5/me').expect(200)) && other;
    await phone.agent.post('/v1/h5/me/erasure').send({ seen }).expect(204);
    const batch = await rig.batch();
    await rig.campaign([batch.id]);
    await cookie.agent.get('/v1/h5/me').expect(401);
    expect((await cookie.scan(batch.text(1))).status).toBe(401);
    await cookie.agent
      .post('/v1/h5/complaints')
      .send({ requestId: randomUUID(), kind: 'other', text: '还在吗还在吗' })
      .expect(401);
    await cookie.agent.post('/v1/h5/me/erasure').send({ seen }).expect(204);
    await rig.http.post('/v1/h5/me/erasure').send({ seen }).expect(401);
  });
});

describe('money and parcels on their way', () => {
  it('keep their person until it is known how they end', async () => {
    const batch = await rig.batch();
    await rig.campaign([batch.id]);
    const phone = await rig.phone();
    const { body } = await phone.scan(batch.text(1)).expect(200);
    await phone.agent.post(`/v1/h5/awards/${body.reward.awardId}/claim`).expect(202);
    expect((await outlook(phone)).blocks).toEqual([
      { what: 'money', words: expect.stringContaining('0.88 元正在到账路上') },
    ]);
    expect((await erase(phone, 409)).body.error.code).toBe('erasure_waits');
    await phone.agent.get('/v1/h5/me').expect(200);

    await rig.db.asOwner.query("UPDATE payouts SET state = 'WAIT_USER' WHERE payout_key = ?", [`${batch.id}:0:1:0`]);
    expect((await outlook(phone)).blocks[0].words).toContain('等满 24 小时');
    // The bill ran out: the books of other specs stay right, since fen of a failed offer stay reserved.
    await rig.db.asOwner.query("UPDATE payouts SET state = 'FAILED', next_at = NULL WHERE payout_key = ?", [
      `${batch.id}:0:1:0`,
    ]);
    await erase(phone);
    expect(await rig.count('SELECT COUNT(*) FROM payouts WHERE payout_key = ?', [`${batch.id}:0:1:0`])).toBe(1);
  });

  it('claim and erasure at the same moment: one of them was first', async () => {
    const batch = await rig.batch({ quantity: 50 });
    await rig.campaign([batch.id], { caps: [] });
    for (let serial = 1; serial <= 8; serial++) {
      const phone = await rig.phone();
      const { body } = await phone.scan(batch.text(serial)).expect(200);
      const member = await memberOf(batch, serial);
      const { seen } = await outlook(phone);
      const [claimed, erased] = await Promise.all([
        phone.agent.post(`/v1/h5/awards/${body.reward.awardId}/claim`),
        phone.agent.post('/v1/h5/me/erasure').send({ seen }),
      ]);
      const payouts = await rig.count('SELECT COUNT(*) FROM payouts WHERE member_id = ?', [member]);
      const gone = await rig.count('SELECT erased_at IS NOT NULL FROM members WHERE id = ?', [member]);
      expect([payouts, gone]).toEqual(erased.status === 204 ? [0, 1] : [1, 0]);
      expect(claimed.status).toBe(erased.status === 204 ? 401 : 202);
    }
  });

  it('a parcel that is being packed is waited for; the address goes when it is on its way', async () => {
    const batch = await cups();
    const phone = await rig.phone();
    const { body } = await phone.scan(batch.text(1)).expect(200);
    const { awardId } = body.reward;
    expect((await outlook(phone)).losses).toEqual([{ what: 'goods', words: '1 件还没填地址的实物奖品' }]);
    await phone.agent.post(`/v1/h5/awards/${awardId}/address`).send(ADDRESS).expect(200);
    const { body: taken } = await hq.post('/v1/console/fulfilment/exports').send({ most: 1000 }).expect(201);
    expect((await outlook(phone)).blocks).toEqual([{ what: 'parcel', words: expect.stringContaining('1 件奖品') }]);
    expect((await erase(phone, 409)).body.error.code).toBe('erasure_waits');
    await hq
      .post('/v1/console/fulfilment/tracking')
      .send({ orderNo: awardId, carrier: '顺丰', trackingNo: 'SF1234567' })
      .expect(200);
    await erase(phone);
    expect(
      await rig.count('SELECT COUNT(*) FROM award_addresses WHERE batch_id = ? AND address_sealed IS NOT NULL', [
        batch.id,
      ]),
    ).toBe(0);
    const csv = await hq.get(`/v1/console/fulfilment/exports/${taken.id}/orders.csv`).expect(200);
    expect(csv.text).not.toContain(awardId);
    const { body: shipped } = await hq.get('/v1/console/fulfilment/orders?state=shipped&limit=1').expect(200);
    expect(shipped.items[0]).toMatchObject({ orderNo: awardId, maskedAddress: null });
  });
});

describe('what else is kept of a person', () => {
  it('complaints lose their words and photos, the desk sees why, and nobody can add any', async () => {
    const phone = await rig.phone();
    const said = { requestId: randomUUID(), kind: 'other', text: '我住在望江西路一百号' };
    const { body: made } = await phone.agent.post('/v1/h5/complaints').send(said).expect(201);
    await phone.agent
      .post(`/v1/h5/complaints/${made.id}/photos`)
      .set('content-type', 'image/png')
      .send(PNG)
      .expect(204);
    await hq.post(`/v1/console/complaints/${made.id}/reply`).send({ text: '给望江西路一百号补寄' }).expect(204);
    expect((await outlook(phone)).losses[0].words).toBe('1 条反馈和我们的回复，其中 1 条还没办结，我们不会再回复');
    await erase(phone);
    for (const table of ['complaint_messages', 'complaint_photos']) {
      expect(await rig.count(`SELECT COUNT(*) FROM ${table} WHERE complaint_id = ?`, [made.id])).toBe(0);
    }
    const { body: seen } = await hq.get(`/v1/console/complaints/${made.id}`).expect(200);
    expect(seen).toMatchObject({ state: 'closed', photos: 0, conversation: [], beginning: '（内容已随会员注销删除）' });
    await hq.post(`/v1/console/complaints/${made.id}/reply`).send({ text: '还想补一句话' }).expect(409);
  });

  it('a clerk loses name and post; the console shows an erased member for what it is', async () => {
    const { body: distributor } = await hq.post('/v1/console/distributors').send({ name: '合肥利民商贸' }).expect(201);
    const shop = {
      distributorId: distributor.id,
      name: `便利店 ${randomUUID().slice(0, 6)}`,
      adcode: 340104,
      address: '长江西路 1 号',
    };
    const { body: store } = await hq
      .post('/v1/console/stores')
      .send({ ...shop, redeemsAll: true })
      .expect(201);
    const { body: binding } = await hq.get(`/v1/console/stores/${store.id}/binding`).expect(200);
    const phone = await rig.phone();
    const member = await rig.count('SELECT id FROM members ORDER BY created_at DESC LIMIT 1');
    const token = (binding.url as string).split('/').at(-1);
    await phone.agent.post('/v1/h5/store/bindings').send({ token, name: '王小店', consent: true }).expect(200);
    expect((await outlook(phone)).losses).toEqual([{ what: 'post', words: `「${shop.name}」的店员身份` }]);
    await erase(phone);
    const { body: clerks } = await hq.get(`/v1/console/store-clerks?storeId=${store.id}`).expect(200);
    expect(clerks.items).toMatchObject([{ name: null, state: 'removed', reason: '本人注销了会员' }]);
    const { body: shown } = await hq.get(`/v1/console/members/${member}`).expect(200);
    expect(shown).toMatchObject({ profile: { erasedAt: expect.any(String), phoneBound: false }, tags: [] });
    expect(shown.timeline.items[0]).toMatchObject({ kind: 'erased' });
    await hq
      .post('/v1/console/members:tag')
      .send({ tag: '老顾客', memberIds: [member] })
      .expect(422);
  });

  it('nothing that a person wrote is found in the database afterwards, byte for byte', async () => {
    const batch = await cups();
    const phone = await rig.phone();
    const { body } = await phone.scan(batch.text(1)).expect(200);
    await phone.agent.post(`/v1/h5/awards/${body.reward.awardId}/address`).send(ADDRESS).expect(200);
    const said = { requestId: randomUUID(), kind: 'other', text: '请寄到望江西路 100 号林小禾收' };
    const { body: made } = await phone.agent.post('/v1/h5/complaints').send(said).expect(201);
    const sealed = await rig.db.database.query<{ bytes: Buffer }>(
      `SELECT address_sealed AS bytes FROM award_addresses WHERE batch_id = ? UNION ALL
       SELECT text_sealed FROM complaint_messages WHERE complaint_id = ? UNION ALL
       SELECT value_sealed FROM member_identities WHERE member_id = ?`,
      [batch.id, made.id, await memberOf(batch, 1)],
    );
    expect(sealed).toHaveLength(3);
    await erase(phone);
    for (const [table, column] of [
      ['award_addresses', 'address_sealed'],
      ['complaint_messages', 'text_sealed'],
      ['member_identities', 'value_sealed'],
    ]) {
      for (const { bytes } of sealed) {
        const rows = await rig.db.database.query<{ n: string }>(
          `SELECT COUNT(*) AS n FROM ${table} WHERE ${column} = ?`,
          [bytes],
        );
        expect(Number(rows[0]!.n)).toBe(0);
      }
    }
  });

  it('an agreement to be paid silently is ended with WeChat, and the next one is the new person’s', async () => {
    const phone = await rig.phone();
    await phone.agent.post('/v1/h5/authorisation').expect(202);
    expect((await outlook(phone)).losses).toEqual([{ what: 'authorisation', words: '免确认收款会关闭' }]);
    await erase(phone);
    expect(
      await rig.count("SELECT COUNT(*) FROM payout_authorisations WHERE wish = 'close' AND open_key IS NOT NULL"),
    ).toBeGreaterThanOrEqual(1);
    await phone.signIn();
    expect((await phone.agent.get('/v1/h5/authorisation').expect(200)).body).toMatchObject({ state: 'off' });
  });
});

it.each([{}, { seen: '' }, { seen: 'x'.repeat(16) }, { seen: 7 }, { seen: '0123456789abcdef', more: 1 }])(
  'takes no confirmation like %j',
  async (body) => {
    const phone = await rig.phone();
    await phone.agent.post('/v1/h5/me/erasure').send(body).expect(400);
    await phone.agent.get('/v1/h5/me').expect(200);
  },
);

it('is not confirmed by what was not read', async () => {
  const phone = await rig.phone();
  const refused = await phone.agent.post('/v1/h5/me/erasure').send({ seen: '0123456789abcdef' }).expect(409);
  expect(refused.body.error.code).toBe('erasure_changed');
});
