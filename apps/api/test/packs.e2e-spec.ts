import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import { until } from '@app/testing';
import { ApiRig, HEFEI, type Desk } from './rig';

let rig: ApiRig;
let [maker, second, guard]: Desk[] = [];
beforeAll(async () => {
  rig = await ApiRig.open();
  await rig.startWorker();
  maker = await rig.desk({ role: 'marketer' });
  second = await rig.desk({ role: 'approver' });
  guard = await rig.desk({ role: 'risk' });
});
afterAll(() => rig.close());

async function unzipped(zip: Buffer, password: string): Promise<Map<string, string>> {
  const reader = new ZipReader(new Uint8ArrayReader(zip), { password, useWebWorkers: false });
  const files = new Map<string, string>();
  for (const entry of await reader.getEntries()) {
    if (!entry.directory)
      files.set(entry.filename, Buffer.from(await entry.getData(new Uint8ArrayWriter())).toString());
  }
  await reader.close();
  return files;
}

const rowsOf = (csv: string): string[] =>
  csv
    .trimEnd()
    .split('\r\n')
    .slice(1)
    .map((row) => row.slice(0, row.indexOf(',')));

it('a pack goes out roll by roll; who scans a code that was never printed tells headquarters whose file leaked', async () => {
  const batch = await rig.batch({ quantity: 2500 });
  await rig.campaign([batch.id]);
  const range = { batchId: batch.id, layer: 0, from: 0, to: 2500, withSerial: false, receiver: '佛山印厂' };
  const order = { ...range, rollSize: 1000, firstRoll: 12 };
  const ask = (change: object) => maker!.post('/v1/console/code-packs').send({ ...order, ...change });
  await ask({ form: 'csv' }).expect(422);
  await ask({ rollSize: 1 }).expect(422);
  await ask({ rollSize: 0 }).expect(400);
  await ask({ honeyPerFile: 9 }).expect(400);
  const { body: asked } = await ask({}).expect(201);
  const path = `/v1/console/code-packs/${asked.id}`;
  const { password } = (await second!.post(`${path}/approve`).send({}).expect(200)).body as { password: string };
  const { body: zip } = await maker!.get(`${path}/codes.zip`).responseType('blob').expect(200);
  const files = await unzipped(zip as Buffer, password);
  expect([...files.keys()]).toEqual(['roll-0012.csv', 'roll-0013.csv', 'roll-0014.csv', 'manifest.json']);
  const last = rowsOf(files.get('roll-0014.csv')!);
  expect(last.slice(0, 500)).toEqual(Array.from({ length: 500 }, (_, at) => batch.text(2000 + at)));
  expect(last).toHaveLength(502);
  const { files: told } = JSON.parse(files.get('manifest.json')!) as { files: { codes: number; spare: number }[] };
  expect(told.map(({ codes, spare }) => [codes, spare])).toEqual([
    [1000, 2],
    [1000, 2],
    [500, 2],
  ]);
  const { body: rolls } = await second!.get(`${path}/rolls?limit=2`).expect(200);
  expect(rolls.items).toMatchObject([
    { roll: 12, from: 0, to: 1000, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    { roll: 13, from: 1000, to: 2000 },
  ]);
  expect(rolls.nextCursor).not.toBeNull();

  const trap = last[501]!;
  const phone = await rig.phone({ ip: HEFEI });
  expect((await phone.scan(trap).expect(200)).body).toMatchObject({ verdict: 'not_active', reward: null });
  const leaks = '/v1/console/risk-clues/leaked-packs';
  const leak = await until('the alarm is there', async () => {
    const { body } = await guard!.get(`${leaks}?state=open`).expect(200);
    return (body.items as { packId: number }[]).find(({ packId }) => packId === asked.id);
  });
  expect(leak).toMatchObject({ receiver: '佛山印厂', scans: 1, members: 1, codes: 1, rolls: [14], downloads: 1 });
  const { body: scans } = await guard!.get(`${leaks}/${asked.id}/scans`).expect(200);
  expect(scans.items).toMatchObject([{ roll: 14, place: '安徽省 合肥市' }]);
  await guard!.get(`/v1/console/scans/${scans.items[0].id}/explanation`).expect(200);
  const { body: honey } = await guard!.get(`${path}/honey-codes`).expect(200);
  expect(honey.items.map(({ codes }: { codes: string[] }) => codes.map((code) => code.replaceAll('-', '')))).toEqual(
    ['roll-0012.csv', 'roll-0013.csv', 'roll-0014.csv'].map((name) => rowsOf(files.get(name)!).slice(-2)),
  );
  for (const desk of [maker!, second!, await rig.desk({ role: 'finance' }), await rig.desk({ role: 'service' })]) {
    await desk.get(`${path}/honey-codes`).expect(403);
    await desk.get(leaks).expect(403);
    await desk.post(`${leaks}/${asked.id}/close`).send({ note: '没事' }).expect(403);
  }
  const auditor = await rig.desk({ role: 'auditor' });
  await auditor.get(leaks).expect(200);
  await auditor.get(`${path}/honey-codes`).expect(403);

  await guard!.post(`${leaks}/${asked.id}/close`).send({}).expect(400);
  await guard!.post(`${leaks}/${asked.id}/close`).send({ note: '印厂外传，已报警' }).expect(204);
  await guard!.post(`${leaks}/${asked.id}/close`).send({ note: '再来' }).expect(409);
  await guard!.post(`${leaks}/4000000/close`).send({ note: '没有' }).expect(404);
  const { body: closed } = await guard!.get(`${leaks}?state=closed`).expect(200);
  expect(closed.items).toContainEqual(
    expect.objectContaining({ packId: asked.id, closed: expect.objectContaining({ note: '印厂外传，已报警' }) }),
  );
  const acts = ['codes.pack-leaked', 'codes.read-honey-codes', 'codes.close-leak'];
  for (const act of acts) {
    const object = `code-pack:${asked.id}`;
    expect(await rig.count('SELECT COUNT(*) FROM audit_log WHERE act = ? AND object = ?', [act, object])).toBe(1);
  }
});

it('a recall ends by the same right that began it, with a reason, and the codes win again', async () => {
  const batch = await rig.batch();
  await rig.campaign([batch.id]);
  const path = `/v1/console/code-batches/${batch.id}`;
  const reason = '复检合格';
  const phone = await rig.phone();
  const verdict = async (serial: number) => (await phone.scan(batch.text(serial)).expect(200)).body.verdict as string;
  const range = { layer: 0, from: 0, to: 10 };
  await guard!
    .post(`${path}/segments/end-recall`)
    .send({ ...range, reason })
    .expect(409);
  const recall = { ...range, state: 'frozen', cause: 'recall', reason: '封口不严' };
  await guard!.post(`${path}/segments`).send(recall).expect(201);
  expect(await verdict(1)).toBe('recalled');
  await guard!
    .post(`${path}/segments`)
    .send({ ...range, state: 'active' })
    .expect(422);
  await guard!.post(`${path}/segments/end-recall`).send(range).expect(400);
  await guard!
    .post(`${path}/segments/end-recall`)
    .send({ ...range, reason: ' ' })
    .expect(422);
  await second!
    .post(`${path}/segments/end-recall`)
    .send({ ...range, reason })
    .expect(403);
  const { body: done } = await guard!
    .post(`${path}/segments/end-recall`)
    .send({ ...range, reason })
    .expect(200);
  expect(done).toEqual({ codes: 10, active: 10 });
  expect(await verdict(1)).toBe('first');

  await guard!.post(`${path}/freeze`).send({ cause: 'recall', reason: '封口不严' }).expect(200);
  expect(await verdict(20)).toBe('recalled');
  await guard!.post(`${path}/unfreeze`).send({}).expect(422);
  await second!.post(`${path}/end-recall`).send({ reason }).expect(403);
  await guard!.post(`${path}/end-recall`).send({ reason }).expect(200);
  await guard!.post(`${path}/end-recall`).send({ reason }).expect(409);
  expect(await verdict(20)).toBe('first');

  const lot = { lotNo: `E${batch.id}.${Date.now() % 1_000_000}`, productId: batch.productId, plant: '合肥', line: '3' };
  const { body: made } = await maker!
    .post('/v1/console/lots')
    .send({ ...lot, producedOn: '2026-06-01' })
    .expect(201);
  const lotPath = `/v1/console/lots/${made.id}`;
  await maker!.post(`${lotPath}/bindings`).send({ batchId: batch.id, layer: 0, from: 50, to: 90 }).expect(201);
  await guard!.post(`${lotPath}/end-recall`).send({ reason }).expect(409);
  await guard!.post(`${lotPath}/recall`).send({ reason: '封口不严' }).expect(200);
  expect(await verdict(60)).toBe('recalled');
  await second!.post(`${lotPath}/end-recall`).send({ reason }).expect(403);
  const { body: ended } = await guard!.post(`${lotPath}/end-recall`).send({ reason }).expect(200);
  expect(ended).toEqual({ batches: 1, codes: 40, active: 40 });
  expect(await verdict(60)).toBe('first');
  const acts = ['codes.end-recall-range', 'codes.end-recall-batch', 'codes.end-recall-lot'];
  for (const [at, object] of [`batch:${batch.id}`, `batch:${batch.id}`, `lot:${made.id}`].entries()) {
    expect(await rig.count('SELECT COUNT(*) FROM audit_log WHERE act = ? AND object = ?', [acts[at]!, object])).toBe(1);
  }
});
