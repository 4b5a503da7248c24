import { CreateDistributor } from '@app/channel';
import { plantScans, until } from '@app/testing';
import { UnitOfWork } from '@app/database';
import { WORKING_ROLES } from '@app/staff';
import { CONSOLE_ACCESS } from '../src/console/console-access';
import { ApiRig, type Desk } from './rig';

interface Made {
  id: number;
  campaignId: number;
}

let rig: ApiRig;
let hq: Desk;
let dealer: Desk;
let dealerId: number;
beforeAll(async () => {
  rig = await ApiRig.open();
  await rig.startWorker();
  dealerId = await rig.get(CreateDistributor).run(null, { name: '安徽徽茗' });
  hq = await rig.desk();
  dealer = await rig.desk({ role: 'distributor', distributorId: dealerId });
});
afterAll(() => rig.close());

describe('signing in', () => {
  it('answers who it is, in a cookie that scripts and other sites cannot use', async () => {
    const { login, password } = await rig.operator();
    const agent = rig.http.set('x-requested-with', 'yima');
    const answer = await agent.post('/v1/console/login').send({ login, password }).expect(200);
    expect(answer.body.operator).toMatchObject({ login, roles: WORKING_ROLES, distributorId: null });
    const [cookie] = answer.headers['set-cookie'] as unknown as string[];
    expect(cookie).toMatch(/^yima_console=[\w-]{43};.*Path=\/v1\/console;.*HttpOnly;.*SameSite=Strict/);
    await agent.get('/v1/console/me').expect(200);
    await agent.post('/v1/console/logout').expect(204);
    await agent.get('/v1/console/me').expect(401);
  });

  it('refuses a wrong password and an unknown login alike', async () => {
    const { login } = await rig.operator();
    const agent = rig.http.set('x-requested-with', 'yima');
    const wrong = await agent.post('/v1/console/login').send({ login, password: 'wrong password' }).expect(401);
    const nobody = await agent.post('/v1/console/login').send({ login: 'no-such-one', password: 'x' }).expect(401);
    expect(wrong.body.error.message).toBe(nobody.body.error.message);
  });

  it('asks for the proof that our page asked', async () => {
    const { login, password } = await rig.operator();
    const { body } = await rig.http.post('/v1/console/login').send({ login, password }).expect(403);
    expect(body.error.code).toBe('not_our_page');
  });
});

describe('every route', () => {
  const someRow = (pattern: string): string => pattern.replace(/:id/g, '999999').replace('::', ':');
  const routes = Object.entries(CONSOLE_ACCESS).map(([route, access]) => ({ route, access }));

  it('has a row, and every row a route', () => {
    const served = rig.app
      .getHttpAdapter()
      .getInstance()
      .routeTable.filter(({ url }) => url.startsWith('/v1/console'));
    const names = served.filter(({ method }) => method !== 'HEAD').map(({ method, url }) => `${method} ${url}`);
    expect(names.sort()).toEqual(Object.keys(CONSOLE_ACCESS).sort());
  });

  it.each(routes.filter(({ access }) => access !== 'anyone'))('$route refuses a stranger', async ({ route }) => {
    const [method, pattern] = route.split(' ') as [string, string];
    await ask(rig.http.set('x-requested-with', 'yima'), method, someRow(pattern)).expect(401);
  });

  it.each(routes.filter(({ access }) => access !== 'anyone' && !access.includes('distributor')))(
    '$route refuses a distributor',
    async ({ route }) => {
      const [method, pattern] = route.split(' ') as [string, string];
      const { body } = await ask(dealer, method, someRow(pattern)).expect(403);
      expect(body.error.code).toBe('forbidden');
    },
  );

  it.each(routes.filter(({ access }) => WORKING_ROLES.some((role) => access.includes(role))))(
    '$route lets headquarters in',
    async ({ route }) => {
      const [method, pattern] = route.split(' ') as [string, string];
      const { status } = await ask(hq, method, someRow(pattern));
      expect([401, 403, 500]).not.toContain(status);
    },
  );

  it.each(routes.filter(({ route }) => !route.startsWith('GET ')))(
    '$route needs the proof header',
    async ({ route }) => {
      const [method, pattern] = route.split(' ') as [string, string];
      const { body } = await ask(rig.http, method, someRow(pattern)).expect(403);
      expect(body.error.code).toBe('not_our_page');
    },
  );
});

describe('what headquarters does', () => {
  it('takes a product from nothing to a scan that pays, and all of it is in the audit log', async () => {
    const post = async (path: string, body: object, status = 201): Promise<Made> =>
      (await hq.post(`/v1/console/${path}`).send(body).expect(status)).body as Made;
    const sku = `SKU-${Date.now()}`;
    const product = { sku, name: '白桃', line: 'peach', spec: '500 ml', unitsPerCase: 15, priceFen: 550 };
    const { id: productId } = await post('products', product);
    const layers = [{ layer: 0, name: '盖内码', purpose: 'prize' }];
    const { id: batchId } = await post('code-batches', { productId, name: '首批', quantity: 100, layers });
    await post(`code-batches/${batchId}/issue`, {}, 200);
    await post(`code-batches/${batchId}/segments`, { layer: 0, from: 0, to: 50, state: 'active', reason: '上市' });
    const lot = { lotNo: `HF${Date.now()}`, productId, plant: '合肥工厂', line: 'A1', producedOn: '2026-06-01' };
    const { id: lotId } = await post('lots', lot);
    await post(`lots/${lotId}/bindings`, { batchId, layer: 0, from: 0, to: 50 });
    const stages = [{ name: '采茶', at: '2026-05-08', place: '安徽 黄山', detail: null }];
    await hq.put(`/v1/console/lots/${lotId}/stages`).send({ stages }).expect(200);
    const early = [...stages, { name: '灌装', at: '2026-05-01', place: '合肥工厂' }];
    const { body: fault } = await hq.put(`/v1/console/lots/${lotId}/stages`).send({ stages: early }).expect(422);
    expect(fault.error).toMatchObject({ code: 'bad_stages', details: { field: 'stages.1.at' } });
    const { id: budgetId } = await post('budgets', { name: '夏季' });
    const grant = { amountFen: 10_000, applicationNo: 'A1', expenseAccount: '促销', costCenter: 'MKT', bearer: 'hq' };
    const { id: grantId } = await post(`budgets/${budgetId}/grants`, grant);
    const alone = await hq.post(`/v1/console/grants/${grantId}/approve`).expect(403);
    expect(alone.body.error.code).toBe('same_person');
    await (await rig.desk()).post(`/v1/console/grants/${grantId}/approve`).expect(200, { outcome: 'approved' });

    const { campaignTemplate } = await import('@app/campaigns');
    const content = campaignTemplate('开盖', budgetId, { scope: { products: [], batches: [batchId] } });
    const { campaignId } = await post('campaigns', { content });
    const submitted = await hq
      .post(`/v1/console/campaigns/${campaignId}/submit`)
      .send({ note: '首批开盖' })
      .expect(200);
    const { contentHash } = submitted.body as { contentHash: string };
    const approve = `/v1/console/campaigns/${campaignId}/approve`;
    await hq.post(approve).send({ contentHash }).expect(403);
    await (await rig.desk()).post(approve).send({ contentHash }).expect(200);

    const detail = await hq.get(`/v1/console/code-batches/${batchId}`).expect(200);
    expect(detail.body.counts).toEqual([{ layer: 0, inactive: 50, active: 50, frozen: 0, void: 0 }]);
    const csv = await hq.get(`/v1/console/code-batches/${batchId}/codes.csv?layer=0&from=0&to=2`).expect(200);
    const code = csv.text.split('\r\n')[1]!.split(',')[0]!;
    await new Promise((resolve) => setTimeout(resolve, 300));
    const phone = await rig.phone();
    const scan = await phone.scan(code).expect(200);
    expect(scan.body).toMatchObject({ reward: { amountFen: 88 }, product: { lot: { lotNo: lot.lotNo, stages } } });

    const rows = await hq.get(`/v1/console/scans?code=${code}`).expect(200);
    const { id } = rows.body.items[0];
    const why = await hq.get(`/v1/console/scans/${id}/explanation`).expect(200);
    expect(why.body.sentences.join('')).toMatch(/[\u4e00-\u9fff]/);
    expect(why.body.decision).toMatchObject({ kind: 'award', amountFen: 88 });

    await post(`campaigns/${campaignId}/pause`, { reason: '试一下' }, 200);
    const paused = await phone.scan(csv.text.split('\r\n')[2]!.split(',')[0]!).expect(200);
    expect(paused.body.refusal).toMatchObject({ reason: 'paused' });

    const acts = await rig.db.database.query<{ act: Buffer }>('SELECT act FROM audit_log WHERE actor_id IS NOT NULL');
    const names = new Set(acts.map(({ act }) => act.toString()));
    const expected = [
      'create-product',
      'draft-batch',
      'issue-batch',
      'segment-active',
      'record-lot',
      'bind-lot',
      'lot-stages',
      'export',
    ];
    for (const act of expected) expect(names).toContain(`codes.${act}`);
    for (const act of ['create-budget', 'request-grant', 'approve-grant']) expect(names).toContain(`payouts.${act}`);
    for (const act of ['save', 'submit', 'approve', 'pause']) expect(names).toContain(`campaigns.${act}`);
  });

  it('freezes a batch: the next scan does not pay', async () => {
    const batch = await rig.batch();
    await rig.campaign([batch.id]);
    await hq.post(`/v1/console/code-batches/${batch.id}/freeze`).send({ reason: '包装被盗' }).expect(200);
    const phone = await rig.phone();
    const { body } = await phone.scan(batch.text(1)).expect(200);
    expect(body).toMatchObject({ verdict: 'frozen', reward: null });
  });

  it('recalls a range and a batch: the next scan says not to drink, and a recall without a reason is none', async () => {
    const batch = await rig.batch();
    await rig.campaign([batch.id]);
    const path = `/v1/console/code-batches/${batch.id}`;
    const recall = { layer: 0, from: 0, to: 5, state: 'frozen', cause: 'recall' };
    await hq.post(`${path}/segments`).send(recall).expect(422);
    await hq
      .post(`${path}/segments`)
      .send({ ...recall, cause: 'rumour', reason: '封口不严' })
      .expect(400);
    await hq
      .post(`${path}/segments`)
      .send({ ...recall, reason: '封口不严' })
      .expect(201);
    const phone = await rig.phone();
    expect((await phone.scan(batch.text(1)).expect(200)).body).toMatchObject({ verdict: 'recalled', reward: null });
    await hq.post(`${path}/freeze`).send({ cause: 'recall' }).expect(422);
    await hq.post(`${path}/freeze`).send({ cause: 'recall', reason: '封口不严' }).expect(200);
    expect((await phone.scan(batch.text(9)).expect(200)).body).toMatchObject({ verdict: 'recalled', reward: null });
    const { body } = await hq.get(path).expect(200);
    expect(body).toMatchObject({ frozen: true, frozenCause: 'recall' });
    expect(body.segments[0]).toMatchObject({ state: 'frozen', cause: 'recall', from: 0, to: 5 });
    await hq.post(`${path}/unfreeze`).send({ reason: '查清了' }).expect(200);
    expect((await phone.scan(batch.text(9)).expect(200)).body).toMatchObject({ verdict: 'first' });
    const seen = await hq.get(`/v1/console/scans?code=${batch.text(1)}&verdict=recalled`).expect(200);
    expect(seen.body.items).toHaveLength(1);
  });

  it('reads where every fen is, and that the books agree', async () => {
    const { body } = await hq.get('/v1/console/ledger/summary?recount=true').expect(200);
    expect(body.faults).toEqual([]);
    expect(body.grantedFen).toBe(body.availableFen + body.reservedFen + body.settledFen);
  });

  it('unknown fields of a body or a query are refused', async () => {
    await hq.post('/v1/console/budgets').send({ name: '夏季', granted_fen: 1 }).expect(400);
    await hq.get('/v1/console/products?limit=1000').expect(400);
    await hq.get('/v1/console/products?limit=abc').expect(400);
    await hq.get('/v1/console/products?cursor=xx').expect(400);
  });
});

describe('what a distributor sees', () => {
  it('only its own rows, whatever the query says', async () => {
    const otherId = await rig.get(CreateDistributor).run(null, { name: '江苏金陵' });
    const at = new Date(Date.now() - 60_000);
    const mine = { memberId: 71, at, adcode: 340100, distributorId: dealerId, batchId: 1 };
    const theirs = { memberId: 72, at, adcode: 320100, distributorId: otherId, batchId: 1 };
    const planted = await plantScans(rig.get(UnitOfWork), [mine, mine, theirs]);
    const { AnalyticsScansRecorded } = await import('@app/analytics');
    const { Outbox } = await import('@app/jobs');
    await rig.get(UnitOfWork).run((tx) => rig.get(Outbox).append(tx, AnalyticsScansRecorded, { scans: planted }));

    const days = range();
    const seen = async (desk: Desk): Promise<{ items: { adcode: number; scans: number; name: string }[] }> =>
      (await desk.get(`/v1/console/reports/region-table?level=city&${days}`).expect(200)).body as never;
    const own = await until('the roll-up is there', async () => {
      const report = await seen(dealer);
      return report.items.length > 0 ? report : null;
    });
    expect(own!.items).toEqual([expect.objectContaining({ adcode: 340100, scans: 2, name: '安徽省 合肥市' })]);
    const all = await until('headquarters sees both', async () => {
      const { items } = await seen(hq);
      return [320100, 340100].every((adcode) => items.some((row) => row.adcode === adcode)) ? items : null;
    });
    expect(all!.length).toBeGreaterThanOrEqual(2);

    const foreign = await dealer
      .get(`/v1/console/reports/region-table?level=city&${days}&distributorId=${otherId}`)
      .expect(200);
    expect(foreign.body.items).toEqual([]);
    const list = await dealer.get('/v1/console/distributors').expect(200);
    expect(list.body.items.map(({ id }: { id: number }) => id)).toEqual([dealerId]);
    await dealer.get('/v1/console/reports/today').expect(200);
    await dealer.get(`/v1/console/reports/trend?${days}`).expect(200);
  });

  it('no day range that is none', async () => {
    await dealer.get('/v1/console/reports/trend?from=2026-02-30&to=2026-01-01').expect(422);
    await dealer.get('/v1/console/reports/trend?from=2026-02-30').expect(400);
  });
});

function range(): string {
  const day = (offset: number): string => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  return `from=${day(-3)}&to=${day(3)}`;
}

function ask(agent: Desk, method: string, path: string) {
  switch (method) {
    case 'GET':
      return agent.get(path);
    case 'PUT':
      return agent.put(path).send({});
    default:
      return agent.post(path).send({});
  }
}
