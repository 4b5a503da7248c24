import { addDays, shanghaiDay } from '@app/kernel';
import { until } from '@app/testing';
import { ApiRig, type Desk } from './rig';

let rig: ApiRig;
let hq: Desk;
beforeAll(async () => {
  rig = await ApiRig.open();
  await rig.startWorker();
  hq = await rig.desk();
}, 60_000);
afterAll(() => rig.close());

const PATH = '/v1/console/reconciliation';

interface Run {
  state: string;
  matched: number;
  runNo: number;
  differences: number;
}

/** A code scanned, its money taken, and so much time at WeChat that the file of today is there. */
async function paid(): Promise<string> {
  const batch = await rig.batch();
  await rig.campaign([batch.id]);
  const phone = await rig.phone();
  const { body: answer } = await phone.scan(batch.text(1)).expect(200);
  const { awardId } = (answer as { reward: { awardId: string } }).reward;
  await phone.agent.post(`/v1/h5/awards/${awardId}/claim`).expect(202);
  await phone.award(awardId, 'confirm');
  const open = (await rig.sandbox.bills()).find(({ state }) => state === 'WAIT_USER_CONFIRM');
  await rig.sandbox.admin('POST', `/transfers/${open!.outBillNo}/confirm`, {});
  await phone.agent.post(`/v1/h5/awards/${awardId}/refresh`).expect(200);
  await phone.award(awardId, 'settled');
  await rig.sandbox.admin('POST', '/clock/advance', { seconds: 40 * 3600 });
  return open!.outBillNo;
}

it('a day is gone through when somebody asks: a lie is listed, told as a file, and gone when the file is right', async () => {
  const { mchId } = rig.sandbox;
  const day = shanghaiDay(new Date());
  const billNo = await paid();
  const one = async (): Promise<Run> => (await hq.get(`${PATH}/${mchId}/${day}`).expect(200)).body as Run;
  const over = (runNo: number): Promise<Run> =>
    until<Run | null>(
      `run ${runNo} is over`,
      async () => {
        const run = await one();
        return run.runNo >= runNo && run.state === 'done' ? run : null;
      },
      30_000,
    ) as Promise<Run>;
  await rig.sandbox.admin('POST', `/bills/${mchId}/${day}`, { falsify: [{ kind: 'double', outBillNo: billNo }] });

  await hq.post(PATH).send({ mchId, day }).expect(202);
  const first = await over(1);
  expect(first.differences).toBe(1);
  const { body: list } = await hq.get(PATH).expect(200);
  expect(list).toMatchObject({ items: expect.arrayContaining([expect.objectContaining({ mchId, day })]) as unknown });
  const { body: found } = await hq.get(`${PATH}/${mchId}/${day}/differences`).expect(200);
  expect(found).toMatchObject({ items: [{ kind: 'duplicate', billNo, fileRows: 2, goneAt: null }], nextCursor: null });
  const csv = await hq.get(`${PATH}/${mchId}/${day}/differences.csv`).expect(200);
  expect(csv.headers['content-type']).toContain('text/csv');
  expect(csv.text.split('\r\n')[1]).toContain(`重复付款,${billNo},${day}`);

  await rig.sandbox.admin('DELETE', '/bills');
  await hq.post(PATH).send({ mchId, day }).expect(202);
  const second = await over(first.runNo + 1);
  expect(second.differences).toBe(0);
  const { body: gone } = await hq.get(`${PATH}/${mchId}/${day}/differences`).expect(200);
  expect((gone as { items: { goneAt: string | null }[] }).items[0]!.goneAt).not.toBeNull();
});

it('is headquarters’ alone, and refuses days that cannot be', async () => {
  const { mchId } = rig.sandbox;
  const day = shanghaiDay(new Date());
  await hq.post(PATH).send({ mchId: 'nobody', day }).expect(404);
  await hq
    .post(PATH)
    .send({ mchId, day: addDays(day, 1) })
    .expect(422);
  await hq
    .post(PATH)
    .send({ mchId, day: addDays(day, -91) })
    .expect(422);
  for (const bad of ['2026-02-30', 'yesterday', '']) await hq.post(PATH).send({ mchId, day: bad }).expect(400);
  await hq.get(`${PATH}/${mchId}/2001-01-01`).expect(404);
  await hq.get(`${PATH}/${mchId}/2001-01-01/differences.csv`).expect(404);
  await hq.get(`${PATH}/${mchId}/x`).expect(400);
  const distributorId = (await hq.post('/v1/console/distributors').send({ name: '皖北 对账' }).expect(201)).body
    .id as number;
  const dealer = await rig.desk({ role: 'distributor', distributorId });
  await dealer.get(PATH).expect(403);
});
