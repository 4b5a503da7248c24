import { createHash, randomUUID } from 'node:crypto';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import { until } from '@app/testing';
import { ApiRig, HEFEI, type Desk } from './rig';

/** 合肥, 广州, 成都: by their addresses. */
const CITIES = [HEFEI, '202.96.128.86', '61.139.2.69'];

let rig: ApiRig;
let hq: Desk;
beforeAll(async () => {
  rig = await ApiRig.open();
  await rig.startWorker();
  hq = await rig.desk();
});
afterAll(() => rig.close());

type Alarm = { batchId: number; from: number; to: number; cityCount: number };
const alarmsOf = async (batchId: number): Promise<Alarm[]> => {
  const { body } = await hq.get('/v1/console/code-alarms?days=3').expect(200);
  return (body.items as Alarm[]).filter((alarm) => alarm.batchId === batchId);
};

it('codes nobody put on sale, scanned in three cities, raise an alarm; activating exactly that range ends it', async () => {
  const began = new Date().toISOString();
  const batch = await rig.batch({ quantity: 5000, active: false });
  const segments = `/v1/console/code-batches/${batch.id}/segments`;
  await hq.post(segments).send({ layer: 0, from: 0, to: 2000, state: 'active', reason: '首批' }).expect(201);
  await new Promise((resolve) => setTimeout(resolve, 300));
  for (const [at, ip] of CITIES.slice(0, 2).entries()) {
    const phone = await rig.phone({ ip });
    expect((await phone.scan(batch.text(2500 + at)).expect(200)).body.verdict).toBe('not_active');
  }
  expect(await alarmsOf(batch.id)).toEqual([]);
  await (await rig.phone({ ip: CITIES[2]! })).scan(batch.text(3100)).expect(200);
  const alarm = await until('the alarm is there', async () => (await alarmsOf(batch.id))[0]);
  expect(alarm).toMatchObject({ layer: 0, from: 2000, to: 5000, scannedFrom: 2000, scannedTo: 4000, cityCount: 3 });
  const { from, to } = alarm;
  await hq.post(segments).send({ layer: 0, from, to, state: 'active', reason: '码告警' }).expect(201);
  expect(await alarmsOf(batch.id)).toEqual([]);
  const { body: history } = await hq.get(`${segments}?limit=1`).expect(200);
  expect(history.items).toMatchObject([{ from: 2000, to: 5000, state: 'active', reason: '码告警' }]);
  await hq.get('/v1/console/code-alarms?days=31').expect(400);

  const found = async (query: string) =>
    (await hq.get(`/v1/console/scans?from=${began}&${query}`).expect(200)).body.items;
  expect((await found('adcode=340000&verdict=not_active')).length).toBeGreaterThan(0);
  expect(await found('adcode=650000')).toEqual([]);
  expect((await found('verdict=not_active')).length).toBe(3);
  await hq.get('/v1/console/scans?adcode=999999').expect(422);
  const first = (await hq.get(`/v1/console/scans?from=${began}&verdict=not_active&limit=2`).expect(200)).body;
  const rest = (
    await hq.get(`/v1/console/scans?from=${began}&verdict=not_active&limit=2&cursor=${first.nextCursor}`).expect(200)
  ).body;
  const ids = [...first.items, ...rest.items].map(({ id }: { id: string }) => id);
  expect(new Set(ids).size).toBe(3);
});

it('a pack of codes needs two people, and a proof is short', async () => {
  const batch = await rig.batch({ quantity: 3000 });
  const other = await rig.desk();
  await hq.get(`/v1/console/code-batches/${batch.id}/codes.csv?layer=0&from=0&to=1001`).expect(422);
  const pack = { batchId: batch.id, layer: 0, from: 0, to: 3000, withSerial: false, form: 'csv', receiver: '合肥印厂' };
  await hq
    .post('/v1/console/code-packs')
    .send({ ...pack, to: 3001 })
    .expect(422);
  await hq
    .post('/v1/console/code-packs')
    .send({ ...pack, withSerial: true })
    .expect(403);
  const { body: asked } = await hq.post('/v1/console/code-packs').send(pack).expect(201);
  const path = `/v1/console/code-packs/${asked.id}`;
  await hq.get(`${path}/codes.csv`).expect(409);
  await hq.post(`${path}/approve`).send({}).expect(403);
  await other.post(`${path}/refuse`).send({}).expect(422);
  await other.post(`${path}/withdraw`).expect(403);
  await other.post(`${path}/approve`).send({}).expect(200, { password: null });
  await other.post(`${path}/refuse`).send({ note: '晚了' }).expect(409);
  for (let i = 0; i < 5; i++) {
    const { text } = await hq.get(`${path}/codes.csv`).expect(200);
    expect(text.trimEnd().split('\r\n')).toHaveLength(3001);
  }
  await hq.get(`${path}/codes.csv`).expect(409);
  const { body } = await hq.get(`/v1/console/code-packs?batchId=${batch.id}`).expect(200);
  expect(body.items).toMatchObject([{ id: asked.id, state: 'approved', downloads: 5 }]);
});

it('a sealed pack opens with the password that whoever approved was told, and says what is in it', async () => {
  const batch = await rig.batch({ quantity: 3000 });
  const other = await rig.desk();
  const range = { batchId: batch.id, layer: 0, from: 1000, to: 3000, withSerial: false };
  const pack = { ...range, receiver: '佛山印厂', honeyPerFile: 0 };
  const { body: asked } = await hq.post('/v1/console/code-packs').send(pack).expect(201);
  const path = `/v1/console/code-packs/${asked.id}`;
  await hq.get(`${path}/codes.csv`).expect(409);
  const { password } = (await other.post(`${path}/approve`).send({}).expect(200)).body as { password: string };
  expect(password).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}$/);
  const { body: zip } = await hq.get(`${path}/codes.zip`).responseType('blob').expect(200);
  expect((zip as Buffer).includes(batch.text(1000))).toBe(false);
  const files = await unzipped(zip as Buffer, password);
  await expect(unzipped(zip as Buffer, `${password.slice(0, -1)}?`)).rejects.toThrow();
  const csv = files.get('codes.csv')!;
  const lines = csv.toString().trimEnd().split('\r\n');
  expect(lines).toHaveLength(2001);
  expect(lines[1]!.startsWith(`${batch.text(1000)},`)).toBe(true);
  const sha256 = createHash('sha256').update(csv).digest('hex');
  const manifest = JSON.parse(files.get('manifest.json')!.toString()) as object;
  expect(manifest).toMatchObject({
    pack: asked.id,
    codes: 2000,
    files: [{ name: 'codes.csv', bytes: csv.length, sha256 }],
  });
  const { body } = await hq.get(`/v1/console/code-packs?batchId=${batch.id}`).expect(200);
  expect(body.items).toMatchObject([{ id: asked.id, form: 'zip', downloads: 1, sha256 }]);
  expect(JSON.stringify(body)).not.toContain(password);
});

async function unzipped(zip: Buffer, password: string): Promise<Map<string, Buffer>> {
  const reader = new ZipReader(new Uint8ArrayReader(zip), { password, useWebWorkers: false });
  const files = new Map<string, Buffer>();
  for (const entry of await reader.getEntries()) {
    if (entry.directory) continue;
    files.set(entry.filename, Buffer.from(await entry.getData(new Uint8ArrayWriter())));
  }
  await reader.close();
  return files;
}

it('products are found, corrected and priced anew; pools are marked; audiences show their people', async () => {
  const { productId } = await rig.batch({ line: 'peach' });
  const path = `/v1/console/products/${productId}`;
  const name = `白桃 ${randomUUID()}`;
  const { body: before } = await hq.get(path).expect(200);
  const same = { line: before.line, spec: before.spec, unitsPerCase: 24 };
  await hq
    .put(path)
    .send({ ...same, name })
    .expect(204);
  await hq
    .put(path)
    .send({ ...same, name, line: 'Peach!' })
    .expect(422);
  await hq.post(`${path}/prices`).send({ priceFen: 650 }).expect(204);
  const { body: after } = await hq.get(path).expect(200);
  expect(after).toMatchObject({ name, unitsPerCase: 24, priceFen: 650 });
  expect(after.prices.map(({ priceFen }: { priceFen: number }) => priceFen)).toEqual([650, 550]);
  const found = (await hq.get(`/v1/console/products?q=${encodeURIComponent(name)}`).expect(200)).body.items;
  expect(found.map(({ id }: { id: number }) => id)).toEqual([productId]);
  expect(
    (await hq.get(`/v1/console/products?q=${encodeURIComponent(`${name.slice(0, -1)}%`)}`).expect(200)).body.items,
  ).toEqual([]);

  const { body: pool } = await hq.post('/v1/console/coupon-pools').send({ name: randomUUID(), lowMark: 0 }).expect(201);
  await hq.put(`/v1/console/coupon-pools/${pool.id}`).send({ lowMark: 10 }).expect(204);
  const { body: low } = await hq.get('/v1/console/coupon-pools?low=1').expect(200);
  expect(low.items).toContainEqual(expect.objectContaining({ id: pool.id, lowMark: 10, low: true }));

  const listed = await rig.count('SELECT COUNT(*) FROM members WHERE merged_into IS NULL AND erased_at IS NULL');
  const condition = { field: 'scans', op: 'gte', value: 0 };
  const { body: audience } = await hq.post('/v1/console/audiences').send({ name: randomUUID(), condition }).expect(201);
  const members = `/v1/console/audiences/${audience.id}/members`;
  const { body: one } = await hq.get(`${members}?limit=1`).expect(200);
  expect(one.items).toHaveLength(1);
  const { body: others } = await hq.get(`${members}?limit=100&cursor=${one.nextCursor}`).expect(200);
  expect(others.items).toHaveLength(Math.min(100, listed - 1));
  expect(others.items).not.toContainEqual(one.items[0]);
  await hq.get('/v1/console/audiences/4000000/members').expect(404);
});
