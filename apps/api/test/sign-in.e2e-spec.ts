import { randomUUID } from 'node:crypto';
import { ApiRig } from './rig';

let rig: ApiRig;
beforeAll(async () => {
  rig = await ApiRig.open();
});
afterAll(() => rig.close());

const members = (): Promise<number> => rig.count('SELECT COUNT(*) FROM members');

it('brings a phone back to its bottle with a session', async () => {
  const phone = await rig.phone({ signedIn: false });
  await phone.agent.get('/v1/h5/session').expect(401);
  expect(await phone.signIn('/A0123456789ABCDEF')).toBe('/A0123456789ABCDEF');
  const { body } = await phone.agent.get('/v1/h5/session').expect(200);
  expect(body).toEqual({ member: { tier: { key: 'regular', name: '普卡' }, nickname: null } });
  const me = await phone.agent.get('/v1/h5/me').expect(200);
  expect(me.body).toMatchObject({ spendFen: 0, scans: 0, wins: 0, receivedFen: 0, lastCity: null });
});

it('knows the same person on the next visit', async () => {
  const phone = await rig.phone();
  const before = await members();
  await phone.signIn();
  expect(await members()).toBe(before);
});

it('sets a cookie that no script reads and no other site sends along with its forms', async () => {
  const phone = await rig.phone({ signedIn: false });
  const answer = await phone.agent.get(await phone.toCallback()).expect(302);
  const cookies = answer.headers['set-cookie'] as unknown as string[];
  const session = cookies.find((cookie) => cookie.startsWith('yima_session='));
  expect(session).toMatch(/HttpOnly/);
  expect(session).toMatch(/SameSite=Lax/);
});

it('refuses a state that this browser did not begin with', async () => {
  const phone = await rig.phone({ signedIn: false });
  const callback = await phone.toCallback('/h5/me');
  const wrong = callback.replace(/state=\w+/, `state=${'0'.repeat(32)}`);
  const before = await members();
  const answer = await phone.agent.get(wrong).expect(302);
  expect(answer.headers.location).toBe('/h5/sorry?reason=oauth_denied&return=%2Fh5%2Fme');
  await phone.agent.get('/v1/h5/session').expect(401);
  expect(await members()).toBe(before);
});

it('refuses a callback that somebody else began', async () => {
  const [victim, attacker] = [await rig.phone({ signedIn: false }), await rig.phone({ signedIn: false })];
  const answer = await victim.agent.get(await attacker.toCallback()).expect(302);
  expect(answer.headers.location).toMatch(/reason=oauth_denied/);
  await victim.agent.get('/v1/h5/session').expect(401);
});

it('exchanges a code once, however often the callback is opened', async () => {
  const phone = await rig.phone({ signedIn: false });
  const callback = await phone.toCallback('/h5/me');
  const codes = (): Promise<number> => rig.count('SELECT COUNT(*) FROM oauth_codes');
  await phone.agent.get(callback).expect(302);
  const spent = await codes();
  const again = await phone.agent.get(callback).expect(302);
  expect(again.headers.location).toBe('/h5/me');
  expect(await codes()).toBe(spent);
});

it('sends a code that was spent elsewhere round again, not to a session', async () => {
  const [first, second] = [await rig.phone({ signedIn: false }), await rig.phone({ signedIn: false })];
  const callback = await first.toCallback();
  await first.agent.get(callback).expect(302);
  const code = new URLSearchParams(callback.split('?')[1]).get('code')!;
  const mine = (await second.toCallback()).replace(/code=\w+/, `code=${code}`);
  const answer = await second.agent.get(mine).expect(302);
  expect(answer.headers.location).toMatch(/^\/v1\/h5\/oauth\/start\?return=/);
  await second.agent.get('/v1/h5/session').expect(401);
});

it('says so when the person refused', async () => {
  const phone = await rig.phone({ signedIn: false });
  const refused = (await phone.toCallback()).replace(/code=\w+&/, '');
  const answer = await phone.agent.get(refused).expect(302);
  expect(answer.headers.location).toMatch(/reason=oauth_denied/);
});

it('gives a snapshot account no session and no member', async () => {
  const phone = await rig.phone({ signedIn: false, user: { snapshot: true } });
  const before = await members();
  expect(await phone.signIn('/h5/me')).toBe('/h5/sorry?reason=snapshot&return=%2Fh5%2Fme');
  await phone.agent.get('/v1/h5/session').expect(401);
  expect(await members()).toBe(before);
});

it('stops a browser that goes round and round', async () => {
  const phone = await rig.phone({ signedIn: false });
  for (let round = 1; round <= 2; round++) await phone.toCallback('/h5/me');
  const third = await phone.agent.get('/v1/h5/oauth/start').query({ return: '/h5/me' }).expect(302);
  expect(third.headers.location).toBe('/h5/sorry?reason=oauth_loop&return=%2Fh5%2Fme');
});

it('tells a person to wait when WeChat is busy', async () => {
  const phone = await rig.phone({ signedIn: false });
  const callback = await phone.toCallback();
  await rig.sandbox.fault({ scope: 'oauth', kind: 'rate_limited', next: 2 });
  const answer = await phone.agent.get(callback).expect(302);
  await rig.sandbox.noFaults();
  expect(answer.headers.location).toMatch(/reason=wechat_busy/);
  await phone.agent.get('/v1/h5/session').expect(401);
});

it.each(['//evil.example', '/\\evil.example', 'https://evil.example/', 'h5/me', '/a b', '/a\nb', ''])(
  'never returns to %j',
  async (back) => {
    const { body } = await rig.http.get('/v1/h5/oauth/start').query({ return: back }).expect(400);
    expect(body.error.code).toMatch(/^bad_/);
  },
);

it.each([
  ['empty', 'yima_session='],
  ['made up', `yima_session=1.abc.${Math.floor(Date.now() / 1000).toString(36)}.${'A'.repeat(43)}`],
  ['without a mac', 'yima_session=1.abc.def'],
  ['garbage', `yima_session=${encodeURIComponent('{"member":1}')}`],
])('refuses a session that is %s', async (_what, cookie) => {
  await rig.http.get('/v1/h5/me').set('cookie', cookie).expect(401);
  const scan = rig.http.post('/v1/h5/scans').set('cookie', cookie);
  await scan.send({ scanId: randomUUID(), code: 'A0123456789ABCDEF' }).expect(401);
});

it('signs only pages of ours for the JS-SDK', async () => {
  await rig.http.get('/v1/h5/js-config').query({ url: 'https://evil.example/' }).expect(400);
  const { body } = await rig.http.get('/v1/h5/js-config').query({ url: 'http://127.0.0.1:8080/A1#x' }).expect(200);
  expect(body).toEqual({
    appId: rig.config.wechat.appId,
    timestamp: expect.any(Number) as number,
    nonceStr: expect.any(String) as string,
    signature: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
  });
});
