import { campaignTemplate, OpenDeals, type CampaignContent } from '@app/campaigns';
import { ApiRig, type Desk } from './rig';

let rig: ApiRig;
let author: Desk;
let second: Desk;
let owner: Desk;
beforeAll(async () => {
  rig = await ApiRig.open();
  [author, second, owner] = [await rig.desk(), await rig.desk(), await rig.desk({ role: 'owner' })];
});
afterAll(() => rig.close());

interface Saved {
  campaignId: number;
}
const post = async <T>(desk: Desk, path: string, body: object = {}, status = 200): Promise<T> =>
  (await desk.post(`/v1/console/${path}`).send(body).expect(status)).body as T;
const read = async <T>(desk: Desk, path: string): Promise<T> =>
  (await desk.get(`/v1/console/${path}`).expect(200)).body as T;
const codeOf = (body: { error?: { code?: string } }) => body.error?.code;

async function saved(change: Partial<CampaignContent> = {}) {
  const batch = await rig.batch();
  const content = campaignTemplate(`全程 ${batch.id}`, await rig.budget(10_000_000), {
    ...{ scope: { products: [], batches: [batch.id] }, ...change },
  });
  const { campaignId } = await post<Saved>(author, 'campaigns', { content }, 201);
  return { campaignId, content, batch, path: `campaigns/${campaignId}` };
}
async function approved(path: string, by = second, more: object = {}): Promise<number> {
  const { contentHash } = await post<{ contentHash: string }>(author, `${path}/submit`, { note: '请审' });
  return (await post<{ versionNo: number }>(by, `${path}/approve`, { contentHash, ...more })).versionNo;
}

it('gives a builder all it needs: fields, templates, a check with what it would cost', async () => {
  const { fields } = await read<{ fields: { key: string; operators: object[]; sentence: string }[] }>(
    author,
    'campaign-fields',
  );
  expect(fields.map(({ key }) => key)).toEqual(expect.arrayContaining(['region', 'tier', 'audience', 'experimentArm']));
  for (const { operators, sentence } of fields)
    expect([operators.length > 0, sentence.length > 0]).toEqual([true, true]);
  const { templates } = await read<{ templates: { content: object }[] }>(
    author,
    'campaign-templates?name=端午&budgetId=7',
  );
  expect(templates.length).toBeGreaterThan(3);
  expect(templates[0]!.content).toMatchObject({ name: '端午', budgetId: 7 });
  const { content } = await saved();
  const check = await post<object>(author, 'campaigns:check', { content });
  expect(check).toMatchObject({ ok: true, outlook: { codesInScope: 200, liability: { fullFen: 17_600 } } });
  await author.post('/v1/console/campaigns:check').send({ content, campaignId: 'x' }).expect(400);
});

it('takes a draft to the consumers through two people, and tells everybody the rules', async () => {
  const { campaignId, content, path } = await saved();
  await rig.http.get(`/v1/h5/campaigns/${campaignId}/notice`).expect(404);
  const { contentHash } = await post<{ contentHash: string }>(author, `${path}/submit`, { note: '请审' });
  const waiting = await read<{ items: { campaignId: number; contentHash: string }[] }>(
    second,
    'campaign-approvals?limit=100',
  );
  expect(waiting.items).toContainEqual(expect.objectContaining({ campaignId, contentHash, note: '请审' }));
  expect(await read(second, `campaigns?pending=true&limit=100`)).toMatchObject({
    items: expect.arrayContaining([expect.objectContaining({ id: campaignId, phase: 'draft' })]) as object[],
  });
  const own = await author.post(`/v1/console/${path}/approve`).send({ contentHash }).expect(403);
  expect(codeOf(own.body as object)).toBe('same_person');
  await post(second, `${path}/reject`, { reason: '名字写错' });
  expect(await approved(path)).toBe(1);
  expect(await read(author, path)).toMatchObject({
    phase: 'live',
    submission: { state: 'approved' },
    stock: [{ issued: 0 }],
  });
  const notice = await rig.http.get(`/v1/h5/campaigns/${campaignId}/notice`).expect(200);
  expect(notice.body).toMatchObject({ versionNo: 1, title: content.copy.title });
  expect(await read(author, `${path}/burn`)).toMatchObject({ wins: 0, forecast: { fenPerHour: 0 } });

  const prizes = [{ ...content.prizes[0]!, amount: { type: 'fixed', fen: 50 } }];
  await author
    .put(`/v1/console/${path}/draft`)
    .send({ content: { ...content, prizes } })
    .expect(200);
  const { changes } = await read<{ changes: { favour: string }[] }>(author, `${path}/diff`);
  expect(changes).toMatchObject([{ favour: 'worse' }]);
  const next = await post<{ contentHash: string; needsOwner: boolean }>(author, `${path}/submit`);
  expect(next.needsOwner).toBe(true);
  const sent = { contentHash: next.contentHash, confirmReason: '成本压力大' };
  const refused = await second.post(`/v1/console/${path}/approve`).send(sent).expect(409);
  expect(codeOf(refused.body as object)).toBe('unfavourable_change');
  expect(await post(owner, `${path}/approve`, sent)).toMatchObject({ versionNo: 2 });
  expect(await read(author, `${path}/versions`)).toMatchObject({
    items: [{ versionNo: 2, inForce: true }, { versionNo: 1 }],
  });
  expect(await read(author, `${path}/versions/1`)).toMatchObject({ content: { name: content.name } });
  expect(await read(author, `${path}/submissions`)).toMatchObject({
    items: [{ state: 'approved' }, {}, { state: 'rejected' }],
  });
  const copy = await post<Saved>(author, `${path}/clone`, { name: '下一季' }, 201);
  expect(await read(author, `campaigns/${copy.campaignId}`)).toMatchObject({ name: '下一季', phase: 'draft' });
});

it('lets one authorised person start a burst that two approved, and phones feel it within the refresh', async () => {
  const batch = await rig.batch();
  const budgetId = await rig.budget(10_000_000);
  const content = campaignTemplate(`加码 ${batch.id}`, budgetId, {
    ...{ lane: 'burst', burst: { fence: [340000], maxHours: 4, maxCount: 100, maxFen: 100_000 } },
    scope: { products: [], batches: [batch.id] },
  });
  const { campaignId } = await post<Saved>(author, 'campaigns', { content }, 201);
  const path = `campaigns/${campaignId}`;
  await approved(path);
  await rig.http.get(`/v1/h5/campaigns/${campaignId}/notice`).expect(404);
  const wish = { hours: 2, reason: '竞品铺货' };
  await second.post(`/v1/console/${path}/start-burst`).send(wish).expect(403);
  const phone = await rig.phone();
  expect((await phone.scan(batch.text(1)).expect(200)).body).toMatchObject({ reward: null });
  const { id } = await rig.operator();
  await owner
    .put(`/v1/console/operators/${id}/rights`)
    .send({ rights: ['start-burst'], reason: '值守' })
    .expect(204);
  await post(owner, `${path}/start-burst`, wish);
  await owner.post(`/v1/console/${path}/start-burst`).send(wish).expect(409);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect((await phone.scan(batch.text(2)).expect(200)).body).toMatchObject({ reward: { amountFen: 88 } });
  expect(await post(author, `${path}/stop-burst`, { reason: '竞品已撤' })).toEqual({ changed: true });
  expect((await phone.scan(batch.text(3)).expect(200)).body).toMatchObject({ reward: null });
});

it('proves what was dealt, after the end and not before, and keeps serials until then', async () => {
  const batch = await rig.batch({ quantity: 100 });
  const budgetId = await rig.budget(10_000_000);
  const content = campaignTemplate(`预埋 ${batch.id}`, budgetId, {
    scope: { products: [], batches: [batch.id] },
    rules: [
      {
        ...{ key: 'dealt', name: '百瓶必有', when: { all: [] } },
        then: {
          mode: 'dealt',
          segment: { batch: batch.id, layer: 0, from: 0, to: 100 },
          prizes: [{ key: 'small', count: 100 }],
        },
      },
    ],
  });
  const { campaignId } = await post<Saved>(author, 'campaigns', { content }, 201);
  await approved(`campaigns/${campaignId}`);
  const proof = async () => (await rig.http.get(`/v1/h5/campaigns/${campaignId}/proof`).expect(200)).body as object;
  const before = (await proof()) as { deals: { commitment: string }[] };
  expect(before).toMatchObject({ deals: [{ seed: null, openedAt: null, text: `${batch.id}/0/0-100;small=100` }] });
  const serials = `/v1/console/code-batches/${batch.id}/codes.csv?layer=0&from=0&to=2&serial=1`;
  expect(codeOf((await author.get(serials).expect(403)).body as object)).toBe('serials_forbidden');
  expect(codeOf((await owner.get(serials).expect(409)).body as object)).toBe('range_sealed');
  expect((await rig.http.get(`/v1/h5/campaigns/${campaignId}/notice`).expect(200)).body).toMatchObject({ dealt: true });
  await new Promise((resolve) => setTimeout(resolve, 300));
  const [phone, stranger] = [await rig.phone(), await rig.phone()];
  expect((await phone.scan(batch.text(3)).expect(200)).body).toMatchObject({ reward: { dealt: true, campaignId } });
  const mine = `/v1/h5/campaigns/${campaignId}/proof/codes`;
  await rig.http.get(mine).expect(401);
  expect((await phone.agent.get(mine).expect(200)).body).toEqual({ items: [] });
  await post(author, `campaigns/${campaignId}/end`, { reason: '收官' });
  await rig.get(OpenDeals).run(campaignId);
  expect((await phone.agent.get(mine).expect(200)).body).toMatchObject({ items: [{ serial: 3, prizeKey: 'small' }] });
  expect((await stranger.agent.get(mine).expect(200)).body).toEqual({ items: [] });
  const { commitment } = before.deals[0]!;
  expect(await proof()).toMatchObject({
    deals: [{ commitment, seed: expect.stringMatching(/^[0-9a-f]{64}$/) as string }],
  });
  await owner.get(serials).expect(200);
});
