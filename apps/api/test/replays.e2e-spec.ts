import { campaignTemplate } from '@app/campaigns';
import { CreateDistributor } from '@app/channel';
import { until } from '@app/testing';
import { ApiRig, type Desk } from './rig';

let rig: ApiRig;
let hq: Desk;
beforeAll(async () => {
  rig = await ApiRig.open();
  await rig.startWorker();
  hq = await rig.desk();
});
afterAll(() => rig.close());

async function saved(): Promise<{ path: string; text: (serial: number) => string }> {
  const batch = await rig.batch();
  const content = campaignTemplate(`回放 ${batch.id}`, await rig.budget(1_000_000), {
    scope: { products: [], batches: [batch.id] },
  });
  const { campaignId } = (await hq.post('/v1/console/campaigns').send({ content }).expect(201)).body as {
    campaignId: number;
  };
  return { path: `/v1/console/campaigns/${campaignId}`, text: (serial) => batch.text(serial) };
}

it('replays a draft that nobody published: asked for over HTTP, run by the worker, seen with its result', async () => {
  const { path } = await saved();
  const { body: started } = await hq.post(`${path}/replays`).send({ days: 7, together: false }).expect(202);
  const { id } = started as { id: number };
  const one = async () => (await hq.get(`${path}/replays/${id}`).expect(200)).body as { state: string; result: object };
  await until('the replay is done', async () => (await one()).state === 'done', 20_000);
  // Scans of other stories may stand in the same database: what is told of them is a code's text, never its serial.
  expect((await one()).result).toMatchObject({ replayed: { fen: expect.any(Number) as number } });
  expect(JSON.stringify((await one()).result)).not.toContain('serial');
  const { body: list } = await hq.get(`${path}/replays?limit=1`).expect(200);
  expect(list).toMatchObject({
    items: [{ id, state: 'done', days: 7, synthetic: null, together: false }],
    nextCursor: null,
  });
  expect((await hq.post(`${path}/replays/${id}/cancel`).expect(200)).body).toEqual({ changed: false });
});

it('replays made-up scans for a brand without history, says so, and names no code', async () => {
  const { path } = await saved();
  const regions = [
    { adcode: 340_100, weight: 0.6 },
    { adcode: 440_000, weight: 0.3 },
  ];
  const synthetic = { people: 300, codesPerPerson: 3, days: 14, seed: 7, repeatShare: 0, regions };
  const { body: started } = await hq.post(`${path}/replays`).send({ synthetic, together: false }).expect(202);
  const { id } = started as { id: number };
  type Detail = { state: string; result: { regions: { adcode: number }[]; differences: { code: null }[] } };
  const one = async () => (await hq.get(`${path}/replays/${id}`).expect(200)).body as Detail;
  await until('the replay is done', async () => (await one()).state === 'done', 20_000);
  const detail = await one();
  expect(detail).toMatchObject({
    ...{ days: 14, synthetic: { people: 300, scans: 900, seed: 7, regions }, progress: { scans: 900, of: 900 } },
    result: { scans: 900, real: { awards: 0, fen: 0 }, replayed: { fen: expect.any(Number) as number } },
  });
  expect(detail.result.regions.map(({ adcode }) => adcode)).toEqual([0, 340_000, 440_000]);
  expect(detail.result.differences).toHaveLength(10);
  expect(detail.result.differences.every(({ code }) => code === null)).toBe(true);
});

it('tries one pretended scan, and says that the luck was pretended', async () => {
  const { path, text } = await saved();
  const question = { code: text(1), together: false, place: { adcode: 340_100, trust: 'agreed', accuracyM: 30 } };
  const { body } = await hq.post(`${path}/dry-run`).send(question).expect(200);
  expect(body).toMatchObject({ decision: { kind: 'award', amountFen: 88 }, trace: { withoutLocation: false } });
  const pretended = (answer: unknown) => (answer as { pretended: string[] }).pretended.join();
  expect(pretended(body)).toContain('模拟的签');
  expect(pretended(body)).toContain('序号不公开');
  const owner = await rig.desk({ role: 'owner' });
  expect(pretended((await owner.post(`${path}/dry-run`).send(question).expect(200)).body)).not.toContain('序号不公开');
});

it('refuses what makes no sense, and distributors', async () => {
  const { path } = await saved();
  for (const days of [0, 91, 'x', null]) await hq.post(`${path}/replays`).send({ days }).expect(400);
  const shape = { people: 10, codesPerPerson: 1, days: 1 };
  for (const bad of [
    ...[null, 'x', {}, { ...shape, people: 0 }, { ...shape, people: 200_001 }, { ...shape, codesPerPerson: 0 }],
    ...[
      { ...shape, days: 91 },
      { ...shape, scans: 1 },
      { ...shape, repeatShare: 1 },
      { ...shape, seed: -1 },
    ],
    { ...shape, regions: [{ adcode: 340_100 }] },
  ]) {
    await hq.post(`${path}/replays`).send({ synthetic: bad }).expect(400);
  }
  await hq.post(`${path}/replays`).send({}).expect(400);
  for (const [bad, code] of [
    [{ days: 1, synthetic: shape }, 'days_or_synthetic'],
    [{ synthetic: { ...shape, people: 200_000, codesPerPerson: 200 } }, 'bad_shape'],
    [{ synthetic: { ...shape, regions: [{ adcode: 340_101, weight: 0.1 }] } }, 'bad_shape'],
  ] as const) {
    expect((await hq.post(`${path}/replays`).send(bad).expect(422)).body).toMatchObject({ error: { code } });
  }
  for (const bad of [
    { place: { trust: 'sure' } },
    { at: 'tomorrow' },
    { nth: { ever: 0 } },
    { member: { tier: 'king' } },
  ]) {
    await hq.post(`${path}/dry-run`).send(bad).expect(400);
  }
  await hq.get(`${path}/replays/999999999`).expect(404);
  await hq.get(`${path}/experiment`).expect(404);
  const distributorId = await rig.get(CreateDistributor).run(null, { name: '回放经销商' });
  const dealer = await rig.desk({ role: 'distributor', distributorId });
  for (const part of ['replays', 'experiment']) await dealer.get(`${path}/${part}`).expect(403);
});
