import { campaignTemplate } from '@app/campaigns';
import { drawnPng, pngChunk } from '@app/testing';
import { ApiRig, type Desk } from './rig';

let rig: ApiRig;
let hq: Desk;
beforeAll(async () => {
  rig = await ApiRig.open();
  hq = await rig.desk();
});
afterAll(() => rig.close());

/** Three to one, as a hero is; no other run has drawn this one. */
const hero = (...more: Buffer[]): Buffer =>
  drawnPng(900, 300, [pngChunk('pHYs', Buffer.from(`${Date.now()}`.slice(-9), 'latin1')), ...more]);
const send = (bytes: Buffer, type = 'image/png', desk = hq) =>
  desk.post('/v1/console/pictures').set('content-type', type).send(bytes);

it('a picture goes from the desk to every phone, which may keep it for ever', async () => {
  const { body: kept } = await send(hero(pngChunk('tEXt', Buffer.from('Location\0合肥')))).expect(201);
  expect(kept).toMatchObject({ url: `/pictures/${kept.hash}`, width: 900, height: 300 });
  const shown = await rig.http.get(kept.url).expect(200);
  expect(shown.headers).toMatchObject({
    ...{ 'content-type': 'image/png', 'cache-control': 'public, max-age=31536000, immutable' },
    ...{ 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'; sandbox" },
    'cross-origin-resource-policy': 'same-origin',
  });
  expect((shown.body as Buffer).includes('Location')).toBe(false);
  for (const strange of ['f'.repeat(64), `${kept.hash}.svg`, kept.hash.toUpperCase()]) {
    await rig.http.get(`/pictures/${strange}`).expect(404);
  }
});

it('can be chosen again: what was sent stands first in the list', async () => {
  const { body: kept } = await send(hero()).expect(201);
  const { body: page } = await hq.get('/v1/console/pictures?limit=1').expect(200);
  expect(page).toEqual({ items: [kept], nextCursor: expect.anything() });
  await hq.get(`/v1/console/pictures?limit=1&cursor=${page.nextCursor}`).expect(200);
  await hq.get('/v1/console/pictures?limit=101').expect(400);
  await hq.get('/v1/console/pictures?cursor=nonsense').expect(400);
});

it('takes nothing that could run, nothing too large, and nothing from whoever may not write campaigns', async () => {
  await send(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')).expect(422);
  await send(hero(), 'image/svg+xml').expect(415);
  await send(hero().subarray(0, 100)).expect(422);
  await send(Buffer.concat([hero(), Buffer.alloc(300 * 1024)])).expect(413);
  await send(Buffer.alloc(500 * 1024)).expect(413);
  const { body } = await send(drawnPng(2049, 40)).expect(422);
  expect(body.error).toMatchObject({ code: 'picture_sides', message: expect.stringContaining('2049×40') as string });
  const finance = await rig.desk({ role: 'finance' });
  await send(hero(), 'image/png', finance).expect(403);
  await finance.get('/v1/console/pictures').expect(403);
  await send(hero(), 'image/png', rig.http.set('x-requested-with', 'yima')).expect(401);
});

it('a campaign wears it: refused while the picture is not there, told to the phone that wins', async () => {
  const { body: kept } = await send(hero()).expect(201);
  const look = { theme: 'leaf', accent: '#1F5FA8', hero: kept.hash, logo: null } as const;
  const copy = { title: '夏日', ruleText: '每瓶一码', win: '好运，中了' };
  const content = (hash: string) =>
    campaignTemplate('夏日', 1, { copy, look: { ...look, hero: hash } }) as unknown as Record<string, unknown>;
  const check = async (hash: string) =>
    (
      await hq
        .post('/v1/console/campaigns:check')
        .send({ content: content(hash) })
        .expect(200)
    ).body;
  const missing = await check('f'.repeat(64));
  expect(missing.findings).toContainEqual(expect.objectContaining({ path: 'look.hero', code: 'unknown_picture' }));
  const whole = await check(kept.hash);
  expect(whole.findings.filter(({ path }: { path: string }) => path === 'look.hero')).toEqual([]);
  expect(whole.look).toMatchObject({ heroUrl: kept.url, words: { win: '好运，中了', thanks: null } });

  const batch = await rig.batch();
  const campaignId = await rig.campaign([batch.id], { look, copy });
  const phone = await rig.phone();
  const scanned = await phone.scan(batch.text(1)).expect(200);
  expect(scanned.body.look).toEqual(whole.look);
  const { body: award } = await phone.agent.get(`/v1/h5/awards/${scanned.body.reward.awardId}`).expect(200);
  expect(award.look).toEqual(whole.look);
  const { body: detail } = await hq.get(`/v1/console/campaigns/${campaignId}`).expect(200);
  expect(detail.look).toEqual(whole.look);
});

it('the preview may stand in a frame of our own console, and no other page of the phone may', async () => {
  const policyOf = async (path: string) => {
    const { headers } = await rig.http.get(path).expect(200);
    return { policy: headers['content-security-policy'] as string, frame: headers['x-frame-options'] };
  };
  const preview = await policyOf('/h5/preview');
  expect(preview.policy).toContain("frame-ancestors 'self'");
  expect(preview).toMatchObject({ frame: 'SAMEORIGIN' });
  for (const path of ['/h5/wallet', '/h5/preview/x', '/A0123456789ABCDEF']) {
    const page = await policyOf(path);
    expect(page.policy).toContain("frame-ancestors 'none'");
    expect(page).toMatchObject({ frame: 'DENY' });
  }
});
