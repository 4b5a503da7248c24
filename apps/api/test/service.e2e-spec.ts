import { randomUUID } from 'node:crypto';
import { ApiRig, type Desk, type Phone } from './rig';

/** 1 × 1 pixel, with a text chunk that says where it was taken behind its head. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const HEAD_BYTES = 33;
const PNG = Buffer.concat([
  PIXEL.subarray(0, HEAD_BYTES),
  chunk('tEXt', Buffer.from('Location\0合肥')),
  PIXEL.subarray(HEAD_BYTES),
]);

function chunk(name: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(name), data, Buffer.alloc(4)]);
}

let rig: ApiRig;
let hq: Desk;
let phone: Phone;
beforeAll(async () => {
  rig = await ApiRig.open();
  hq = await rig.desk();
  phone = await rig.phone();
});
afterAll(() => rig.close());

const complain = (more: object = {}) =>
  phone.agent
    .post('/v1/h5/complaints')
    .send({ requestId: randomUUID(), kind: 'money', text: '红包三天了还没到账', ...more });
const mine = async (id: number) => (await phone.agent.get(`/v1/h5/complaints/${id}`).expect(200)).body;

it('a complaint with its scan and photo reaches the desk, and the reply reaches the phone', async () => {
  const batch = await rig.batch();
  await rig.campaign([batch.id]);
  const scanId = randomUUID();
  await phone.scan(batch.text(1), { scanId }).expect(200);
  const requestId = randomUUID();
  const { body: made } = await complain({ scanId, requestId }).expect(201);
  expect((await complain({ scanId, requestId }).expect(201)).body).toEqual(made);
  const photos = `/v1/h5/complaints/${made.id}/photos`;
  await phone.agent.post(photos).set('content-type', 'image/jpeg').send(PNG).expect(204);

  const { body: list } = await hq.get('/v1/console/complaints?state=open').expect(200);
  expect(list.items[0]).toMatchObject({ id: made.id, kind: 'money', photos: 1, beginning: '红包三天了还没到账' });
  const { body: detail } = await hq.get(`/v1/console/complaints/${made.id}`).expect(200);
  expect(detail.scan).toMatch(new RegExp(`-${scanId}$`));
  await hq.get(`/v1/console/scans/${detail.scan}/explanation`).expect(200);
  const { body: money } = await hq.get(`/v1/console/scans/${detail.scan}/money`).expect(200);
  expect(money.won).toMatchObject({ kind: 'cash', amountFen: 88, payout: null });

  await hq.post(`/v1/console/complaints/${made.id}/reply`).send({ text: '已经查到，今天补发' }).expect(204);
  expect(await mine(made.id)).toMatchObject({
    state: 'answered',
    messages: [{ mine: true }, { mine: false, text: '已经查到，今天补发' }],
  });
  await phone.agent.post(`/v1/h5/complaints/${made.id}/messages`).send({ text: '收到了，谢谢你们' }).expect(204);
  expect(await mine(made.id)).toMatchObject({ state: 'open' });
  await hq.post(`/v1/console/complaints/${made.id}/close`).expect(204);
  await phone.agent.post(`/v1/h5/complaints/${made.id}/messages`).send({ text: '还有一件事要说' }).expect(409);
  await phone.agent.post(photos).set('content-type', 'image/png').send(PNG).expect(409);
  const timeline = (await hq.get(`/v1/console/members/${detail.memberId}`).expect(200)).body.timeline.items;
  expect(timeline).toContainEqual(expect.objectContaining({ kind: 'complaint' }));
});

it('a photo is what its bytes say, without what a camera adds, and nobody but the desk sees it', async () => {
  const { body: made } = await complain().expect(201);
  const photos = `/v1/h5/complaints/${made.id}/photos`;
  const send = (bytes: Buffer, type = 'image/png') => phone.agent.post(photos).set('content-type', type).send(bytes);
  await send(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')).expect(422);
  await send(PNG.subarray(0, 60)).expect(422);
  await send(Buffer.concat([PNG.subarray(0, 60), Buffer.alloc(2 * 1024 * 1024)])).expect(413);
  await send(PNG, 'image/svg+xml').expect(415);
  await send(Buffer.concat([PNG, Buffer.from('<script>')])).expect(204);
  const shown = await hq.get(`/v1/console/complaints/${made.id}/photos/0`).expect(200);
  expect(shown.headers).toMatchObject({
    ...{ 'content-type': 'image/png', 'x-content-type-options': 'nosniff' },
    'content-security-policy': "default-src 'none'; sandbox",
  });
  expect((shown.body as Buffer).includes('Location')).toBe(false);
  expect((shown.body as Buffer).includes('script')).toBe(false);
  await rig.http.get(`/v1/console/complaints/${made.id}/photos/0`).expect(401);
  await hq.get(`/v1/console/complaints/${made.id}/photos/1`).expect(404);
  await hq.get(`/v1/console/complaints/${made.id}/photos/x`).expect(400);
});

it('words are sealed, strangers are told nothing, and a day has its limit', async () => {
  const { body: made } = await complain({ text: '我的暗号是青禾八八八号' }).expect(201);
  const rows = await rig.db.database.query<{ sealed: Buffer }>('SELECT text_sealed AS sealed FROM complaint_messages');
  expect(rows.some(({ sealed }) => sealed.includes('青禾八八八号'))).toBe(false);
  const stranger = await rig.phone();
  await stranger.agent.get(`/v1/h5/complaints/${made.id}`).expect(404);
  await stranger.agent.post(`/v1/h5/complaints/${made.id}/messages`).send({ text: '这是我的投诉吗' }).expect(404);
  expect((await stranger.agent.get('/v1/h5/complaints').expect(200)).body.items).toEqual([]);
  await rig.http.get('/v1/h5/complaints').expect(401);
  await stranger.agent
    .post('/v1/h5/complaints')
    .send({ requestId: randomUUID(), kind: 'code', text: '别人的扫码可以吗', scanId: randomUUID() })
    .expect(422);
  for (let i = 0; i < 5; i++) {
    await stranger.agent
      .post('/v1/h5/complaints')
      .send({ requestId: randomUUID(), kind: 'other', text: `第 ${i} 件想说的事` })
      .expect(201);
  }
  const sixth = { requestId: randomUUID(), kind: 'other', text: '第六件想说的事' };
  expect((await stranger.agent.post('/v1/h5/complaints').send(sixth).expect(429)).body.error.code).toBe('too_many');
});
