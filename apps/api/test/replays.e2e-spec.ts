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
  expect(list).toMatchObject({ items: [{ id, state: 'done', days: 7, together: false }], nextCursor: null });
  expect((await hq.post(`${path}/replays/${id}/cancel`).expect(200)).body).toEqual({ changed: false });
});

it('tries one pretended scan, and says that the luck was pretended', async () => {
  const { path, text } = await saved();
  const question = { code: text(1), together: false, place: { adcode: 340_100, trust: 'agreed', accuracyM: 30 } };
  const { body } = await hq.post(`${path}/dry-run`).send(question).expect(200);
  expect(body).toMatchObject({ decision: { kind: 'award', amountFen: 88 }, trace: { withoutLocation: false } });
  expect((body as { pretended: string[] }).pretended.join()).toContain('模拟的签');
});

it('refuses what makes no sense, and distributors', async () => {
  const { path } = await saved();
  for (const days of [0, 91, 'x', null]) await hq.post(`${path}/replays`).send({ days }).expect(400);
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
