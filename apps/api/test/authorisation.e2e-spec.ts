import { until } from '@app/testing';
import { ApiRig, type Phone } from './rig';

let rig: ApiRig;
beforeAll(async () => {
  rig = await ApiRig.open();
  await rig.startWorker();
});
afterAll(() => rig.close());

const PATH = '/v1/h5/authorisation';

interface Standing {
  state: string;
  offered: boolean;
  hint: string | null;
  confirm: { mchId: string; appId: string; package: string } | null;
  expiresAt: string | null;
  agreedAt: string | null;
}
const look = async (phone: Phone): Promise<Standing> => (await phone.agent.get(PATH).expect(200)).body as Standing;
const reached = (phone: Phone, state: string): Promise<Standing> =>
  until(`the agreement is ${state}`, async () => {
    const standing = await look(phone);
    return standing.state === state ? standing : null;
  }) as Promise<Standing>;
/** What the person does on WeChat's page. */
const agree = (phone: Phone, confirm: NonNullable<Standing['confirm']>): Promise<Response> =>
  fetch(`${rig.sandbox.url.open}/transfer/confirm`, {
    ...{ method: 'POST', body: JSON.stringify(confirm) },
    headers: { cookie: `sandbox_user=${phone.userId}`, 'content-type': 'application/json' },
  });

it('agrees once in WeChat; the next prize arrives without a tap; takes it back; the one after waits for a tap', async () => {
  const batch = await rig.batch();
  await rig.campaign([batch.id]);
  const phone = await rig.phone();
  expect(await look(phone)).toEqual({
    ...{ state: 'off', offered: true, confirm: null, expiresAt: null, agreedAt: null },
    hint: expect.stringContaining('往后中奖直接存入微信零钱'),
  });
  const { body: asked } = await phone.agent.post(PATH).expect(202);
  expect(['preparing', 'confirm']).toContain(asked.state);
  const { confirm, expiresAt } = await reached(phone, 'confirm');
  expect(Date.parse(expiresAt!) - Date.now()).toBeGreaterThan(23 * 3_600_000);
  expect((await agree(phone, confirm!)).status).toBe(200);
  await phone.agent.post(`${PATH}/refresh`).expect(200);
  const on = await reached(phone, 'on');
  expect(on).toMatchObject({ offered: false, confirm: null, agreedAt: expect.any(String) });
  expect(JSON.stringify(on)).not.toContain('package');

  const { body: first } = await phone.scan(batch.text(1)).expect(200);
  await phone.agent.post(`/v1/h5/awards/${first.reward.awardId}/claim`).expect(202);
  await phone.award(first.reward.awardId, 'settled');
  expect(
    await rig.count("SELECT COUNT(*) FROM payouts WHERE payout_key = ? AND channel = 'transfer_authorized_v3'", [
      `${batch.id}:0:1:0`,
    ]),
  ).toBe(1);

  await phone.agent.delete(PATH).expect(202);
  await reached(phone, 'off');
  expect((await look(phone)).offered).toBe(false);
  const { body: second } = await phone.scan(batch.text(2)).expect(200);
  await phone.agent.post(`/v1/h5/awards/${second.reward.awardId}/claim`).expect(202);
  expect((await phone.award(second.reward.awardId, 'confirm')).confirm).not.toBeNull();
});

it('taps at once are one agreement', async () => {
  const phone = await rig.phone();
  await Promise.all(Array.from({ length: 5 }, () => phone.agent.post(PATH).expect(202)));
  await reached(phone, 'confirm');
  const { authorizations } = await rig.sandbox.admin<{ authorizations: { userId: string }[] }>(
    'GET',
    '/authorizations?limit=5000',
  );
  expect(authorizations.filter(({ userId }) => userId === phone.userId)).toHaveLength(1);
});

it('needs a session, and nobody can end what another has', async () => {
  await rig.http.get(PATH).expect(401);
  await rig.http.post(PATH).expect(401);
  await rig.http.delete(PATH).expect(401);
  const [one, other] = [await rig.phone(), await rig.phone()];
  await one.agent.post(PATH).expect(202);
  const { confirm } = await reached(one, 'confirm');
  expect((await agree(other, confirm!)).status).toBe(409);
  await other.agent.delete(PATH).expect(202);
  expect((await look(one)).state).toBe('confirm');
});

it('a callback that nobody signed is refused', async () => {
  await rig.http
    .post('/v1/wechat/notify/authorisations')
    .set('content-type', 'application/json')
    .send('{"event_type":"MCHTRANSFER.AUTHORIZATION.CONFIRMED"}')
    .expect(401);
});
