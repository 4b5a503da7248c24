import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Rejected } from '@app/kernel';
import { createLogger } from '@app/observability';
import { openTestDatabase, testConfig, type TestDatabase } from '@app/testing';
import {
  ActivateRange,
  BatchList,
  BindLot,
  ChangePrice,
  CloseBatch,
  CodeBook,
  CodeCatalog,
  codesEntities,
  CreateProduct,
  DeactivateRange,
  DraftBatch,
  ExportCodes,
  FreezeBatch,
  FreezeRange,
  IssueBatch,
  ProductList,
  RecordLot,
  UnfreezeBatch,
  VoidRange,
  type NewProduct,
} from './index';

const config = testConfig();
const book = new CodeBook(config.keys.codes);
const log = createLogger('test', 'silent');
const act = { by: null };
const unique = `${Date.now().toString(36)}-${process.pid}`;

let db: TestDatabase;
let catalog: CodeCatalog;
let createProduct: CreateProduct;
let draft: DraftBatch;
let issue: IssueBatch;
let activate: ActivateRange;
let exporter: ExportCodes;

beforeAll(async () => {
  db = await openTestDatabase({ entities: codesEntities });
  createProduct = new CreateProduct(db.unitOfWork);
  draft = new DraftBatch(db.unitOfWork, book);
  issue = new IssueBatch(db.unitOfWork, book);
  activate = new ActivateRange(db.unitOfWork);
  exporter = new ExportCodes(db.database, book, config);
  catalog = new CodeCatalog(db.database, config, log);
});
afterAll(() => db.close());

let count = 0;
const product = (change: Partial<NewProduct> = {}): NewProduct => ({
  sku: `QH-${unique}-${++count}`.slice(0, 32),
  gtin: '6901234567892',
  name: '青禾气泡茶 青柠',
  line: 'sparkling-tea',
  spec: '500 ml',
  unitsPerCase: 15,
  imageUrl: null,
  priceFen: 550,
  ...change,
});
const LAYERS = [
  { layer: 0, name: '盖内码', purpose: 'prize' },
  { layer: 1, name: '盖外码', purpose: 'verify' },
] as const;

async function issuedBatch(
  change: { quantity?: number; carrier?: 'short' | 'gs1'; expiresAt?: Date } = {},
): Promise<number> {
  const { id: productId } = await createProduct.run(product(), act);
  const { id } = await draft.run({ productId, name: '2026 夏季', quantity: 1000, layers: LAYERS, ...change }, act);
  await issue.run(id, act);
  return id;
}

/** Resolves on a node that has just refreshed. */
async function stateOf(batch: number, serial: number, at = new Date(Date.now() + 1000), layer = 0): Promise<string> {
  await catalog.refreshAll();
  const code = catalog.resolve({ batch, layer, serial }, at);
  return code.kind === 'known' ? code.state : code.kind;
}

async function rejection(work: Promise<unknown>): Promise<Rejected> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Rejected)) throw new Error(`was not rejected: ${String(error)}`);
  return error;
}

const rows = (table: string, batch: number) => db.database.query(`SELECT * FROM ${table} WHERE batch_id = ?`, [batch]);

describe('schema', () => {
  it('is what the entities say', async () => {
    const { upQueries } = await db.source.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });
});

describe('products', () => {
  it('are kept with a 14-digit GTIN and a price that is versioned', async () => {
    const { id } = await createProduct.run(product(), act);
    await new ChangePrice(db.unitOfWork).run(
      { productId: id, priceFen: 600, from: new Date(Date.now() + 3_600_000) },
      act,
    );
    const list = new ProductList(db.database);
    const found = (await list.page({ limit: 100 })).items.find((item) => item.id === id);
    expect(found).toMatchObject({ gtin: '06901234567892', priceFen: 550, unitsPerCase: 15, line: 'sparkling-tea' });
  });

  it.each<[string, Partial<NewProduct>]>([
    ['sku', { sku: 'a b' }],
    ['gtin', { gtin: '6901234567893' }],
    ['name', { name: '   ' }],
    ['name', { name: '长'.repeat(65) }],
    ['line', { line: 'Tea' }],
    ['spec', { spec: 'a\nb' }],
    ['unitsPerCase', { unitsPerCase: 0 }],
    ['imageUrl', { imageUrl: 'javascript:alert(1)' }],
    ['priceFen', { priceFen: 1.5 }],
    ['priceFen', { priceFen: -1 }],
    ['priceFen', { priceFen: 100_000_001 }],
  ])('refuse a faulty %s', async (field, change) => {
    const before = (await db.database.query('SELECT id FROM products')).length;
    expect(await rejection(createProduct.run(product(change), act))).toMatchObject({ status: 422, details: { field } });
    expect((await db.database.query('SELECT id FROM products')).length).toBe(before);
  });

  it('refuse a SKU twice, also from two people at once', async () => {
    const same = product();
    const results = await Promise.allSettled([createProduct.run(same, act), createProduct.run(same, act)]);
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await rejection(createProduct.run(same, act))).toMatchObject({ code: 'sku_taken', status: 409 });
  });
});

describe('batches', () => {
  it('are unknown as drafts, known and inactive once issued, active once activated', async () => {
    const { id: productId } = await createProduct.run(product(), act);
    const { id } = await draft.run({ productId, name: '2026 夏季', quantity: 1000, layers: LAYERS }, act);
    expect(await stateOf(id, 5)).toBe('unknown');
    await issue.run(id, act);
    expect(await stateOf(id, 5)).toBe('inactive');
    await activate.run({ batchId: id, layer: 0, from: 0, to: 10 }, act);
    expect([await stateOf(id, 9), await stateOf(id, 10), await stateOf(id, 9, undefined, 1)]).toEqual([
      'active',
      'inactive',
      'inactive',
    ]);
    expect([await stateOf(id, 1000), await stateOf(id, 5, undefined, 7)]).toEqual(['unknown', 'unknown']);
  });

  it.each([
    ['quantity', { quantity: 0 }],
    ['quantity', { quantity: 2 ** 30 + 1 }],
    ['quantity', { quantity: 1.5 }],
    ['layers', { layers: [] }],
    ['layers', { layers: [LAYERS[0], LAYERS[0]] }],
    ['layers', { layers: [{ layer: 16, name: '垛码', purpose: 'logistics' as const }] }],
    ['layers', { layers: [{ layer: 0, name: '盖内码', purpose: 'lottery' as 'prize' }] }],
    ['name', { name: '' }],
    ['productId', { productId: 4_000_000_000 }],
    ['expiresAt', { expiresAt: new Date(NaN) }],
    ['carrier', { carrier: 'datamatrix' as 'gs1' }],
  ])('refuse a faulty %s', async (field, change) => {
    const { id: productId } = await createProduct.run(product(), act);
    const error = await rejection(
      draft.run({ productId, name: '坏批次', quantity: 10, layers: LAYERS, ...change }, act),
    );
    expect(error).toMatchObject({ status: 422, details: { field } });
    expect(await db.database.query('SELECT id FROM code_batches WHERE product_id = ?', [productId])).toEqual([]);
  });

  it('refuse a GS1 carrier without a GTIN', async () => {
    const { id: productId } = await createProduct.run(product({ gtin: null }), act);
    const work = draft.run({ productId, name: '无条码', quantity: 10, layers: LAYERS, carrier: 'gs1' }, act);
    expect((await rejection(work)).details).toEqual({ field: 'carrier' });
  });

  it('are issued once, also by two people at once', async () => {
    const { id: productId } = await createProduct.run(product(), act);
    const { id } = await draft.run({ productId, name: '并发', quantity: 10, layers: LAYERS }, act);
    const results = await Promise.allSettled([issue.run(id, act), issue.run(id, act)]);
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await rejection(issue.run(id, act))).toMatchObject({ code: 'batch_status', status: 409 });
    expect(await rejection(issue.run(4_000_000, act))).toMatchObject({ code: 'no_such_batch', status: 404 });
  });

  it('raise their epoch with every change', async () => {
    const { id: productId } = await createProduct.run(product(), act);
    const batchId = (await draft.run({ productId, name: '纪元', quantity: 100, layers: LAYERS }, act)).id;
    const range = { batchId, layer: 0, from: 0, to: 10 };
    const { id: lotId } = await new RecordLot(db.unitOfWork).run(lot(productId), act);
    const epochs = [
      await issue.run(batchId, act),
      await activate.run(range, act),
      await new FreezeRange(db.unitOfWork).run(range, act),
      await new DeactivateRange(db.unitOfWork).run(range, act),
      await new FreezeBatch(db.unitOfWork).run(batchId),
      await new UnfreezeBatch(db.unitOfWork).run(batchId),
      await new BindLot(db.unitOfWork).run({ ...range, lotId }, act),
      await new VoidRange(db.unitOfWork).run(range, act),
      await new CloseBatch(db.unitOfWork).run(batchId),
    ].map(({ epoch }) => epoch);
    expect(epochs).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('notice a new price by their epoch', async () => {
    const id = await issuedBatch();
    await catalog.refreshAll();
    const epoch = catalog.epochOf(id)!;
    const [row] = await db.database.query<{ product: number }>(
      'SELECT product_id AS product FROM code_batches WHERE id = ?',
      [id],
    );
    await new ChangePrice(db.unitOfWork).run({ productId: row!.product, priceFen: 777 }, act);
    await catalog.refreshAll();
    expect(catalog.epochOf(id)).toBe(epoch + 1);
    expect(catalog.resolve({ batch: id, layer: 0, serial: 1 }, new Date(Date.now() + 1000))).toMatchObject({
      priceFen: 777,
    });
  });
});

describe('segments', () => {
  it.each([
    [0, 0],
    [-1, 5],
    [5, 4],
    [0, 1001],
    [0.5, 2],
    [0, NaN],
  ])('refuse [%d, %d) of a batch of 1,000 and write nothing', async (from, to) => {
    const batchId = await issuedBatch();
    expect(await rejection(activate.run({ batchId, layer: 0, from, to }, act))).toMatchObject({
      code: 'no_such_range',
      status: 422,
    });
    expect(await rows('code_segment_events', batchId)).toEqual([]);
  });

  it('refuse layers, drafts and closed batches', async () => {
    const batchId = await issuedBatch();
    expect(await rejection(activate.run({ batchId, layer: 5, from: 0, to: 1 }, act))).toMatchObject({
      code: 'no_such_layer',
      status: 422,
    });
    expect((await rejection(activate.run({ batchId: 4_000_000, layer: 0, from: 0, to: 1 }, act))).status).toBe(404);
    await new CloseBatch(db.unitOfWork).run(batchId);
    expect((await rejection(activate.run({ batchId, layer: 0, from: 0, to: 1 }, act))).status).toBe(409);
    const { id: productId } = await createProduct.run(product(), act);
    const drafted = await draft.run({ productId, name: '草稿', quantity: 10, layers: LAYERS }, act);
    expect((await rejection(activate.run({ batchId: drafted.id, layer: 0, from: 0, to: 1 }, act))).status).toBe(409);
    expect(await rows('code_segment_events', batchId)).toEqual([]);
  });

  it('take effect at the instant that was set, without another word from the database', async () => {
    const batchId = await issuedBatch();
    const effectiveAt = new Date(Date.now() + 3_600_000);
    await activate.run({ batchId, layer: 0, from: 0, to: 100, effectiveAt }, act);
    expect(await stateOf(batchId, 50, new Date(effectiveAt.getTime() - 1))).toBe('inactive');
    expect(await stateOf(batchId, 50, effectiveAt)).toBe('active');
  });

  it('stay void for ever', async () => {
    const batchId = await issuedBatch();
    await new VoidRange(db.unitOfWork).run({ batchId, layer: 0, from: 40, to: 50, reason: '整卷报废' }, act);
    expect(await rejection(activate.run({ batchId, layer: 0, from: 0, to: 41 }, act))).toMatchObject({
      code: 'range_void',
      status: 409,
    });
    await activate.run({ batchId, layer: 0, from: 0, to: 40 }, act);
    expect([await stateOf(batchId, 39), await stateOf(batchId, 40)]).toEqual(['active', 'void']);
  });

  it('yield to a frozen batch and come back with it', async () => {
    const batchId = await issuedBatch();
    await activate.run({ batchId, layer: 0, from: 0, to: 10 }, act);
    await new FreezeBatch(db.unitOfWork).run(batchId);
    expect([await stateOf(batchId, 5), await stateOf(batchId, 500)]).toEqual(['frozen', 'frozen']);
    await new UnfreezeBatch(db.unitOfWork).run(batchId);
    expect(await stateOf(batchId, 5)).toBe('active');
  });

  it('are recorded one after the other when many people change one batch', async () => {
    const batchId = await issuedBatch();
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => activate.run({ batchId, layer: 0, from: i * 10, to: i * 10 + 10 }, act)),
    );
    await catalog.refreshAll();
    expect(catalog.epochOf(batchId)).toBe(22);
    expect([await stateOf(batchId, 0), await stateOf(batchId, 199), await stateOf(batchId, 200)]).toEqual([
      'active',
      'active',
      'inactive',
    ]);
  });

  it('may not be rewritten by the app, whatever its code does', async () => {
    const batchId = await issuedBatch();
    await activate.run({ batchId, layer: 0, from: 0, to: 10 }, act);
    const rewrite = db.unitOfWork.run((tx) =>
      tx.execute("UPDATE code_segment_events SET state = 'void' WHERE batch_id = ?", [batchId]),
    );
    await expect(rewrite).rejects.toThrow(/denied/i);
  });
});

const lot = (productId: number) => ({
  lotNo: `L${unique.toUpperCase()}.${++count}`.slice(-20).replace(/^[^0-9A-Z]/, 'L'),
  productId,
  plant: '合肥',
  line: '3 号线',
  producedOn: '2026-06-01',
  expiresOn: '2027-02-28',
});

describe('production lots', () => {
  const record = () => new RecordLot(db.unitOfWork);
  const bind = () => new BindLot(db.unitOfWork);

  it('are bound by range, the last word counting, and unknown elsewhere', async () => {
    const batchId = await issuedBatch();
    const [row] = await db.database.query<{ product: number }>(
      'SELECT product_id AS product FROM code_batches WHERE id = ?',
      [batchId],
    );
    const first = lot(row!.product);
    const second = lot(row!.product);
    const { id: firstId } = await record().run(first, act);
    const { id: secondId } = await record().run(second, act);
    await bind().run({ batchId, layer: 0, from: 0, to: 100, lotId: firstId }, act);
    await bind().run({ batchId, layer: 0, from: 50, to: 60, lotId: secondId }, act);
    await catalog.refreshAll();
    const lotOf = (serial: number) => {
      const code = catalog.resolve({ batch: batchId, layer: 0, serial }, new Date());
      return code.kind === 'known' ? code.lot : 'unknown';
    };
    expect(
      [lotOf(49), lotOf(50), lotOf(60), lotOf(100)].map((found) => (found as { id: number } | null)?.id ?? null),
    ).toEqual([firstId, secondId, firstId, null]);
    expect(lotOf(0)).toEqual({
      id: firstId,
      lotNo: first.lotNo,
      plant: '合肥',
      line: '3 号线',
      producedOn: '2026-06-01',
      expiresOn: '2027-02-28',
    });
    expect((await new ProductList(db.database).lots({ limit: 100 })).items.map(({ id }) => id)).toContain(secondId);
  });

  it('may be entered twice with the same facts, not with others', async () => {
    const { id: productId } = await createProduct.run(product(), act);
    const one = lot(productId);
    const { id } = await record().run(one, act);
    expect(await record().run(one, act)).toEqual({ id });
    expect(await rejection(record().run({ ...one, plant: '佛山' }, act))).toMatchObject({
      code: 'lot_taken',
      status: 409,
    });
    expect((await rejection(record().run({ ...one, expiresOn: null }, act))).status).toBe(409);
  });

  it('refuse faults, lots of other products and ranges that do not exist', async () => {
    const batchId = await issuedBatch();
    const { id: other } = await createProduct.run(product(), act);
    const { id: lotId } = await record().run(lot(other), act);
    const range = { batchId, layer: 0, from: 0, to: 10 };
    expect((await rejection(bind().run({ ...range, lotId }, act))).code).toBe('lot_of_other_product');
    expect((await rejection(bind().run({ ...range, lotId: 4_000_000_000 }, act))).code).toBe('no_such_lot');
    expect((await rejection(bind().run({ ...range, to: 1001, lotId }, act))).code).toBe('no_such_range');
    for (const [field, change] of [
      ['lotNo', { lotNo: 'a/b' }],
      ['producedOn', { producedOn: '2026-02-30' }],
      ['expiresOn', { expiresOn: '2026-05-31' }],
      ['plant', { plant: '' }],
      ['productId', { productId: 4_000_000_000 }],
    ] as const) {
      expect(await rejection(record().run({ ...lot(other), ...change }, act))).toMatchObject({
        status: 422,
        details: { field },
      });
    }
    expect(await rows('lot_bindings', batchId)).toEqual([]);
  });
});

describe('code catalog', () => {
  it('is refreshed inside the scan transaction when its epoch is stale, on one connection', async () => {
    const single = await openTestDatabase({ entities: codesEntities, poolSize: 1 });
    try {
      const node = new CodeCatalog(single.database, config, log);
      const batchId = await issuedBatch();
      await activate.run({ batchId, layer: 0, from: 0, to: 10 }, act);
      await node.refreshAll();
      await new FreezeBatch(db.unitOfWork).run(batchId);
      const triple = { batch: batchId, layer: 0, serial: 3 };
      expect(node.resolve(triple, new Date(Date.now() + 1000))).toMatchObject({ state: 'active' });
      const state = await single.unitOfWork.run(async (tx) => {
        const epochs = await node.readBatchEpochs(tx, [batchId, batchId]);
        expect(epochs.get(batchId)).toMatchObject({ frozen: true, status: 'active' });
        expect(node.staleAmong(epochs)).toEqual([batchId]);
        await node.refresh(tx, node.staleAmong(epochs));
        expect(node.staleAmong(epochs)).toEqual([]);
        return node.resolve(triple, new Date());
      });
      expect(state).toMatchObject({ kind: 'known', state: 'frozen', pays: false });
    } finally {
      await single.close();
    }
  });

  it('hears of a batch issued elsewhere a moment ago, and asks once a second for one that does not exist', async () => {
    const node = new CodeCatalog(db.database, config, log);
    const batchId = await issuedBatch();
    expect(node.resolve({ batch: batchId, layer: 0, serial: 1 }, new Date()).kind).toBe('unknown');
    await node.ensure([batchId]);
    expect(node.resolve({ batch: batchId, layer: 0, serial: 1 }, new Date()).kind).toBe('known');

    const asked = jest.spyOn(db.database, 'query');
    await node.ensure([batchId]);
    expect(asked).toHaveBeenCalledTimes(0);
    await node.ensure([4_100_000]);
    const first = asked.mock.calls.length;
    await node.ensure([4_100_000]);
    expect([first > 0, asked.mock.calls.length]).toEqual([true, first]);
    asked.mockRestore();
  });

  it('equals a fresh reading after any number of steps taken one by one', async () => {
    const batchId = await issuedBatch();
    const grown = new CodeCatalog(db.database, config, log);
    await grown.ensure([batchId]);
    const [row] = await db.database.query<{ product: number }>(
      'SELECT product_id AS product FROM code_batches WHERE id = ?',
      [batchId],
    );
    const { id: lotId } = await new RecordLot(db.unitOfWork).run(lot(row!.product), act);
    const changes = [activate, new FreezeRange(db.unitOfWork), new DeactivateRange(db.unitOfWork)];
    for (let i = 0; i < 24; i++) {
      const from = (i * 379) % 900;
      const range = { batchId, layer: i % 2, from, to: from + 1 + ((i * 53) % 100) };
      if (i % 5 === 4) await new BindLot(db.unitOfWork).run({ ...range, lotId }, act);
      else await changes[i % 3]!.run(range, act);
      // Two refreshes at once overlap on purpose.
      await Promise.all([grown.refreshAll(), db.unitOfWork.run((tx) => grown.refresh(tx, [batchId]))]);
    }
    const fresh = new CodeCatalog(db.database, config, log);
    await fresh.ensure([batchId]);
    const at = new Date(Date.now() + 1000);
    for (let serial = 0; serial < 1000; serial++) {
      for (const layer of [0, 1]) {
        const code = { batch: batchId, layer, serial };
        if (JSON.stringify(grown.resolve(code, at)) !== JSON.stringify(fresh.resolve(code, at)))
          throw new Error(`${layer}:${serial}`);
      }
    }
    expect(grown.epochOf(batchId)).toBe(fresh.epochOf(batchId));
  });
});

describe('batch list', () => {
  it('pages newest first without gap or repeat', async () => {
    const { id: productId } = await createProduct.run(product(), act);
    const ids: number[] = [];
    for (let i = 0; i < 7; i++)
      ids.push((await draft.run({ productId, name: `第 ${i} 批`, quantity: 10, layers: LAYERS }, act)).id);
    const list = new BatchList(db.database);
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const page = await list.page({ productId, limit: 3, cursor });
      seen.push(...page.items.map((item) => item.id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(ids.reverse());
    expect((await rejection(list.page({ cursor: "1' OR 1" }))).status).toBe(400);
  });

  it('tells a batch with its segments, lots and counts', async () => {
    const batchId = await issuedBatch();
    await activate.run({ batchId, layer: 0, from: 0, to: 300 }, act);
    await new VoidRange(db.unitOfWork).run({ batchId, layer: 0, from: 100, to: 110 }, act);
    const detail = await new BatchList(db.database).detail(batchId);
    expect(detail.segments.map(({ from, to, state }) => [from, to, state])).toEqual([
      [0, 100, 'active'],
      [100, 110, 'void'],
      [110, 300, 'active'],
    ]);
    expect(detail.counts).toEqual([
      { layer: 0, inactive: 700, active: 290, frozen: 0, void: 10 },
      { layer: 1, inactive: 1000, active: 0, frozen: 0, void: 0 },
    ]);
    expect(detail).toMatchObject({ status: 'active', keyChar: 'A', layers: LAYERS });
    expect((await rejection(new BatchList(db.database).detail(4_000_000))).status).toBe(404);
  });
});

describe('export', () => {
  const read = async (stream: AsyncIterable<Buffer>) => {
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part);
    return Buffer.concat(parts).toString('latin1');
  };

  it('gives every code of the range once, in order, with its URL and only on demand its serial', async () => {
    const batchId = await issuedBatch({ quantity: 20_000 });
    const text = await read(await exporter.open({ batchId, layer: 1, from: 95, to: 10_105, withSerial: true }));
    const lines = text.split('\r\n');
    expect(lines[0]).toBe('code,url,serial');
    expect(lines.at(-1)).toBe('');
    const data = lines.slice(1, -1);
    expect(data).toHaveLength(10_010);
    data.forEach((line, i) => {
      const [code, url, serial] = line.split(',');
      const decoded = book.decode(code!);
      if (typeof decoded === 'string') throw new Error(line);
      if (decoded.batch !== batchId || decoded.layer !== 1 || decoded.serial !== 95 + i) throw new Error(line);
      if (url !== `HTTPS://Q.EXAMPLE.CN/${code}` || serial !== String(95 + i)) throw new Error(line);
    });
    const plain = await read(await exporter.open({ batchId, layer: 1, from: 95, to: 10_105, withSerial: false }));
    expect(plain.split('\r\n').slice(1, -1)).toEqual(data.map((line) => line.slice(0, line.lastIndexOf(','))));
    // Nothing that a spreadsheet could take for a formula.
    expect(text).toMatch(/^[0-9A-Za-z,:/.\r\n-]*$/);
    expect(lines.some((line) => line.split(',').some((cell) => /^[=+\-@\t]/.test(cell)))).toBe(false);
  });

  it('prints Digital Links for a GS1 batch', async () => {
    const batchId = await issuedBatch({ carrier: 'gs1' });
    const [, line] = (await read(await exporter.open({ batchId, layer: 0, from: 7, to: 8, withSerial: false }))).split(
      '\r\n',
    );
    expect(line).toMatch(/^(\w{17}),HTTPS:\/\/Q\.EXAMPLE\.CN\/01\/06901234567892\/21\/\1$/);
  });

  it('refuses before the first byte: no batch, a draft, a range or layer that does not exist', async () => {
    const batchId = await issuedBatch();
    const request = { batchId, layer: 0, from: 0, to: 1000, withSerial: false };
    expect((await rejection(exporter.open({ ...request, batchId: 4_000_000 }))).status).toBe(404);
    expect(await rejection(exporter.open({ ...request, to: 1001 }))).toMatchObject({
      code: 'no_such_range',
      status: 422,
    });
    expect(await rejection(exporter.open({ ...request, layer: 9 }))).toMatchObject({
      code: 'no_such_layer',
      status: 422,
    });
    const { id: productId } = await createProduct.run(product(), act);
    const drafted = await draft.run({ productId, name: '草稿', quantity: 10, layers: LAYERS }, act);
    expect((await rejection(exporter.open({ ...request, batchId: drafted.id, to: 1 }))).status).toBe(409);
  });

  it('keeps its memory and lets other work run, however long the range', async () => {
    const batchId = await issuedBatch({ quantity: 2 ** 30 });
    const stream = await exporter.open({ batchId, layer: 0, from: 2 ** 30 - 400_000, to: 2 ** 30, withSerial: true });
    let turns = 0;
    const other = setInterval(() => turns++, 1);
    let bytes = 0;
    let peak = 0;
    const before = process.memoryUsage().rss;
    for await (const part of stream) {
      bytes += part.length;
      peak = Math.max(peak, process.memoryUsage().rss - before);
    }
    clearInterval(other);
    expect(bytes).toBe(
      'code,url,serial\r\n'.length +
        400_000 * `${'0'.repeat(17)},HTTPS://Q.EXAMPLE.CN/${'0'.repeat(17)},1073741823\r\n`.length,
    );
    expect(turns).toBeGreaterThan(10);
    expect(peak).toBeLessThan(120 * 1024 * 1024);
  });

  it('waits for a slow reader and stops when it leaves', async () => {
    const batchId = await issuedBatch({ quantity: 1_000_000 });
    const source = Readable.from(
      await exporter.open({ batchId, layer: 0, from: 0, to: 1_000_000, withSerial: false }),
      { objectMode: false },
    );
    const slow = new PassThrough({ highWaterMark: 1024 });
    const piped = pipeline(source, slow);
    await once(slow, 'readable');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(source.readableLength + slow.readableLength + slow.writableLength).toBeLessThan(3 * 1024 * 1024);
    slow.destroy();
    await expect(piped).rejects.toThrow();
    expect(source.destroyed).toBe(true);
  });

  it('makes labels for a sheet, 480 at most', async () => {
    const batchId = await issuedBatch();
    const sheet = await exporter.labels({ batchId, layer: 0, from: 10, to: 34 });
    expect(sheet.labels).toHaveLength(24);
    expect(book.decode(sheet.labels[0]!.code)).toMatchObject({ batch: batchId, layer: 0, serial: 10 });
    expect(sheet.labels[0]).toMatchObject({ productName: '青禾气泡茶 青柠', layerName: '盖内码' });
    expect((await rejection(exporter.labels({ batchId, layer: 0, from: 0, to: 481 }))).code).toBe('too_many_labels');
  });
});
