import { get, type IncomingMessage } from 'node:http';
import { AssignTerritory, CreateDistributor } from '@app/channel';
import { CampaignDays, RebuildDay } from '@app/analytics';
import { campaignTemplate } from '@app/campaigns';
import { UnitOfWork } from '@app/database';
import { addDays, shanghaiDay } from '@app/kernel';
import { until } from '@app/testing';
import { ApiRig, type Desk, type Phone } from './rig';

const ANHUI = 340_000;
const CATALOG_MS = 250;

interface Funnel {
  steps: Record<string, number> & { people: { count: number; exact: boolean } };
  returns: number;
  days: { day: string; scans: number; claims: number }[];
}

let rig: ApiRig;
let hq: Desk;
let today: string;
let range: { from: string; to: string };
beforeAll(async () => {
  rig = await ApiRig.open();
  await rig.startWorker();
  hq = await rig.desk();
  today = shanghaiDay(new Date());
  range = { from: today, to: addDays(today, 1) };
}, 60_000);
afterAll(() => rig.close());

const funnelOf = async (desk: Desk, campaignId: number): Promise<Funnel> =>
  (await desk.get(`/v1/console/campaigns/${campaignId}/funnel`).query(range).expect(200)).body as Funnel;

/** Scans a code and takes its money, all the way into WeChat. */
async function takeMoney(phone: Phone, code: string): Promise<void> {
  const { body } = await phone.scan(code).expect(200);
  const { awardId } = (body as { reward: { awardId: string } }).reward;
  await phone.agent.post(`/v1/h5/awards/${awardId}/claim`).expect(202);
  await phone.award(awardId, 'confirm');
  const open = (await rig.sandbox.bills()).find(({ state }) => state === 'WAIT_USER_CONFIRM');
  await rig.sandbox.admin('POST', `/transfers/${open!.outBillNo}/confirm`, {});
  await phone.agent.post(`/v1/h5/awards/${awardId}/refresh`).expect(200);
  await phone.award(awardId, 'settled');
}

it('tells a campaign from the scan to the money in the pocket, to each distributor its own, and the same once the day is counted', async () => {
  const [own, other] = [
    await rig.get(CreateDistributor).run(null, { name: '安徽徽茗' }),
    await rig.get(CreateDistributor).run(null, { name: '江苏苏源' }),
  ];
  const wish = { distributorId: own, adcode: ANHUI, productLine: null, from: new Date(0), to: null };
  await rig.get(AssignTerritory).run(null, wish);
  await new Promise((resolve) => setTimeout(resolve, CATALOG_MS));
  const batch = await rig.batch();
  const campaignId = await rig.campaign([batch.id]);
  const [first, second] = [await rig.phone(), await rig.phone()];
  await takeMoney(first, batch.text(1));
  await first.scan(batch.text(2)).expect(200);
  await second.scan(batch.text(3)).expect(200);
  await second.scan(batch.text(1)).expect(200);

  // A repeat reaches no prize table: no campaign decided it.
  const expected = {
    scans: 3,
    firstScans: 3,
    wins: 3,
    awardedFen: 264,
    claims: 1,
    claimedFen: 88,
    confirmed: 1,
    confirmedFen: 88,
  };
  const live = await until(
    'the roll-ups have every scan',
    async () => {
      const told = await funnelOf(hq, campaignId);
      return told.steps['wins'] === 3 && told.steps['confirmed'] === 1 ? told : null;
    },
    30_000,
  );
  expect(live.steps).toMatchObject({ ...expected, people: { count: 2 } });
  expect(live.returns).toBe(0);
  expect(live.days).toEqual([expect.objectContaining({ day: today, claims: 1, scans: live.steps['scans'] })]);

  const [mine, foreign] = [
    await rig.desk({ role: 'distributor', distributorId: own }),
    await rig.desk({ role: 'distributor', distributorId: other }),
  ];
  expect((await funnelOf(mine, campaignId)).steps).toEqual(live.steps);
  const nothing = { scans: 0, wins: 0, awardedFen: 0, claims: 0, confirmed: 0, people: { count: 0 } };
  expect((await funnelOf(foreign, campaignId)).steps).toMatchObject(nothing);

  // As if the day were over: what was counted once is what the tables say now, for everybody.
  await rig.get(CampaignDays).runTo(addDays(today, 1));
  expect(await rig.count('SELECT COUNT(*) FROM campaign_days WHERE campaign_id = ?', [campaignId])).toBe(1);
  for (const desk of [hq, mine]) expect((await funnelOf(desk, campaignId)).steps).toEqual(live.steps);
  expect((await funnelOf(foreign, campaignId)).steps).toMatchObject(nothing);

  // Spoilt, and made again from the facts.
  await rig
    .get(UnitOfWork)
    .run((tx) => tx.execute('UPDATE campaign_days SET claims = 99 WHERE campaign_id = ?', [campaignId]));
  expect((await funnelOf(hq, campaignId)).steps['claims']).toBe(99);
  await rig.get(RebuildDay).run(today);
  expect((await funnelOf(hq, campaignId)).steps).toEqual(live.steps);

  const { body } = await hq
    .get('/v1/console/campaign-totals')
    .query({ ids: `${campaignId},999999` })
    .expect(200);
  expect(body.items).toEqual([
    expect.objectContaining({
      campaignId,
      wins: 3,
      awardedFen: 264,
      budget: expect.objectContaining({ grantedFen: 1_000_000 }) as unknown,
    }),
    expect.objectContaining({ campaignId: 999_999, scans: 0, wins: 0, budget: null }),
  ]);
  const scoped = await mine
    .get('/v1/console/campaign-totals')
    .query({ ids: `${campaignId}` })
    .expect(200);
  expect(scoped.body.items).toEqual([expect.objectContaining({ wins: 3, budget: null })]);
  const met = async (desk: Desk) =>
    ((await desk.get('/v1/console/scoped-campaigns').expect(200)).body as { items: object[] }).items;
  expect(await met(mine)).toEqual([expect.objectContaining({ campaignId, scans: 3, wins: 3, awardedFen: 264 })]);
  expect(await met(foreign)).toEqual([]);
  await hq.get('/v1/console/campaign-totals').query({ ids: '1,x' }).expect(400);
}, 60_000);

it('lets nobody write over a draft that somebody else saved meanwhile', async () => {
  const content = campaignTemplate('草稿', await rig.budget());
  const { body: made } = await hq.post('/v1/console/campaigns').send({ content }).expect(201);
  const path = `/v1/console/campaigns/${made.campaignId as number}`;
  const { body: opened } = await hq.get(path).expect(200);
  expect(opened.draftHash).toBe(made.contentHash);
  const save = (name: string, base?: string | null) =>
    hq.put(`${path}/draft`).send({ content: { ...content, name }, ...(base !== undefined && { base }) });

  const { body: first } = await save('先到的', opened.draftHash as string).expect(200);
  const late = await save('后到的', opened.draftHash as string).expect(409);
  expect(late.body.error.code).toBe('draft_changed');
  expect((await hq.get(path)).body.draft.name).toBe('先到的');
  // The same words again are no conflict, and whoever has seen the other's may go on from there.
  await save('先到的', opened.draftHash as string).expect(200);
  await save('后到的', first.contentHash as string).expect(200);
  await save('不问先后').expect(200);
});

it('tells every division with the one above it, parents first', async () => {
  const { body } = await hq.get('/v1/console/regions').expect(200);
  const items = body.items as { adcode: number; name: string; parent: number | null }[];
  expect(items.find(({ adcode }) => adcode === 340_100)).toMatchObject({ name: '合肥市', parent: ANHUI });
  expect(items.length).toBeGreaterThan(3_000);
  const seen = new Set<number>();
  for (const { adcode, parent } of items) {
    if (parent !== null) expect(seen.has(parent)).toBe(true);
    seen.add(adcode);
  }
});

it('is heard as it happens: what a scan won stands on the page of whoever watches', async () => {
  const batch = await rig.batch();
  const campaignId = await rig.campaign([batch.id]);
  const path = `/v1/console/campaigns/${campaignId}/live?from=${range.from}&to=${range.to}`;
  await hq.get(path).expect(400);
  await hq.get(path.replace(range.to, '2026-02-30')).expect(422);
  await hq.get(`/v1/console/campaigns/999999999/live?from=${range.from}&to=${range.to}`).expect(404);
  const line = await listen(path);
  await until('the figures of nobody yet', () =>
    Promise.resolve(line.heard.at(-1)?.funnel.steps['scans'] === 0 || null),
  );
  await (await rig.phone()).scan(batch.text(1)).expect(200);
  const told = await until('the scan is heard', () => {
    const last = line.heard.at(-1)!;
    return Promise.resolve(last.funnel.steps['wins'] === 1 ? last : null);
  });
  expect(told).toMatchObject({ funnel: { steps: { scans: 1, awardedFen: 88 } }, burn: { awardedFen: 88 } });
  line.close();
});

interface Line {
  readonly heard: { readonly funnel: Funnel; readonly burn: object }[];
  close(): void;
}

/** What the browser's EventSource hears of `figures`. */
async function listen(path: string): Promise<Line> {
  const cookie = hq.jar
    .getCookies({ domain: '127.0.0.1', path: '/v1/console', secure: false, script: false })
    .toValueString();
  const request = get({
    ...{ host: '127.0.0.1', port: rig.port, path },
    headers: { cookie, accept: 'text/event-stream' },
  });
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve).on('error', reject);
  });
  request.on('error', () => undefined);
  const line: Line = { heard: [], close: () => request.destroy() };
  let text = '';
  reply.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (text += chunk).split('\n\n');
    text = parts.pop()!;
    for (const part of parts) {
      const [, data] = /^event: figures\ndata: (.*)$/.exec(part) ?? [];
      if (data) line.heard.push(JSON.parse(data) as Line['heard'][number]);
    }
  });
  reply.on('error', () => undefined);
  return line;
}
