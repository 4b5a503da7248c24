import { randomUUID } from 'node:crypto';
import { until } from '@app/testing';
import { ApiRig } from './rig';

let rig: ApiRig;
beforeAll(async () => {
  rig = await ApiRig.open();
  await rig.startWorker();
});
afterAll(() => rig.close());

it('wins, claims, confirms, and the money is there on both sides', async () => {
  const batch = await rig.batch();
  await rig.campaign([batch.id]);
  const phone = await rig.phone();

  const { body: answer } = await phone.scan(batch.text(1)).expect(200);
  expect(answer).toMatchObject({
    verdict: 'first',
    repeat: null,
    refusal: null,
    product: { name: '青柠气泡茶', batchName: '测试批次' },
    reward: { kind: 'cash', amountFen: 88, state: 'ready', stateText: '待领取' },
  });
  const { awardId } = answer.reward;

  const claimed = await phone.agent.post(`/v1/h5/awards/${awardId}/claim`).expect(202);
  expect(['preparing', 'confirm']).toContain(claimed.body.state);
  const waiting = await phone.award(awardId, 'confirm');
  expect(waiting.confirm).toEqual({
    mchId: rig.sandbox.mchId,
    appId: rig.config.wechat.appId,
    package: expect.any(String) as string,
  });

  const [bill] = (await rig.sandbox.bills()).filter(({ state }) => state === 'WAIT_USER_CONFIRM');
  await rig.sandbox.admin('POST', `/transfers/${bill!.outBillNo}/confirm`, {});
  await phone.agent.post(`/v1/h5/awards/${awardId}/refresh`).expect(200);
  await phone.award(awardId, 'settled');
  const paid = (await rig.sandbox.bills()).find(({ outBillNo }) => outBillNo === bill!.outBillNo);
  expect(paid).toMatchObject({ state: 'SUCCESS', amountFen: 88, creditedFen: 88, acceptedCount: 1 });

  const me = await until('the member knows', async () => {
    const { body } = await phone.agent.get('/v1/h5/me').expect(200);
    return body.receivedFen === 88 && body.scans === 1 ? body : null;
  });
  expect(me).toMatchObject({ scans: 1, wins: 1, spendFen: 550, lastCity: '安徽省 合肥市' });
  const { body: list } = await phone.agent.get('/v1/h5/awards').expect(200);
  expect(list.items).toEqual([expect.objectContaining({ awardId, state: 'settled', amountFen: 88, confirm: null })]);
});

it('answers the same scanId byte for byte, also when both come at once', async () => {
  const batch = await rig.batch();
  await rig.campaign([batch.id]);
  const phone = await rig.phone();
  const body = { scanId: randomUUID(), code: batch.text(3) };
  const send = () => phone.agent.post('/v1/h5/scans').send(body).expect(200);
  const [one, two] = await Promise.all([send(), send()]);
  const three = await send();
  expect(two.text).toBe(one.text);
  expect(three.text).toBe(one.text);
  expect(await rig.count('SELECT COUNT(*) FROM scans WHERE scan_id = ?', [body.scanId])).toBe(1);
});

it('refuses a scanId that was used for another code', async () => {
  const batch = await rig.batch();
  const phone = await rig.phone();
  const scanId = randomUUID();
  await phone.agent
    .post('/v1/h5/scans')
    .send({ scanId, code: batch.text(1) })
    .expect(200);
  const { body } = await phone.agent
    .post('/v1/h5/scans')
    .send({ scanId, code: batch.text(2) })
    .expect(409);
  expect(body.error.code).toBe('scan_id_used');
});

it('shows the owner the same reward again, and others only minute and city', async () => {
  const batch = await rig.batch();
  await rig.campaign([batch.id]);
  const [owner, friend] = [await rig.phone(), await rig.phone()];
  const { body: first } = await owner.scan(batch.text(5)).expect(200);
  const { body: again } = await owner.scan(batch.text(5)).expect(200);
  expect(again).toMatchObject({ verdict: 'repeat', repeat: { mine: true } });
  expect(again.reward.awardId).toBe(first.reward.awardId);

  const { body: other } = await friend.scan(batch.text(5)).expect(200);
  expect(other).toMatchObject({ verdict: 'repeat', reward: null, repeat: { mine: false, city: '合肥市' } });
  await friend.agent.get(`/v1/h5/awards/${first.reward.awardId}`).expect(404);
  await friend.agent.post(`/v1/h5/awards/${first.reward.awardId}/claim`).expect(404);
});

it('two phones, one code: one wins', async () => {
  const batch = await rig.batch();
  await rig.campaign([batch.id]);
  const phones = await Promise.all([rig.phone(), rig.phone(), rig.phone()]);
  const answers = await Promise.all(phones.map((phone) => phone.scan(batch.text(9)).expect(200)));
  const verdicts = answers.map(({ body }) => body.verdict).sort();
  expect(verdicts).toEqual(['first', 'repeat', 'repeat']);
  expect(await rig.count('SELECT COUNT(*) FROM awards WHERE batch_id = ?', [batch.id])).toBe(1);
});

it('tapping 收款 many times makes one bill', async () => {
  const batch = await rig.batch();
  await rig.campaign([batch.id]);
  const phone = await rig.phone();
  const { body } = await phone.scan(batch.text(11)).expect(200);
  const { awardId } = body.reward;
  await Promise.all([1, 2, 3, 4].map(() => phone.agent.post(`/v1/h5/awards/${awardId}/claim`).expect(202)));
  await phone.award(awardId, 'confirm');
  const bills = await rig.count('SELECT COUNT(*) FROM payout_bills WHERE payout_key = ?', [`${batch.id}:0:11:0`]);
  expect(bills).toBe(1);
});

it('takes the place from X-Forwarded-For only because our proxy is trusted', async () => {
  const batch = await rig.batch();
  const phone = await rig.phone({ ip: '10.0.0.1' });
  await phone.scan(batch.text(1)).expect(200);
  expect(await rig.count('SELECT COUNT(*) FROM scans WHERE batch_id = ? AND adcode IS NULL', [batch.id])).toBe(1);
});
