import { randomUUID } from 'node:crypto';
import { VoidRange } from '@app/codes';
import { ApiRig, type Desk, type Phone, type TestBatch } from './rig';

let rig: ApiRig;
let phone: Phone;
let batch: TestBatch;
let desk: Desk;
beforeAll(async () => {
  rig = await ApiRig.open();
  phone = await rig.phone();
  batch = await rig.batch();
  desk = await rig.desk();
});
afterAll(() => rig.close());

const TABLES = [
  'scans',
  'code_claims',
  'awards',
  'member_counters',
  'outbox',
  'campaigns',
  'campaign_versions',
  'payouts',
];

/** Rows of every table that a refused request might have touched. */
async function rows(): Promise<Record<string, number>> {
  const counts = await Promise.all(TABLES.map((table) => rig.count(`SELECT COUNT(*) FROM ${table}`)));
  return Object.fromEntries(TABLES.map((table, index) => [table, counts[index]!]));
}

async function nothingWritten(work: () => Promise<unknown>): Promise<void> {
  const before = await rows();
  await work();
  expect(await rows()).toEqual(before);
}

const scanId = (): string => randomUUID();
const A_CODE = 'A0123456789ABCDEF';

describe('bodies of a scan', () => {
  it.each<[string, () => unknown]>([
    ['nothing', () => undefined],
    ['null', () => null],
    ['an array', () => [{ scanId: scanId(), code: A_CODE }]],
    ['a text', () => '"A0123456789ABCDEF"'],
    ['no code', () => ({ scanId: scanId() })],
    ['no scanId', () => ({ code: A_CODE })],
    ['a short scanId', () => ({ scanId: 'short', code: A_CODE })],
    ['a scanId with a slash', () => ({ scanId: `${'a'.repeat(20)}/`, code: A_CODE })],
    ['a number as code', () => ({ scanId: scanId(), code: 12345678901234567 })],
    ['an object as code', () => ({ scanId: scanId(), code: { $ne: 1 } })],
    ['an unknown field', () => ({ scanId: scanId(), code: A_CODE, amountFen: 100000 })],
    ['an empty code', () => ({ scanId: scanId(), code: '' })],
    ['a place without datum', () => ({ ...good(), location: { latitude: 31, longitude: 117, accuracy: 5 } })],
    ['a place off the globe', () => ({ ...good(), location: place({ latitude: 91 }) })],
    ['a place of text', () => ({ ...good(), location: place({ longitude: '117' }) })],
    ['a negative accuracy', () => ({ ...good(), location: place({ accuracy: -1 }) })],
    ['a place with more in it', () => ({ ...good(), location: place({ adcode: 340100 }) })],
    ['withoutLocation false', () => ({ ...good(), withoutLocation: false })],
  ])('%s is refused and writes nothing', async (_what, make) => {
    await nothingWritten(async () => {
      const { body } = await phone.agent
        .post('/v1/h5/scans')
        .set('content-type', 'application/json')
        .send(make() as object)
        .expect(400);
      expect(body.error).toMatchObject({
        code: expect.stringMatching(/^bad_/) as string,
        requestId: expect.anything() as string,
      });
    });
  });

  const good = (): object => ({ scanId: scanId(), code: batch.text(7) });
  const place = (change: object): object => ({
    latitude: 31.8,
    longitude: 117.2,
    accuracy: 30,
    datum: 'gcj02',
    ...change,
  });

  it.each([
    ['broken JSON', '{"scanId":', 400],
    ['a prototype', `{"scanId":"${'a'.repeat(20)}","code":"${A_CODE}","__proto__":{"admin":true}}`, 400],
    ['a constructor', `{"scanId":"${'a'.repeat(20)}","constructor":{"prototype":{"x":1}}}`, 400],
    ['five kilobytes', JSON.stringify({ scanId: 'a'.repeat(20), code: A_CODE, pad: 'x'.repeat(5000) }), 413],
  ])('%s', async (_what, text, status) => {
    await nothingWritten(async () => {
      const request = phone.agent.post('/v1/h5/scans').set('content-type', 'application/json');
      const { body } = await request.send(text).expect(status);
      expect(body.error.message).toMatch(/[\u4e00-\u9fff]/);
    });
  });

  it('a form instead of JSON', async () => {
    await nothingWritten(async () => {
      const request = phone.agent.post('/v1/h5/scans').set('content-type', 'application/x-www-form-urlencoded');
      const { body } = await request.send('scanId=1&code=2').expect(415);
      expect(body.error.code).toBe('bad_content_type');
    });
  });

  it('a huge body anywhere', async () => {
    const huge = { content: { pad: 'x'.repeat(70_000) } };
    await nothingWritten(() => desk.post('/v1/console/campaigns').send(huge).expect(413));
  });
});

describe('codes', () => {
  it.each([
    'A012345',
    'A0123456789ABCDEFG',
    'U0123456789ABCDEF',
    '扫码领红包',
    'https://evil.example/A0123456789ABCDEF?',
  ])('malformed %s: 400, no row', async (code) => {
    await nothingWritten(async () => {
      const { body } = await phone.scan(code).expect(400);
      expect(body.error.code).toBe('malformed_code');
    });
  });

  it('forged: 404 verdict unknown, no row, in the shape of every answer', async () => {
    await nothingWritten(async () => {
      const { body } = await phone.scan(A_CODE).expect(404);
      expect(body).toMatchObject({ verdict: 'unknown', code: 'A-0123-4567-89AB-CDEF', reward: null, product: null });
    });
  });

  it('of a key we do not have: unknown', async () => {
    await nothingWritten(() => phone.scan('Z0123456789ABCDEF').expect(404));
  });

  it('not active: says so, gives nothing', async () => {
    const idle = await rig.batch({ active: false });
    await rig.campaign([idle.id]);
    const { body } = await phone.scan(idle.text(1)).expect(200);
    expect(body).toMatchObject({ verdict: 'not_active', reward: null, refusal: { reason: 'not_active' } });
    expect(await rig.count('SELECT COUNT(*) FROM awards WHERE batch_id = ?', [idle.id])).toBe(0);
  });

  it('void: says so, gives nothing', async () => {
    const gone = await rig.batch();
    await rig.campaign([gone.id]);
    await rig.get(VoidRange).run({ batchId: gone.id, layer: 0, from: 10, to: 20 }, { by: null });
    const { body } = await phone.scan(gone.text(12)).expect(200);
    expect(body).toMatchObject({ verdict: 'void', reward: null });
    expect(await rig.count('SELECT COUNT(*) FROM awards WHERE batch_id = ?', [gone.id])).toBe(0);
  });
});

describe('campaigns', () => {
  interface Content {
    rules: { when: unknown; then: { prizes: { odds: number }[] } }[];
    prizes: object[];
  }
  const content = async (): Promise<Content> => {
    const { campaignTemplate } = await import('@app/campaigns');
    return JSON.parse(JSON.stringify(campaignTemplate('坏活动', 1))) as Content;
  };
  const cases: [string, (draft: Content) => unknown, string][] = [
    ['odds that do not sum', (d) => Object.assign(d.rules[0]!.then.prizes[0]!, { odds: 999_999 }), 'odds_sum'],
    [
      'a negative amount',
      (d) => Object.assign(d.prizes[0]!, { amount: { type: 'fixed', fen: -1 } }),
      'negative_amount',
    ],
    [
      'an amount above the law',
      (d) => Object.assign(d.prizes[0]!, { amount: { type: 'fixed', fen: 5_000_001 } }),
      'amount_over_law',
    ],
    ['empty stock', (d) => Object.assign(d.prizes[0]!, { stock: 0 }), 'empty_stock'],
    ['an unknown field', (d) => Object.assign(d.rules[0]!, { when: { field: 'password', op: 'eq', value: 1 } }), ''],
    [
      'an unknown operator',
      (d) => Object.assign(d.rules[0]!, { when: { field: 'product', op: 'matches', value: 1 } }),
      '',
    ],
    ['an unknown part', (d) => Object.assign(d, { script: 'process.exit()' }), ''],
  ];

  it.each(cases)('with %s cannot be saved', async (_what, spoil, code) => {
    const draft = await content();
    spoil(draft);
    await nothingWritten(async () => {
      const { body } = await desk.post('/v1/console/campaigns').send({ content: draft }).expect(422);
      expect(body.error.code).toBe('campaign_invalid');
      if (code !== '') expect(body.error.details).toContainEqual(expect.objectContaining({ code }));
      const check = await desk.post('/v1/console/campaigns:check').send({ content: draft }).expect(200);
      expect(check.body.ok).toBe(false);
    });
  });

  it('budget overrun: the scan is told to wait, nothing is promised', async () => {
    const poor = await rig.batch();
    const budgetId = await rig.budget(50);
    await rig.campaign([poor.id], { budgetId });
    const { body } = await phone.scan(poor.text(1)).expect(200);
    expect(body).toMatchObject({ verdict: 'first', reward: null, refusal: { reason: 'budget_short' } });
    expect(await rig.count('SELECT reserved_fen FROM budgets WHERE id = ?', [budgetId])).toBe(0);
  });
});

describe('exports', () => {
  it.each([
    ['past the end', 'layer=0&from=0&to=100000', 422],
    ['backwards', 'layer=0&from=10&to=5', 422],
    ['of a layer that is not there', 'layer=3&from=0&to=5', 422],
    ['of no numbers', 'layer=x&from=0&to=5', 400],
    ['with more in the query', 'layer=0&from=0&to=5&batch=9', 400],
  ])('%s', async (_what, query, status) => {
    const { body } = await desk.get(`/v1/console/code-batches/${batch.id}/codes.csv?${query}`).expect(status);
    expect(body.error.message).toMatch(/[\u4e00-\u9fff]/);
  });

  it('of a batch that is not there', () =>
    desk.get('/v1/console/code-batches/4000000/codes.csv?layer=0&from=0&to=5').expect(404));

  it('streams what exists, the serial only when asked for', async () => {
    const url = `/v1/console/code-batches/${batch.id}/codes.csv?layer=0&from=0&to=3`;
    const plain = await desk
      .get(url)
      .expect(200)
      .expect('content-type', /text\/csv/);
    expect(plain.text.split('\r\n').slice(0, 2)).toEqual([
      'code,url',
      `${batch.text(0)},HTTPS://Q.EXAMPLE.CN/${batch.text(0)}`,
    ]);
    const forbidden = await desk.get(`${url}&serial=1`).expect(403);
    expect(forbidden.body.error.code).toBe('serials_forbidden');
    const owner = await rig.desk({ role: 'owner' });
    const full = await owner.get(`${url}&serial=1`).expect(200);
    expect(full.text.split('\r\n')[3]).toMatch(/,2$/);
  });
});

it('a request that goes too fast is told how long to wait', async () => {
  const strict = await ApiRig.open({ profile: 'local' });
  try {
    const eager = await strict.phone();
    const answers = [];
    for (let n = 0; n < 32; n++) answers.push(await eager.scan(A_CODE));
    const late = answers.filter(({ status }) => status === 429);
    expect(late.length).toBeGreaterThanOrEqual(1);
    expect(late[0]!.body.error.code).toBe('too_fast');
    expect(Number(late[0]!.headers['retry-after'])).toBeGreaterThanOrEqual(1);
  } finally {
    await strict.close();
  }
});
