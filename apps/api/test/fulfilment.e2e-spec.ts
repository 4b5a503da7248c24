import type { CampaignContent, Prize } from '@app/campaigns';
import { ApiRig, type Desk, type Phone, type TestBatch } from './rig';

const thanks: Prize = { kind: 'nothing', key: 'thanks', name: '谢谢参与' };
const cup: Prize = { kind: 'goods', key: 'cup', name: '青禾保温杯', stock: null, valueFen: 9900 };
const ADDRESS = { name: '林小禾', phone: '13800001234', adcode: 340104, detail: '望江西路 100 号', consent: true };

let rig: ApiRig;
let desk: Desk;
let phone: Phone;
let batch: TestBatch;
beforeAll(async () => {
  rig = await ApiRig.open();
  desk = await rig.desk({ rights: ['export-addresses'] });
  phone = await rig.phone();
  batch = await rig.batch({ quantity: 20 });
  const rules: CampaignContent['rules'] = [
    {
      ...{ key: 'all', name: '人人有奖', when: { all: [] } },
      then: { mode: 'drawn', prizes: [{ key: 'cup', odds: 1_000_000 }], fallbackPrizeKey: 'thanks' },
    },
  ];
  await rig.campaign([batch.id], { prizes: [cup, thanks], rules, caps: [] });
});
afterAll(() => rig.close());

async function order(serial: number): Promise<string> {
  const { body } = await phone.scan(batch.text(serial)).expect(200);
  const { awardId } = body.reward as { awardId: string };
  await phone.agent.post(`/v1/h5/awards/${awardId}/address`).send(ADDRESS).expect(200);
  return awardId;
}
const waiting = async (): Promise<string[]> => {
  const { body } = await desk.get('/v1/console/fulfilment/orders?state=waiting').expect(200);
  expect(JSON.stringify(body)).not.toMatch(/13800001234|林小禾|100 号/);
  return (body.items as { orderNo: string }[]).map(({ orderNo }) => orderNo);
};

it('addresses go out once to who may, and tracking numbers come back to the phone', async () => {
  const [first, second] = [await order(1), await order(2)];
  expect((await waiting()).slice(-2)).toEqual([first, second]);
  const plain = await rig.desk();
  await plain.post('/v1/console/fulfilment/exports').send({ most: 10 }).expect(403);

  const { body: taken } = await desk.post('/v1/console/fulfilment/exports').send({ most: 1000 }).expect(201);
  expect(taken.orders).toBeGreaterThanOrEqual(2);
  expect(await waiting()).toEqual([]);
  await desk.post('/v1/console/fulfilment/exports').send({ most: 10 }).expect(409);
  await phone.agent.post(`/v1/h5/awards/${first}/address`).send(ADDRESS).expect(409);
  await plain.get(`/v1/console/fulfilment/exports/${taken.id}/orders.csv`).expect(403);
  const csv = await desk.get(`/v1/console/fulfilment/exports/${taken.id}/orders.csv`).expect(200);
  expect(csv.text).toContain(`${first},青禾保温杯,林小禾,13800001234,安徽省,合肥市,蜀山区,望江西路 100 号`);
  await desk.get(`/v1/console/fulfilment/exports/${taken.id}/orders.xlsx`).expect(200);
  await desk.get('/v1/console/fulfilment/exports/4000000/orders.csv').expect(404);
  const audited = "SELECT COUNT(*) FROM audit_log WHERE act = 'rewards.export-addresses' AND object = ?";
  expect(await rig.count(audited, [`goods-export:${taken.id}`])).toBe(2);

  const file = `订单号,快递公司,运单号\r\n${first},顺丰,SF1234567\r\n${first},顺丰,SF7654321\r\nno-order,顺丰,SF1\r\n只有一列\r\n`;
  const { body: report } = await desk
    .post('/v1/console/fulfilment/tracking.csv')
    .type('text/plain')
    .send(file)
    .expect(200);
  expect(report).toEqual({
    accepted: 1,
    faults: [
      { line: 3, fault: 'repeated' },
      { line: 4, fault: 'bad_number' },
      { line: 5, fault: 'bad_line' },
    ],
  });
  const { body: award } = await phone.agent.get(`/v1/h5/awards/${first}`).expect(200);
  expect(award).toMatchObject({ state: 'shipped', goods: { parcel: { carrier: '顺丰', trackingNo: 'SF1234567' } } });
  const single = { orderNo: second, carrier: '中通', trackingNo: '778899001122' };
  const one = () => desk.post('/v1/console/fulfilment/tracking').send(single).expect(200);
  expect((await one()).body).toEqual({ accepted: 1, faults: [] });
  expect((await one()).body).toEqual({ accepted: 1, faults: [] });
  const { body: shipped } = await desk.get('/v1/console/fulfilment/orders?state=shipped&limit=1').expect(200);
  const { body: next } = await desk
    .get(`/v1/console/fulfilment/orders?state=shipped&limit=1&cursor=${shipped.nextCursor}`)
    .expect(200);
  expect(new Set([shipped.items[0].orderNo, next.items[0].orderNo])).toEqual(new Set([first, second]));
  const { body: counts } = await desk.get('/v1/console/fulfilment/counts').expect(200);
  expect(counts.waiting).toBe(0);
  expect(counts.shipped).toBeGreaterThanOrEqual(2);
  expect((await desk.get('/v1/console/fulfilment/exports').expect(200)).body.items[0]).toMatchObject({
    ...{ id: taken.id, orders: taken.orders, downloads: 2 },
  });
});

it('an order that was not taken out cannot be on its way', async () => {
  const awardId = await order(3);
  const said = { orderNo: awardId, carrier: '顺丰', trackingNo: 'SF0000001' };
  const { body } = await desk.post('/v1/console/fulfilment/tracking').send(said).expect(200);
  expect(body).toEqual({ accepted: 0, faults: [{ line: 1, fault: 'not_taken' }] });
  const lines = Array.from({ length: 1001 }, (_, at) => `x${at},顺丰,SF00000${at}`).join('\n');
  await desk.post('/v1/console/fulfilment/tracking.csv').type('text/plain').send(lines).expect(422);
});
