import { randomUUID } from 'node:crypto';
import { until } from '@app/testing';
import { ApiRig, type Desk, type Phone } from './rig';

let rig: ApiRig;
let desk: Desk;
beforeAll(async () => {
  rig = await ApiRig.open();
  await rig.startWorker();
  desk = await rig.desk();
  // What an earlier run stored was issued by another stand-in; the first visitor fetches a token of this one.
  await rig.db.database.query('UPDATE wechat_credentials SET expires_at = UTC_TIMESTAMP(6)');
  await rig.phone();
});
afterAll(() => rig.close());

const name = () => `人群 ${randomUUID().slice(0, 12)}`;
const tag = () => `t-${randomUUID().slice(0, 12)}`;

/** A member that has signed in, and the number it has in the console. */
async function member(follows = false): Promise<{ phone: Phone; id: number }> {
  const phone = await rig.phone({ user: { follows } });
  return { phone, id: await rig.count('SELECT id FROM members ORDER BY created_at DESC LIMIT 1') };
}

describe('tags and audiences', () => {
  it('a tag, an audience of it and a list go round through the console', async () => {
    const { id } = await member(true);
    const wanted = tag();
    const tagged = await desk
      .post('/v1/console/members:tag')
      .send({ tag: wanted, memberIds: [id] })
      .expect(200);
    expect(tagged.body).toEqual({ changed: 1 });
    const detail = await desk.get(`/v1/console/members/${id}`).expect(200);
    expect(detail.body).toMatchObject({ tags: [wanted], profile: { phoneBound: false, follows: true } });
    const condition = { field: 'tags', op: 'hasAny', value: [wanted] };
    const preview = await desk.post('/v1/console/audiences:preview').send({ condition }).expect(200);
    expect(preview.body).toMatchObject({ matched: 1, exact: true, sample: [{ memberId: id }] });
    const made = await desk.post('/v1/console/audiences').send({ name: name(), condition }).expect(201);
    const path = `/v1/console/audiences/${made.body.id}`;
    expect((await desk.get(`${path}/size`).expect(200)).body).toMatchObject({ matched: 1 });
    const changed = { name: name(), note: '老顾客', condition: { all: [condition] }, version: 1 };
    expect((await desk.put(path).send(changed).expect(200)).body).toEqual({ version: 2 });
    await desk.put(path).send(changed).expect(409);
    expect((await desk.get(path).expect(200)).body).toMatchObject({ kind: 'rule', version: 2, note: '老顾客' });
    await desk.post(`${path}/archive`).send({ version: 2, archived: true }).expect(200);
    await desk
      .post('/v1/console/members:untag')
      .send({ tag: wanted, memberIds: [id] })
      .expect(200);
    const list = await desk.post('/v1/console/audiences').send({ name: name() }).expect(201);
    const members = `/v1/console/audiences/${list.body.id}/members`;
    expect((await desk.post(members).send({ memberIds: [id] })).body).toEqual({ changed: 1, members: 1 });
    expect((await desk.post(`${members}/remove`).send({ memberIds: [id] })).body).toEqual({ changed: 1, members: 0 });
  });

  it('the builder learns everything from the field registry', async () => {
    const { body } = await desk.get('/v1/console/audience-fields').expect(200);
    const keys = (body.fields as { key: string }[]).map(({ key }) => key);
    expect(keys).toEqual(expect.arrayContaining(['tier', 'tags', 'spendFen', 'lastPlace', 'phoneBound', 'follows']));
  });

  it('a condition with faults is refused with the path of each leaf', async () => {
    const condition = { any: [{ all: [] }, { field: 'tier', op: 'eq', value: 'diamond' }] };
    for (const path of ['/v1/console/audiences', '/v1/console/audiences:preview']) {
      const body = path.endsWith('preview') ? { condition } : { name: name(), condition };
      const refused = await desk.post(path).send(body).expect(422);
      expect(refused.body.error).toMatchObject({
        code: 'bad_condition',
        details: [{ path: 'condition.any[1].value', code: 'bad_option' }],
      });
    }
  });

  it.each<[string, string, unknown, number]>([
    ['no name', '/v1/console/audiences', { condition: { all: [] } }, 400],
    ['a list as condition', '/v1/console/audiences', { name: 'x', condition: [] }, 400],
    ['a text as condition', '/v1/console/audiences', { name: 'x', condition: 'tier=gold' }, 400],
    ['an unknown field of the body', '/v1/console/audiences', { name: 'x', kind: 'list' }, 400],
    ['no members', '/v1/console/members:tag', { tag: 'x', memberIds: [] }, 400],
    ['a member of text', '/v1/console/members:tag', { tag: 'x', memberIds: ['1'] }, 400],
    ['half a member', '/v1/console/members:tag', { tag: 'x', memberIds: [1.5] }, 400],
    ['a member beyond numbers', '/v1/console/members:tag', { tag: 'x', memberIds: [2 ** 53] }, 400],
    [
      'too many',
      '/v1/console/members:tag',
      { tag: 'x', memberIds: Array.from({ length: 2001 }, (_, n) => n + 1) },
      400,
    ],
    ['an unknown member', '/v1/console/members:tag', { tag: 'x', memberIds: [3] }, 422],
    ['a tag of nothing', '/v1/console/members:tag', { tag: ' ', memberIds: [3] }, 422],
    ['an audience that is not there', '/v1/console/audiences/4000000000/members', { memberIds: [3] }, 422],
    [
      'a store without place',
      '/v1/console/stores',
      { distributorId: 1, name: 'x', address: 'x', redeemsAll: true },
      400,
    ],
  ])('%s is refused', async (_what, path, body, status) => {
    const refused = await desk
      .post(path)
      .send(body as object)
      .expect(status);
    expect(refused.body.error.message).toMatch(/[\u4e00-\u9fff]/);
  });
});

describe('stores', () => {
  const wish = { name: '蜀山便利店', adcode: 340104, address: '长江西路 1 号', redeemsAll: true };
  const distributor = async (): Promise<number> =>
    (await desk.post('/v1/console/distributors').send({ name: '合肥利民商贸' }).expect(201)).body.id as number;

  it('are opened, changed, listed and closed', async () => {
    const distributorId = await distributor();
    const { productId } = await rig.batch({ active: false });
    const made = await desk
      .post('/v1/console/stores')
      .send({ ...wish, distributorId })
      .expect(201);
    const path = `/v1/console/stores/${made.body.id}`;
    const location = { latitude: 31.85, longitude: 117.26 };
    await desk
      .put(path)
      .send({ ...wish, redeemsAll: false, productIds: [productId], location })
      .expect(204);
    expect((await desk.get(path).expect(200)).body).toMatchObject({
      ...{ redeemsAll: false, productIds: [productId], location, status: 'active' },
      region: '安徽省 合肥市 蜀山区',
    });
    await desk.post(`${path}/status`).send({ status: 'closed', reason: '转让' }).expect(204);
    const query = { distributorId, adcode: 340100, status: 'closed', productId, name: '便利' };
    const listed = await desk.get('/v1/console/stores').query(query).expect(200);
    expect(listed.body).toMatchObject({ items: [{ id: made.body.id }], nextCursor: null });
    await desk
      .put(path)
      .send({ ...wish, productIds: [productId] })
      .expect(422);
    await desk.get('/v1/console/stores').query({ adcode: 'x' }).expect(400);
  });

  it('of another distributor are not there for a distributor, and members not at all', async () => {
    const [mine, theirs] = [await distributor(), await distributor()];
    const foreign = await desk
      .post('/v1/console/stores')
      .send({ ...wish, distributorId: theirs })
      .expect(201);
    const clerk = await rig.desk({ role: 'distributor', distributorId: mine });
    const own = await clerk
      .post('/v1/console/stores')
      .send({ ...wish, distributorId: mine })
      .expect(201);
    expect((await clerk.get('/v1/console/stores').expect(200)).body.items).toMatchObject([{ id: own.body.id }]);
    const path = `/v1/console/stores/${foreign.body.id}`;
    await clerk.get(path).expect(404);
    await clerk.put(path).send(wish).expect(404);
    await clerk.post(`${path}/status`).send({ status: 'closed' }).expect(404);
    await clerk
      .post('/v1/console/stores')
      .send({ ...wish, distributorId: theirs })
      .expect(422);
    for (const refused of ['tags', 'audiences', 'audience-fields', 'members']) {
      await clerk.get(`/v1/console/${refused}`).expect(403);
    }
  });
});

describe('a phone', () => {
  const PATH = '/v1/h5/me/phone';
  const number = () => `137${String(Math.floor(Math.random() * 10 ** 7)).padStart(7, '0')}1`;
  const codeOn = (to: string) =>
    until('the message is there', async () => {
      const { messages } = await rig.sandbox.admin<{ messages: { text: string }[] }>('GET', `/sms?to=%2B86${to}`);
      return messages[0] && /验证码 (\d{6})/.exec(messages[0].text)?.[1];
    });

  it('is bound by a code that the worker sends, shown masked, and given up', async () => {
    const { phone, id } = await member();
    const mine = await phone.agent.get(PATH).expect(200);
    expect(mine.body).toMatchObject({ bound: false, masked: null, available: true });
    expect(mine.body.consent.text).toContain('手机号');
    const to = number();
    const asked = { phone: to, consentVersion: mine.body.consent.version as string };
    const answer = await phone.agent.post(`${PATH}/code`).send(asked).expect(202);
    expect(answer.body).toEqual({ expiresInSeconds: 300, retryAfterSeconds: 60 });
    const soon = await phone.agent.post(`${PATH}/code`).send(asked).expect(429);
    expect(Number(soon.headers['retry-after'])).toBeGreaterThan(0);
    const code = await codeOn(to);
    await phone.agent
      .post(PATH)
      .send({ phone: to, code: code === '000000' ? '111111' : '000000' })
      .expect(422);
    const bound = await phone.agent.post(PATH).send({ phone: to, code }).expect(200);
    expect(bound.body).toEqual({ kind: 'bound', masked: `${to.slice(0, 3)}****${to.slice(-4)}` });
    const detail = await desk.get(`/v1/console/members/${id}`).expect(200);
    expect(detail.body.profile.phoneBound).toBe(true);
    expect(JSON.stringify(detail.body)).not.toContain(to);
    await phone.agent.delete(PATH).expect(204);
    expect((await phone.agent.get(PATH).expect(200)).body).toMatchObject({ bound: false });
  });

  it('that two accounts verified makes them one, and the session goes on as the one that is left', async () => {
    const [first, second] = [await member(), await member()];
    const to = number();
    const { body } = await first.phone.agent.get(PATH).expect(200);
    const asked = { phone: to, consentVersion: body.consent.version as string };
    await first.phone.agent.post(`${PATH}/code`).send(asked).expect(202);
    await first.phone.agent
      .post(PATH)
      .send({ phone: to, code: await codeOn(to) })
      .expect(200);
    await rig.db.asOwner.query('UPDATE phone_code_limits SET last_at = last_at - INTERVAL 2 MINUTE');
    const { messages } = await rig.sandbox.admin<{ messages: unknown[] }>('GET', `/sms?to=%2B86${to}`);
    await second.phone.agent.post(`${PATH}/code`).send(asked).expect(202);
    await until('the second message is there', async () => {
      const now = await rig.sandbox.admin<{ messages: unknown[] }>('GET', `/sms?to=%2B86${to}`);
      return now.messages.length > messages.length;
    });
    const bound = await second.phone.agent
      .post(PATH)
      .send({ phone: to, code: await codeOn(to) })
      .expect(200);
    expect(bound.body.kind).toBe('merged');
    expect(String(bound.headers['set-cookie'])).toContain('yima_session=');
    expect(await rig.count('SELECT merged_into FROM members WHERE id = ?', [second.id])).toBe(first.id);
    expect((await second.phone.agent.get(PATH).expect(200)).body).toMatchObject({ bound: true });
  });

  it.each<[string, string, object, number]>([
    ['a number of text', `${PATH}/code`, { phone: 'abc', consentVersion: 'x' }, 400],
    ['a number with a prefix', `${PATH}/code`, { phone: '+8613800138001', consentVersion: 'x' }, 400],
    ['a number of digits', `${PATH}/code`, { phone: 13800138001, consentVersion: 'x' }, 400],
    ['no consent', `${PATH}/code`, { phone: '13800138001' }, 400],
    ['an old consent', `${PATH}/code`, { phone: '13800138001', consentVersion: 'old' }, 409],
    ['five digits', PATH, { phone: '13800138001', code: '12345' }, 400],
    ['a code as number', PATH, { phone: '13800138001', code: 123456 }, 400],
    ['more than asked', PATH, { phone: '13800138001', code: '123456', memberId: 1 }, 400],
    ['a code never asked for', PATH, { phone: '13800138001', code: '123456' }, 422],
  ])('%s is refused', async (_what, path, body, status) => {
    const { phone } = await member();
    const refused = await phone.agent.post(path).send(body).expect(status);
    expect(refused.body.error.message).toMatch(/[\u4e00-\u9fff]/);
  });

  it('needs a session', async () => {
    await rig.http.get(PATH).expect(401);
    await rig.http.delete(PATH).expect(401);
    await rig.http.post(`${PATH}/code`).send({ phone: '13800138001', consentVersion: 'x' }).expect(401);
  });
});
