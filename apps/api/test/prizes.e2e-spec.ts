import { randomUUID } from 'node:crypto';
import type { CampaignContent, Prize } from '@app/campaigns';
import { ApiRig, type Desk, type Phone, type TestBatch } from './rig';

let rig: ApiRig;
let hq: Desk;
let phone: Phone;
beforeAll(async () => {
  rig = await ApiRig.open();
  await rig.startWorker();
  hq = await rig.desk();
  phone = await rig.phone();
});
afterAll(() => rig.close());

const limited = (name: string) => ({ key: 'prize', name, stock: null });
const thanks: Prize = { kind: 'nothing', key: 'thanks', name: '谢谢参与' };

/** A batch of which every bottle wins this prize. */
async function batchOf(prize: (batch: TestBatch) => Prize): Promise<TestBatch> {
  const batch = await rig.batch({ quantity: 20 });
  const won = prize(batch);
  const rules: CampaignContent['rules'] = [
    {
      ...{ key: 'all', name: '人人有奖', when: { all: [] } },
      then: { mode: 'drawn', prizes: [{ key: won.key, odds: 1_000_000 }], fallbackPrizeKey: 'thanks' },
    },
  ];
  await rig.campaign([batch.id], { prizes: [won, thanks], rules, caps: [] });
  return batch;
}
async function win(prize: (batch: TestBatch) => Prize): Promise<{ batch: TestBatch; reward: { awardId: string } }> {
  const batch = await batchOf(prize);
  const { body } = await phone.scan(batch.text(1)).expect(200);
  return { batch, reward: body.reward };
}
const award = async (awardId: string) => (await phone.agent.get(`/v1/h5/awards/${awardId}`).expect(200)).body;
const claim = (awardId: string) => phone.agent.post(`/v1/h5/awards/${awardId}/claim`);

describe('coupon pools', () => {
  const newPool = async () =>
    (
      await hq
        .post('/v1/console/coupon-pools')
        .send({ name: `券 ${randomUUID()}`, lowMark: 1 })
        .expect(201)
    ).body.id;

  it('are filled from a text file, and their codes won one by one until they are gone', async () => {
    const poolId: number = await newPool();
    const importKey = randomUUID();
    const send = () =>
      hq
        .post(`/v1/console/coupon-pools/${poolId}/imports.txt?importKey=${importKey}`)
        .type('text/plain')
        .send('\uFEFFVIP-000001\r\nVIP-000002\r\nVIP-000001\r\nbad\r\n');
    const first = await send().expect(200);
    expect(first.body).toMatchObject({ lines: 4, doneLines: 4, accepted: 2, duplicates: 1, bad: 1 });
    expect(first.body.faults).toEqual([
      { line: 3, fault: 'repeated' },
      { line: 4, fault: 'bad' },
    ]);
    expect((await send().expect(200)).body).toEqual(first.body);

    const { batch, reward } = await win(() => ({
      ...limited('会员体验卡'),
      ...{ kind: 'coupon', coupon: { type: 'pool', poolId }, valueFen: 500, validDays: 7 },
    }));
    expect(reward).toMatchObject({ kind: 'coupon', state: 'usable', amountFen: null });
    expect(await award(reward.awardId)).toMatchObject({ coupon: { code: 'VIP-000001' }, goods: null });
    const { body: pool } = await hq.get(`/v1/console/coupon-pools/${poolId}`).expect(200);
    expect(pool).toMatchObject({ total: 2, taken: 1, left: 1, low: true });
    expect(JSON.stringify(pool)).not.toContain('VIP-');

    await phone.scan(batch.text(2)).expect(200);
    expect((await phone.scan(batch.text(3)).expect(200)).body.reward).toMatchObject({ kind: 'nothing' });
    const picture = await phone.agent.get(`/v1/h5/awards/${reward.awardId}/qr.svg`).expect(200);
    expect(picture.headers).toMatchObject({ 'content-type': 'image/svg+xml', 'cache-control': 'no-store' });
    await (await rig.phone()).agent.get(`/v1/h5/awards/${reward.awardId}/qr.svg`).expect(404);
  });

  it('take JSON too, and refuse what is no list of codes', async () => {
    const poolId: number = await newPool();
    const path = `/v1/console/coupon-pools/${poolId}/imports`;
    const lines = Array.from({ length: 20_000 }, (_, at) => `${'C'.repeat(56)}${at}`.padEnd(64, 'x'));
    const { body } = await hq.post(path).send({ importKey: randomUUID(), lines }).expect(200);
    expect(body).toMatchObject({ accepted: 20_000, faults: [] });
    await hq
      .post(path)
      .send({ importKey: randomUUID(), lines: [...lines, 'ONE-MORE'] })
      .expect(400);
    await hq
      .post(path)
      .send({ importKey: randomUUID(), lines: [{ toString: 'x' }] })
      .expect(400);
    await hq
      .post(path)
      .send({ importKey: 'x', lines: ['VIP-000001'] })
      .expect(400);
    await hq.post(`${path}.txt`).type('text/plain').send('VIP-000001').expect(400);
    await hq.post(`${path}.txt?importKey=${randomUUID()}`).type('text/plain').send('').expect(400);
    const nowhere = '/v1/console/coupon-pools/4000000000/imports';
    await hq
      .post(nowhere)
      .send({ importKey: randomUUID(), lines: ['VIP-000001'] })
      .expect(404);
    await phone.agent.post('/v1/h5/scans').type('text/plain').send('x').expect(415);
  });

  it('are headquarters’ business', async () => {
    await rig.http.get('/v1/console/coupon-pools').expect(401);
    const { body } = await hq.get('/v1/console/coupon-pools').expect(200);
    expect(body.items.length).toBeGreaterThan(0);
  });
});

it('goods ask for an address, keep it masked, and refuse a bad one with its field', async () => {
  const { reward } = await win(() => ({ ...limited('保温杯'), kind: 'goods', valueFen: 9900 }));
  expect(reward).toMatchObject({ kind: 'goods', state: 'address' });
  const { body: provinces } = await phone.agent.get('/v1/h5/regions').expect(200);
  expect(provinces).toContainEqual({ adcode: 340000, name: '安徽省' });
  const { body: districts } = await phone.agent.get('/v1/h5/regions?under=340100').expect(200);
  const { adcode } = (districts as { adcode: number; name: string }[]).find(({ name }) => name === '蜀山区')!;

  const address = { name: '林小禾', phone: '13800001234', adcode, detail: '望江西路 100 号', consent: true };
  const path = `/v1/h5/awards/${reward.awardId}/address`;
  await phone.agent
    .post(path)
    .send({ ...address, consent: undefined })
    .expect(400);
  const bad = await phone.agent
    .post(path)
    .send({ ...address, adcode: 340100 })
    .expect(422);
  expect(bad.body.error.details).toEqual([expect.objectContaining({ field: 'adcode' })]);
  const { body } = await phone.agent.post(path).send(address).expect(200);
  expect(body).toMatchObject({ state: 'packing', goods: { addressState: 'given' } });
  expect(JSON.stringify(body)).not.toMatch(/13800001234|林小禾|100 号/);
  await claim(reward.awardId).expect(409);
});

it('what a store hands over comes with its product, what is to be paid, and a token', async () => {
  const { batch, reward } = await win(({ productId }) => ({
    ...limited('加 1 元换一瓶'),
    ...{ kind: 'redeem', productId, valueFen: 550, coPayFen: 100, validDays: 7 },
  }));
  expect(reward).toMatchObject({ kind: 'redeem', state: 'redeem', stateText: '待兑付' });
  expect(await award(reward.awardId)).toMatchObject({
    redeem: { productName: '青柠气泡茶', coPayFen: 100, token: expect.stringMatching(/^R1-[0-9A-Z-]+$/) as string },
  });
  await phone.agent.get(`/v1/h5/awards/${reward.awardId}/qr.svg`).expect(200);
  // The owner's own second look shows the same prize.
  expect((await phone.scan(batch.text(1)).expect(200)).body).toMatchObject({ verdict: 'repeat', reward });
});

it('a locked packet is opened by the next bottle, and then paid like any other', async () => {
  const { batch, reward } = await win(() => ({
    ...limited('加倍红包'),
    ...{ kind: 'locked', amount: { type: 'fixed', fen: 666 }, opensWithinDays: 7 },
  }));
  const { awardId } = reward;
  expect(reward).toMatchObject({ kind: 'locked', state: 'locked', amountFen: null });
  expect((await claim(awardId).expect(409)).body.error.code).toBe('still_locked');
  const { body: next } = await phone.scan(batch.text(2)).expect(200);
  expect(next.opened).toEqual([{ awardId, prizeName: '加倍红包', amountFen: 666 }]);
  expect(await award(awardId)).toMatchObject({ state: 'ready', amountFen: 666 });
  await claim(awardId).expect(202);
  await phone.award(awardId, 'confirm');
  const [bill] = (await rig.sandbox.bills()).filter(({ amountFen }) => amountFen === 666);
  await rig.sandbox.admin('POST', `/transfers/${bill!.outBillNo}/confirm`, {});
  await phone.agent.post(`/v1/h5/awards/${awardId}/refresh`).expect(200);
  await phone.award(awardId, 'settled');
});
