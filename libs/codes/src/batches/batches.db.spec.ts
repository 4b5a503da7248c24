import { openTestDatabase, type TestDatabase } from '@app/testing';
import { aLot, aProduct, act, book, config, issuedBatch, LAYERS, log, rejection } from '../fixtures/issued-batch';
import {
  ActivateRange,
  BatchList,
  BindLot,
  ChangePrice,
  CloseBatch,
  CodeCatalog,
  codesEntities,
  CreateProduct,
  DeactivateRange,
  DraftBatch,
  FreezeBatch,
  FreezeRange,
  IssueBatch,
  ProductList,
  RecordLot,
  UnfreezeBatch,
  VoidRange,
  type NewProduct,
} from '../index';

let db: TestDatabase;
let catalog: CodeCatalog;
let createProduct: CreateProduct;
let draft: DraftBatch;
let issue: IssueBatch;
let activate: ActivateRange;

beforeAll(async () => {
  db = await openTestDatabase({ entities: codesEntities });
  createProduct = new CreateProduct(db.unitOfWork);
  draft = new DraftBatch(db.unitOfWork, book);
  issue = new IssueBatch(db.unitOfWork, book);
  activate = new ActivateRange(db.unitOfWork);
  catalog = new CodeCatalog(db.database, config, log);
});
afterAll(() => db.close());

/** Resolves on a node that has just refreshed. */
async function stateOf(batch: number, serial: number, at = new Date(Date.now() + 1000), layer = 0): Promise<string> {
  await catalog.refreshAll();
  const code = catalog.resolve({ batch, layer, serial }, at);
  return code.kind === 'known' ? code.state : code.kind;
}

describe('schema', () => {
  it('is what the entities say', async () => {
    const { upQueries } = await db.source.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });
});

describe('products', () => {
  it('are kept with a 14-digit GTIN and a price that is versioned', async () => {
    const { id } = await createProduct.run(aProduct(), act);
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
    expect(await rejection(createProduct.run(aProduct(change), act))).toMatchObject({
      status: 422,
      details: { field },
    });
    expect((await db.database.query('SELECT id FROM products')).length).toBe(before);
  });

  it('refuse a SKU twice, also from two people at once', async () => {
    const same = aProduct();
    const results = await Promise.allSettled([createProduct.run(same, act), createProduct.run(same, act)]);
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await rejection(createProduct.run(same, act))).toMatchObject({ code: 'sku_taken', status: 409 });
  });
});

describe('batches', () => {
  it('are unknown as drafts, known and inactive once issued, active once activated', async () => {
    const { id: productId } = await createProduct.run(aProduct(), act);
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
    const { id: productId } = await createProduct.run(aProduct(), act);
    const error = await rejection(
      draft.run({ productId, name: '坏批次', quantity: 10, layers: LAYERS, ...change }, act),
    );
    expect(error).toMatchObject({ status: 422, details: { field } });
    expect(await db.database.query('SELECT id FROM code_batches WHERE product_id = ?', [productId])).toEqual([]);
  });

  it('refuse a GS1 carrier without a GTIN', async () => {
    const { id: productId } = await createProduct.run(aProduct({ gtin: null }), act);
    const work = draft.run({ productId, name: '无条码', quantity: 10, layers: LAYERS, carrier: 'gs1' }, act);
    expect((await rejection(work)).details).toEqual({ field: 'carrier' });
  });

  it('are issued once, also by two people at once', async () => {
    const { id: productId } = await createProduct.run(aProduct(), act);
    const { id } = await draft.run({ productId, name: '并发', quantity: 10, layers: LAYERS }, act);
    const results = await Promise.allSettled([issue.run(id, act), issue.run(id, act)]);
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await rejection(issue.run(id, act))).toMatchObject({ code: 'batch_status', status: 409 });
    expect(await rejection(issue.run(4_000_000, act))).toMatchObject({ code: 'no_such_batch', status: 404 });
  });

  it('raise their epoch with every change', async () => {
    const { id: productId } = await createProduct.run(aProduct(), act);
    const batchId = (await draft.run({ productId, name: '纪元', quantity: 100, layers: LAYERS }, act)).id;
    const range = { batchId, layer: 0, from: 0, to: 10 };
    const { id: lotId } = await new RecordLot(db.unitOfWork).run(aLot(productId), act);
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
    const { batchId: id, productId } = await issuedBatch(db);
    await catalog.refreshAll();
    const epoch = catalog.epochOf(id)!;
    await new ChangePrice(db.unitOfWork).run({ productId: productId, priceFen: 777 }, act);
    await catalog.refreshAll();
    expect(catalog.epochOf(id)).toBe(epoch + 1);
    expect(catalog.resolve({ batch: id, layer: 0, serial: 1 }, new Date(Date.now() + 1000))).toMatchObject({
      priceFen: 777,
    });
  });
});

describe('batch list', () => {
  it('pages newest first without gap or repeat', async () => {
    const { id: productId } = await createProduct.run(aProduct(), act);
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
    const { batchId } = await issuedBatch(db);
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
