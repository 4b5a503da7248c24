import { randomUUID } from 'node:crypto';
import type { CampaignContent } from '@app/campaigns';
import { ApiRig, type Desk, type Phone } from './rig';

let rig: ApiRig;
let hq: Desk;
let distributor: Desk;
let stranger: Desk;
let store: { id: number };
let clerk: Phone;
beforeAll(async () => {
  rig = await ApiRig.open();
  hq = await rig.desk();
  const [mine, theirs] = [await newDistributor(), await newDistributor()];
  distributor = await rig.desk({ roles: ['distributor'], distributorId: mine });
  stranger = await rig.desk({ roles: ['distributor'], distributorId: theirs });
  store = await newStore(mine);
  clerk = await rig.phone();
}, 60_000);
afterAll(() => rig.close());

async function newDistributor(): Promise<number> {
  const { body } = await hq.post('/v1/console/distributors').send({ name: '合肥利民商贸' }).expect(201);
  return body.id as number;
}

async function newStore(distributorId: number, change: object = {}): Promise<{ id: number }> {
  const said = { name: `蜀山便利店 ${randomUUID().slice(0, 6)}`, adcode: 340104, address: '长江西路 1 号' };
  const place = { location: { latitude: 31.851, longitude: 117.262 }, redeemsAll: true };
  const { body } = await hq
    .post('/v1/console/stores')
    .send({ distributorId, ...said, ...place, ...change })
    .expect(201);
  return body as { id: number };
}

/** The last part of what a store's QR holds. */
async function bindingOf(desk: Desk, storeId: number): Promise<string> {
  const { body } = await desk.get(`/v1/console/stores/${storeId}/binding`).expect(200);
  return (body.url as string).split('/').at(-1)!;
}

async function bound(phone: Phone, storeId: number): Promise<number> {
  const token = await bindingOf(hq, storeId);
  await phone.agent.post('/v1/h5/store/bindings').send({ token, name: '王小店', consent: true }).expect(200);
  const { body } = await hq.get(`/v1/console/store-clerks?storeId=${storeId}&state=waiting`).expect(200);
  return body.items.at(-1).id as number;
}

/** A bottle of which every one wins 加 1 元换一瓶, scanned by this phone: the award and the token on its page. */
async function win(phone: Phone): Promise<{ awardId: string; token: string; productId: number }> {
  const batch = await rig.batch({ quantity: 20 });
  const prizes: CampaignContent['prizes'] = [
    {
      ...{ key: 'again', name: '加 1 元换一瓶', stock: null, kind: 'redeem', productId: batch.productId },
      ...{ valueFen: 550, coPayFen: 100, validDays: 7 },
    },
    { kind: 'nothing', key: 'thanks', name: '谢谢参与' },
  ];
  const then = { mode: 'drawn', prizes: [{ key: 'again', odds: 1_000_000 }], fallbackPrizeKey: 'thanks' } as const;
  const rules: CampaignContent['rules'] = [{ key: 'all', name: '人人有奖', when: { all: [] }, then }];
  await rig.campaign([batch.id], { prizes, rules, caps: [] });
  const { body } = await phone.scan(batch.text(1)).expect(200);
  const { awardId } = body.reward as { awardId: string };
  const { body: award } = await phone.agent.get(`/v1/h5/awards/${awardId}`).expect(200);
  return { awardId, token: award.redeem.token, productId: batch.productId };
}

/** The same text with another last character. */
const altered = (text: string) => text.slice(0, -1) + (text.endsWith('0') ? '1' : '0');
const redeem = (phone: Phone, storeId: number, token: string, requestId: string = randomUUID()) =>
  phone.agent.post(`/v1/h5/store/${storeId}/redemptions`).send({ token, requestId });

it('a clerk binds by the store’s QR, waits, is confirmed by the distributor and by nobody else', async () => {
  const token = await bindingOf(distributor, store.id);
  await stranger.get(`/v1/console/stores/${store.id}/binding`).expect(404);
  const { body: seen } = await clerk.agent.get(`/v1/h5/store/bindings/${token}`).expect(200);
  expect(seen).toMatchObject({ store: { storeId: store.id }, post: null });
  await clerk.agent.get(`/v1/h5/store/bindings/${altered(token)}`).expect(404);
  const ask = (body: object) => clerk.agent.post('/v1/h5/store/bindings').send(body);
  await ask({ token, name: '王小店' }).expect(400);
  await ask({ token, name: '王', consent: true }).expect(422);
  const { body: asked } = await ask({ token, name: '王小店', consent: true }).expect(200);
  expect(asked.post).toMatchObject({ state: 'waiting', name: '王小店' });
  await clerk.agent.get(`/v1/h5/store/${store.id}/redemptions`).expect(403);

  const { body: foreign } = await stranger.get('/v1/console/store-clerks').expect(200);
  expect(foreign.items).toEqual([]);
  const { body: waiting } = await distributor.get('/v1/console/store-clerks?state=waiting').expect(200);
  const id = waiting.items[0].id as number;
  expect(waiting.items).toMatchObject([{ storeId: store.id, name: '王小店' }]);
  await stranger.post(`/v1/console/store-clerks/${id}/confirm`).send({}).expect(404);
  await distributor.post(`/v1/console/store-clerks/${id}/confirm`).send({}).expect(204);
  await distributor.post(`/v1/console/store-clerks/${id}/confirm`).send({}).expect(409);
  const { body: posts } = await clerk.agent.get('/v1/h5/store/posts').expect(200);
  expect(posts.items).toMatchObject([{ storeId: store.id, state: 'active' }]);
});

it('a renewed QR binds, the one before does not, and its picture is an SVG', async () => {
  const other = await newStore(await newDistributor());
  const old = await bindingOf(hq, other.id);
  const picture = await hq.get(`/v1/console/stores/${other.id}/binding.svg`).expect(200);
  expect(picture.headers['content-type']).toBe('image/svg+xml');
  await hq.post(`/v1/console/stores/${other.id}/binding/renew`).send({}).expect(200);
  const phone = await rig.phone();
  await phone.agent.get(`/v1/h5/store/bindings/${old}`).expect(404);
  await phone.agent.get(`/v1/h5/store/bindings/${await bindingOf(hq, other.id)}`).expect(200);
});

it('two phones, one prize: one redemption, and the winner reads where and when', async () => {
  const winner = await rig.phone();
  const { awardId, token } = await win(winner);
  const second = await newStore(await newDistributor());
  const rival = await rig.phone();
  await hq
    .post(`/v1/console/store-clerks/${await bound(rival, second.id)}/confirm`)
    .send({})
    .expect(204);

  const { body: seen } = await clerk.agent.post(`/v1/h5/store/${store.id}/prizes`).send({ token }).expect(200);
  expect(seen).toMatchObject({ productName: '青柠气泡茶', coPayFen: 100, refusal: null });
  await redeem(winner, store.id, token).expect(403);
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, n) => (n % 2 ? redeem(clerk, store.id, token) : redeem(rival, second.id, token))),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(9).fill(409)]);
  const { body: award } = await winner.agent.get(`/v1/h5/awards/${awardId}`).expect(200);
  expect(award).toMatchObject({ state: 'redeemed', stateText: '已兑付' });
  expect(award.redeem.redeemedAt).not.toBeNull();
  expect(award.hint).toContain(award.redeem.storeName);
  await winner.agent.get(`/v1/h5/awards/${awardId}/qr.svg`).expect(404);
});

it('the same tap again gets the same answer; the day, the month and the console show it once', async () => {
  const { token, productId } = await win(await rig.phone());
  const requestId = randomUUID();
  const { body: first } = await redeem(clerk, store.id, token, requestId).expect(200);
  const { body: again } = await redeem(clerk, store.id, token, requestId).expect(200);
  expect(again).toEqual(first);
  await redeem(clerk, store.id, token).expect(409);
  await redeem(clerk, store.id, token, 'x').expect(400);
  const { body: day } = await clerk.agent.get(`/v1/h5/store/${store.id}/redemptions?limit=1`).expect(200);
  expect(day.items).toEqual([first]);
  const { body: month } = await clerk.agent.get(`/v1/h5/store/${store.id}/settlement`).expect(200);
  expect(month).toMatchObject({ closed: false });
  expect(month.lines).toContainEqual(expect.objectContaining({ redeemedUnits: 1, owedUnits: 1, coPayFen: 100 }));

  const path = `/v1/console/redemptions?productId=${productId}`;
  expect((await distributor.get(path).expect(200)).body.items).toMatchObject([{ storeId: store.id, coPayFen: 100 }]);
  expect((await stranger.get(path).expect(200)).body.items).toEqual([]);
  const { text } = await distributor.get(path.replace('?', '.csv?')).expect(200);
  expect(text.trim().split('\n')).toHaveLength(2);
  expect(text).toContain('1.00');
});

it('stores nearby: by distance, by district, for a product; nobody without a session and no place', async () => {
  const mine = await newDistributor();
  // Far away from every other test's store.
  const near = await newStore(mine, { adcode: 460205, location: { latitude: 18.2, longitude: 109.5 } });
  const far = await newStore(mine, { adcode: 460205, location: { latitude: 18.3, longitude: 109.5 } });
  const silent = await newStore(mine, { adcode: 460205, location: null });
  const none = await newStore(mine, { location: { latitude: 18.2, longitude: 109.5 }, redeemsAll: false });
  const phone = await rig.phone();
  const ids = async (query: string): Promise<number[]> => {
    const { body } = await phone.agent.get(`/v1/h5/stores?${query}`).expect(200);
    return (body.items as { storeId: number }[]).map(({ storeId }) => storeId);
  };
  const { id: productId } = { id: (await rig.batch()).productId };
  const around = `lat=18.201&lng=109.5&productId=${productId}`;
  const found = await ids(around);
  expect(found.indexOf(near.id)).toBeLessThan(found.indexOf(far.id));
  expect(found).not.toContain(silent.id);
  expect(found).not.toContain(none.id);
  const { body } = await phone.agent.get(`/v1/h5/stores?${around}&limit=1`).expect(200);
  expect(body.items[0].distanceM).toBeLessThan(200);
  expect(body.nextCursor).not.toBeNull();
  expect(await ids(`adcode=460205&limit=100`)).toEqual(expect.arrayContaining([near.id, far.id, silent.id]));
  await hq.post(`/v1/console/stores/${near.id}/status`).send({ status: 'closed' }).expect(204);
  expect(await ids(around)).not.toContain(near.id);
  await phone.agent.get('/v1/h5/stores').expect(422);
  await phone.agent.get('/v1/h5/stores?lat=18.2').expect(422);
  await phone.agent.get('/v1/h5/stores?lat=999&lng=1').expect(400);
  await rig.http.get('/v1/h5/stores?adcode=460205').expect(401);
});

it('a removed clerk and a closed store redeem nothing more', async () => {
  const place = await newStore(await newDistributor());
  const phone = await rig.phone();
  const id = await bound(phone, place.id);
  await hq.post(`/v1/console/store-clerks/${id}/confirm`).send({}).expect(204);
  const { token } = await win(await rig.phone());
  await hq.post(`/v1/console/stores/${place.id}/status`).send({ status: 'closed' }).expect(204);
  expect((await redeem(phone, place.id, token).expect(409)).body.error.code).toBe('store_closed');
  await hq.post(`/v1/console/stores/${place.id}/status`).send({ status: 'active' }).expect(204);
  await hq.post(`/v1/console/store-clerks/${id}/remove`).send({ reason: '离职' }).expect(204);
  await redeem(phone, place.id, token).expect(403);
  const { body } = await phone.agent.get('/v1/h5/store/posts').expect(200);
  expect(body.items).toMatchObject([{ state: 'removed', reason: '离职' }]);
});
