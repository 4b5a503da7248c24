import { codeAt } from '@app/staff';
import { ApiRig, type Desk } from './rig';

/** Who gets in, and how: with a phone, by a link, by another person's yes. */
let rig: ApiRig;
beforeAll(async () => {
  rig = await ApiRig.open({ secondFactor: 'required' });
});
afterAll(() => rig.close());

const page = (): Desk => rig.http.set('x-requested-with', 'yima');
const inMinutes = (minutes: number): Date => new Date(Date.now() + minutes * 60_000);

/** Binds a phone as the page does; the code that confirms is of the step before, so that the present one is still unused. */
async function bindPhone(desk: Desk, password: string): Promise<{ secret: string; codes: string[] }> {
  const { body: enrolment } = await desk.post('/v1/console/second-factor').send({ password }).expect(200);
  expect(enrolment.qr).toMatch(/^data:image\/svg\+xml;base64,/);
  const code = codeAt(enrolment.secret, inMinutes(-0.5));
  const { body } = await desk.post('/v1/console/second-factor/confirm').send({ code }).expect(200);
  return { secret: enrolment.secret, codes: body.codes };
}

async function bound(wanted: Parameters<ApiRig['operator']>[0]): Promise<{ desk: Desk; id: number; secret: string }> {
  const { login, password, id } = await rig.operator(wanted);
  const desk = page();
  await desk.post('/v1/console/login').send({ login, password }).expect(200);
  const { secret } = await bindPhone(desk, password);
  return { desk, id, secret };
}

it('an owner binds a phone before anything else, and signs in with it from then on', async () => {
  const { login, password } = await rig.operator({ role: 'owner' });
  const desk = page();
  const { body } = await desk.post('/v1/console/login').send({ login, password }).expect(200);
  expect(body.mustEnrol).toBe(true);
  const refused = await desk.get('/v1/console/products').expect(403);
  expect(refused.body.error.code).toBe('enrol_first');
  const { secret, codes } = await bindPhone(desk, password);
  await desk.get('/v1/console/products').expect(200);
  expect((await desk.get('/v1/console/me').expect(200)).body.mustEnrol).toBe(false);

  const other = page();
  const wanting = await other.post('/v1/console/login').send({ login, password }).expect(401);
  expect(wanting.body.error.code).toBe('code_needed');
  const code = codeAt(secret, new Date());
  await other.post('/v1/console/login').send({ login, password, code }).expect(200);
  const replayed = await page().post('/v1/console/login').send({ login, password, code }).expect(401);
  expect(replayed.body.error.code).toBe('code_wrong');
  await page().post('/v1/console/login').send({ login, password, code: codes[0] }).expect(200);

  const { body: sessions } = await desk.get('/v1/console/sessions').expect(200);
  expect(sessions.items).toHaveLength(3);
  const here = sessions.items.find((one: { current: boolean }) => one.current);
  const there = sessions.items.find((one: { current: boolean }) => !one.current);
  await desk.post(`/v1/console/sessions/${there.id}/end`).expect(204);
  await desk.post(`/v1/console/sessions/${there.id}/end`).expect(404);
  expect(here.id).not.toBe(there.id);
});

it('a colleague joins by a link, and gets roles when a second person agrees', async () => {
  const owner = await bound({ role: 'owner' });
  const approver = await bound({ role: 'approver' });
  const login = `joiner-${Date.now()}`;
  const wish = { login, name: '新来的', roles: ['marketer'], reason: '市场部新同事' };
  const { body: given } = await owner.desk.post('/v1/console/operators').send(wish).expect(201);
  expect(given.url).toMatch(/\/console\/join#[\w-]{43}$/);
  const token = given.url.split('#')[1] as string;

  const visitor = page();
  const { body: greeting } = await visitor.post('/v1/console/links/read').send({ token }).expect(200);
  expect(greeting).toMatchObject({ kind: 'invite', login, name: '新来的' });
  const password = 'my very own words';
  await visitor.post('/v1/console/links/use').send({ token, password }).expect(200, { login });
  const gone = await visitor.post('/v1/console/links/use').send({ token, password }).expect(410);
  expect(gone.body.error.code).toBe('link_gone');
  await visitor.post('/v1/console/login').send({ login, password }).expect(200);
  await visitor.get('/v1/console/products').expect(403);

  const own = await owner.desk.get('/v1/console/approvals').expect(200);
  const waits = (body: { items: { kind: string; id: number }[] }) =>
    body.items.find(({ kind, id }) => kind === 'roles' && id === given.roleRequestId);
  expect(waits(own.body)).toMatchObject({ mine: true, mayDecide: false });
  const inbox = await approver.desk.get('/v1/console/approvals').expect(200);
  expect(waits(inbox.body)).toMatchObject({ title: '新来的 · marketer', mine: false, mayDecide: true });
  expect(inbox.body.forMe).toBeGreaterThan(0);

  const approve = `/v1/console/role-requests/${given.roleRequestId}/approve`;
  const alone = await owner.desk.post(approve).send({}).expect(403);
  expect(alone.body.error.code).toBe('same_person');
  await approver.desk.post(approve).send({}).expect(204);
  await visitor.get('/v1/console/products').expect(200);
  await visitor.get('/v1/console/audit').expect(403);

  const { body: people } = await owner.desk.get(`/v1/console/operators?text=${login}`).expect(200);
  expect(people.items).toMatchObject([{ login, roles: ['marketer'], status: 'active', asked: null }]);
  const { body: acts } = await owner.desk.get(`/v1/console/audit?object=operator:${given.operatorId}`).expect(200);
  expect(acts.items.map(({ act }: { act: string }) => act)).toEqual([
    ...['staff.grant-roles', 'staff.login', 'staff.join', 'staff.invite'],
  ]);
  expect(acts.items[0]).toMatchObject({ actorName: '测试', details: { after: { roles: ['marketer'] } } });
});

it('the log is searched by person, kind and time, and its chain is held against its head', async () => {
  const { desk, id } = await bound({ role: 'owner' });
  const { body: mine } = await desk.get(`/v1/console/audit?actorId=${id}&area=staff`).expect(200);
  expect(mine.items.map(({ act }: { act: string }) => act)).toEqual(['staff.second-factor', 'staff.login']);
  const { body: none } = await desk.get(`/v1/console/audit?actorId=${id}&area=payouts`).expect(200);
  expect(none.items).toEqual([]);
  const later = encodeURIComponent(inMinutes(5).toISOString());
  expect((await desk.get(`/v1/console/audit?from=${later}`).expect(200)).body.items).toEqual([]);
  expect((await desk.get(`/v1/console/audit?actorId=${id}&to=${later}`).expect(200)).body.items).toHaveLength(2);
  await desk.get('/v1/console/audit?from=yesterday').expect(400);
  const { body: verdict } = await desk.get('/v1/console/audit/verdict').expect(200);
  expect(verdict).toMatchObject({ intact: true, brokenAt: null });

  const tampered = mine.items.at(-1).id as number;
  const [entry] = await rig.db.asOwner.query<{ details: string }[]>('SELECT details FROM audit_log WHERE id = ?', [
    tampered,
  ]);
  const write = (details: string) =>
    rig.db.asOwner.query('UPDATE audit_log SET details = ? WHERE id = ?', [details, tampered]);
  await write('{}');
  const { body: broken } = await desk.get('/v1/console/audit/verdict').expect(200);
  expect(broken).toMatchObject({ intact: false, why: 'changed' });
  expect(broken.brokenAt).toBe(tampered);
  // Other stories share this database and its chain.
  await write(entry!.details);
  expect((await desk.get('/v1/console/audit/verdict').expect(200)).body.intact).toBe(true);
});

it('settings say how the system is set up, and no secret', async () => {
  const { desk } = await bound({ role: 'owner' });
  const { text, body } = await desk.get('/v1/console/settings').expect(200);
  expect(body).toMatchObject({ secondFactor: 'required', domains: [{ use: 'public' }, { use: 'codes' }, {}] });
  const { keys, wechat, database } = rig.config;
  const secrets = [wechat.appSecret, database.url, ...Object.values(keys).filter(Buffer.isBuffer)].map((one) =>
    Buffer.isBuffer(one) ? one.toString('hex') : String(one),
  );
  for (const secret of secrets) expect(text).not.toContain(secret);
});
