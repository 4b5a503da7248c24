import { ApiRig } from './rig';

let rig: ApiRig;
beforeAll(async () => {
  rig = await ApiRig.open();
});
afterAll(() => rig.close());

const html = 'text/html,application/xhtml+xml';

it.each([
  '/A0123456789ABCDEF',
  '/a0123456789abcdef',
  '/01/06901234567892/21/A0123456789ABCDEF',
  '/01/06901234567892/10/HF1/21/A0123456789ABCDEF',
  '/h5/wallet',
  '/h5/awards/x',
])('%s opens the page, never from a cache', async (path) => {
  const answer = await rig.http.get(path).set('accept', html).expect(200);
  expect(answer.text).toContain('<div id="app">');
  expect(answer.headers).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
});

it('lets only our files and the script of WeChat run', async () => {
  const { headers } = await rig.http.get('/h5/me').expect(200);
  const policy = headers['content-security-policy'] as string;
  const { origin } = new URL(rig.config.wechat.jsUrl);
  expect(policy).toContain(`script-src 'self' ${origin};`);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
});

it('hashed assets may be kept for ever', async () => {
  const { text } = await rig.http.get('/h5/me').expect(200);
  const [asset] = /\/h5\/assets\/[\w.-]+\.js/.exec(text)!;
  const { headers } = await rig.http.get(asset).expect(200);
  expect(headers['cache-control']).toMatch(/max-age=31536000, immutable/);
  await rig.http.get('/h5/assets/none.js').expect(404);
  await rig.http.get('/h5/assets/..%2f..%2fpackage.json').expect(404);
});

it('people who lose their way see the page, programs see JSON', async () => {
  const page = await rig.http.get('/nothing/here').set('accept', html).expect(404);
  expect(page.text).toContain('<div id="app">');
  const { body } = await rig.http.get('/nothing/here').expect(404);
  expect(body.error).toMatchObject({ code: 'not_found' });
  await rig.http.get('/v1/nothing').set('accept', html).expect(404).expect('content-type', /json/);
  await rig.http.get('/%zz').expect(400).expect('content-type', /json/);
  await rig.http.get('/MP_verify_nothing.txt').expect(404);
});

it('plays the phone for a browser, but never in production', async () => {
  const answer = await rig.http.get('/demo/A0123456789ABCDEF').expect(302);
  expect(answer.headers.location).toBe('/A0123456789ABCDEF');
  expect(answer.headers['set-cookie']![0]).toMatch(/^yima_demo_wechat=1/);
  expect(answer.headers['set-cookie']![0]).not.toMatch(/HttpOnly/);
  const production = await ApiRig.open({ profile: 'production' });
  try {
    await production.http.get('/demo/A0123456789ABCDEF').expect(404);
  } finally {
    await production.close();
  }
});

it('gives every answer a request id, the caller’s own when it is harmless', async () => {
  const mine = await rig.http.get('/v1/h5/boot').set('x-request-id', 'trace-12345678').expect(200);
  expect(mine.headers['x-request-id']).toBe('trace-12345678');
  const odd = await rig.http.get('/v1/h5/boot').set('x-request-id', '<script>').expect(200);
  expect(odd.headers['x-request-id']).toMatch(/^[\w-]{16}$/);
});

it('tells the page who it is for', async () => {
  const { body } = await rig.http.get('/v1/h5/boot').expect(200);
  expect(body).toEqual({
    profile: 'rehearsal',
    appId: rig.config.wechat.appId,
    wechatJsUrl: rig.config.wechat.jsUrl,
    brand: { name: '青禾' },
  });
});

it('describes itself', async () => {
  const { body } = await rig.http.get('/docs-json').expect(200);
  expect(Object.keys(body.paths as object)).toContain('/v1/h5/scans');
  await rig.http.get('/docs').expect(200).expect('content-type', /html/);
});
