import { randomUUID } from 'node:crypto';
import { StoreRedemptions } from '@app/channel';
import { UnitOfWork } from '@app/database';
import { addDays, fen, memberId, shanghaiDay, shanghaiDayStart } from '@app/kernel';
import { ApiRig, type Desk } from './rig';

let rig: ApiRig;
let hq: Desk;
beforeAll(async () => {
  rig = await ApiRig.open();
  hq = await rig.desk();
}, 60_000);
afterAll(() => rig.close());

const THIS_MONTH = shanghaiDay(new Date()).slice(0, 7);
const LAST_MONTH = addDays(`${THIS_MONTH}-01`, -1).slice(0, 7);
const batch = 1_000_000 + Number(process.hrtime.bigint() % 3_000_000n);
let serial = 0;

async function newDistributor(wanted: object = {}): Promise<number> {
  const name = `商贸 ${randomUUID().slice(0, 8)}`;
  const { body } = await hq
    .post('/v1/console/distributors')
    .send({ name, ...wanted })
    .expect(201);
  return body.id as number;
}
const deskOf = (distributorId: number, role: 'distributor' | 'distributor_staff' = 'distributor') =>
  rig.desk({ roles: [role], distributorId });
const store = (distributorId: number) => ({
  ...{ distributorId, name: '蜀山便利店', adcode: 340104, address: '长江西路 1 号', redeemsAll: true },
});

/** Handed over in the month before, as a clerk's tap would have written it. */
async function redeemed(distributorId: number, storeId: number, productId: number, units: number): Promise<void> {
  const redeemedAt = new Date(shanghaiDayStart(`${LAST_MONTH}-01`).getTime() + 3_600_000);
  await rig.get(UnitOfWork).run(async (tx) => {
    for (let n = 0; n < units; n++) {
      await rig.get(StoreRedemptions).record(tx, {
        ...{ code: { batch, layer: 0, serial: serial++ }, slot: 0, storeId, distributorId, clerkId: 1 },
        ...{ member: memberId('1'), productId, campaignId: 1, prizeName: '再来一瓶', redeemedAt },
        ...{ valueFen: fen(550), coPayFen: fen(0), requestId: randomUUID() },
      });
    }
  });
}

it('distributors are a tree of two levels that headquarters keeps', async () => {
  const top = await newDistributor();
  const below = await newDistributor({ parentId: top });
  const { body } = await hq.get(`/v1/console/distributors?below=${top}`).expect(200);
  expect(body.items).toMatchObject([{ id: below, parentId: top, children: 0 }]);
  expect((await hq.get(`/v1/console/distributors/${top}`).expect(200)).body).toMatchObject({ children: 1, stores: 0 });
  await hq.post('/v1/console/distributors').send({ name: '三级', parentId: below }).expect(422);
  await hq.put(`/v1/console/distributors/${top}`).send({ name: '自己', parentId: top }).expect(422);
  const other = await newDistributor();
  await hq.put(`/v1/console/distributors/${top}`).send({ name: '有下级', parentId: other }).expect(422);
  await hq.put(`/v1/console/distributors/${below}`).send({ name: '改名' }).expect(204);
  const now = await hq.get(`/v1/console/distributors/${below}`).expect(200);
  expect(now.body).toMatchObject({ name: '改名', parentId: null });
  await hq.put('/v1/console/distributors/4000000000').send({ name: '没有' }).expect(404);
});

it('ending a distributor ends its territories; others see neither it nor them', async () => {
  const [id, other] = [await newDistributor(), await newDistributor()];
  const path = `/v1/console/distributors/${id}`;
  const from = new Date(Date.now() - 86_400_000).toISOString();
  await hq.post(`${path}/territories`).send({ adcode: 340100, from }).expect(201);
  await hq.post(`${path}/territories`).send({ adcode: 340200, from: '2099-01-01T00:00:00Z' }).expect(201);
  expect((await hq.get(path).expect(200)).body.territories).toBe(2);
  const [own, foreign] = [await deskOf(id), await deskOf(other)];
  const { body } = await own.get(`${path}/territories`).expect(200);
  expect(body.items).toMatchObject([{ region: '安徽省 合肥市', productLine: null, to: null }, { adcode: 340200 }]);
  await foreign.get(path).expect(404);
  expect((await foreign.get(`${path}/territories`).expect(200)).body.items).toEqual([]);
  await own.post(`${path}/status`).send({ status: 'ended' }).expect(403);
  await hq.post(`${path}/status`).send({ status: 'ended', reason: '合同到期' }).expect(204);
  expect((await hq.get(path).expect(200)).body).toMatchObject({ status: 'ended', territories: 0 });
  await hq.post('/v1/console/stores').send(store(id)).expect(409);
  await hq.post(`${path}/status`).send({ status: 'active' }).expect(204);
});

it('a month: disputed, answered, settled, credited, confirmed by both, and then it stays', async () => {
  const id = await newDistributor();
  const [desk, staff, finance] = [
    await deskOf(id),
    await deskOf(id, 'distributor_staff'),
    await rig.desk({ roles: ['finance'] }),
  ];
  const { body: made } = await desk.post('/v1/console/stores').send(store(id)).expect(201);
  const { productId } = await rig.batch();
  await redeemed(id, made.id, productId, 3);
  const path = `/v1/console/redemption-sheets/${id}/${LAST_MONTH}`;
  const line = { storeId: made.id, productId };

  const { body: open } = await desk.get(path).expect(200);
  expect(open).toMatchObject({ side: 'distributor', redeemedUnits: 3, owedUnits: 3, sheet: null, credits: [] });
  expect((await staff.get(path).expect(200)).body.redeemedUnits).toBe(3);
  await staff.post(`${path}/confirm`).send({ revision: 0 }).expect(403);
  const raised = await desk
    .post(`${path}/disputes`)
    .send({ ...line, units: 1, words: '少了一件' })
    .expect(201);
  const dispute = `${path}/disputes/${raised.body.id}`;
  expect((await finance.post(`${path}/confirm`).send({ revision: 1 }).expect(409)).body.error.code).toBe('disputed');
  await finance.post(`${dispute}/answer`).send({ words: '系统里是 3 件' }).expect(204);
  await finance.post(`${dispute}/settle`).send({}).expect(404);
  await desk.post(`${dispute}/settle`).send({}).expect(204);

  const credit = { ...line, kind: 'goods', units: 2, noteNo: '=CN-001', requestId: randomUUID() };
  await desk.post(`${path}/credits`).send(credit).expect(403);
  await finance
    .post(`${path}/credits`)
    .send({ ...credit, units: 4 })
    .expect(409);
  const { body: first } = await finance.post(`${path}/credits`).send(credit).expect(201);
  expect((await finance.post(`${path}/credits`).send(credit).expect(201)).body).toEqual(first);
  const { body: before } = await finance.get(path).expect(200);
  expect(before).toMatchObject({ goodsUnits: 2, owedUnits: 1, side: 'hq' });

  const { revision } = before.sheet as { revision: number };
  expect((await finance.post(`${path}/confirm`).send({ revision }).expect(200)).body).toEqual({ closed: false });
  expect((await desk.post(`${path}/confirm`).send({ revision }).expect(200)).body).toEqual({ closed: true });
  await finance
    .post(`${path}/credits`)
    .send({ ...credit, units: 1, requestId: randomUUID() })
    .expect(409);
  const { body: closed } = await desk.get(path).expect(200);
  expect(closed.sheet.closedAt).not.toBeNull();
  const { body: next } = await desk.get(`/v1/console/redemption-sheets/${id}/${THIS_MONTH}`).expect(200);
  expect(next).toMatchObject({ openingUnits: 1, redeemedUnits: 0, owedUnits: 1 });
  const { body: months } = await desk.get(`/v1/console/redemption-sheets/${id}?upTo=${THIS_MONTH}`).expect(200);
  expect((months.items as { month: string }[]).map(({ month }) => month)).toEqual([THIS_MONTH, LAST_MONTH]);

  const csv = (await desk.get(`${path}/lines.csv`).expect(200)).text.trim().split('\n');
  expect(csv).toHaveLength(2);
  expect(csv[1]).toContain('蜀山便利店');
  const xlsx = await desk.get(`${path}/lines.xlsx`).expect(200);
  expect(xlsx.headers['content-type']).toContain('spreadsheetml');
});

it('another distributor’s month is not there, in lists, by its number, as a file or to act on', async () => {
  const [mine, theirs] = [await newDistributor(), await newDistributor()];
  const { body: made } = await hq.post('/v1/console/stores').send(store(theirs)).expect(201);
  await redeemed(theirs, made.id, 4_100_000_002, 1);
  const desk = await deskOf(mine);
  const path = `/v1/console/redemption-sheets/${theirs}/${LAST_MONTH}`;
  const { body } = await desk.get(`/v1/console/redemption-sheets?month=${LAST_MONTH}`).expect(200);
  expect((body.items as { distributorId: number }[]).map(({ distributorId }) => distributorId)).toEqual([mine]);
  const history = `/v1/console/redemption-sheets/${theirs}?upTo=${LAST_MONTH}`;
  expect((await desk.get(history).expect(200)).body.items).toEqual([]);
  for (const tail of ['', '/lines', '/lines.csv', '/lines.xlsx']) await desk.get(path + tail).expect(404);
  await desk.post(`${path}/confirm`).send({ revision: 0 }).expect(404);
  await hq.get('/v1/console/redemption-sheets?month=2026-13').expect(400);
  await hq.get(`/v1/console/redemption-sheets/${theirs}/2026-13`).expect(422);
});
