import { openTestDatabase, type TestDatabase } from '@app/testing';
import { aLot, aProduct, act, book, config, issuedBatch, LAYERS, log, rejection } from '../fixtures/issued-batch';
import {
  ActivateRange,
  BatchList,
  BindLot,
  CloseBatch,
  CodeCatalog,
  codesEntities,
  CreateProduct,
  DeactivateRange,
  DraftBatch,
  EndRecall,
  FreezeBatch,
  FreezeRange,
  ProductList,
  readStagesText,
  RecallLot,
  RecordLot,
  SegmentHistory,
  SetLotStages,
  UnfreezeBatch,
  VoidRange,
} from '../index';

let db: TestDatabase;
let catalog: CodeCatalog;
let createProduct: CreateProduct;
let draft: DraftBatch;
let activate: ActivateRange;

beforeAll(async () => {
  db = await openTestDatabase({ entities: codesEntities });
  createProduct = new CreateProduct(db.unitOfWork);
  draft = new DraftBatch(db.unitOfWork, book);
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

const rows = (table: string, batch: number) => db.database.query(`SELECT * FROM ${table} WHERE batch_id = ?`, [batch]);

describe('segments', () => {
  it.each([
    [0, 0],
    [-1, 5],
    [5, 4],
    [0, 1001],
    [0.5, 2],
    [0, NaN],
  ])('refuse [%d, %d) of a batch of 1,000 and write nothing', async (from, to) => {
    const { batchId } = await issuedBatch(db);
    expect(await rejection(activate.run({ batchId, layer: 0, from, to }, act))).toMatchObject({
      code: 'no_such_range',
      status: 422,
    });
    expect(await rows('code_segment_events', batchId)).toEqual([]);
  });

  it('refuse layers, drafts and closed batches', async () => {
    const { batchId } = await issuedBatch(db);
    expect(await rejection(activate.run({ batchId, layer: 5, from: 0, to: 1 }, act))).toMatchObject({
      code: 'no_such_layer',
      status: 422,
    });
    expect((await rejection(activate.run({ batchId: 4_000_000, layer: 0, from: 0, to: 1 }, act))).status).toBe(404);
    await new CloseBatch(db.unitOfWork).run(batchId);
    expect((await rejection(activate.run({ batchId, layer: 0, from: 0, to: 1 }, act))).status).toBe(409);
    const { id: productId } = await createProduct.run(aProduct(), act);
    const drafted = await draft.run({ productId, name: '草稿', quantity: 10, layers: LAYERS }, act);
    expect((await rejection(activate.run({ batchId: drafted.id, layer: 0, from: 0, to: 1 }, act))).status).toBe(409);
    expect(await rows('code_segment_events', batchId)).toEqual([]);
  });

  it('take effect at the instant that was set, without another word from the database', async () => {
    const { batchId } = await issuedBatch(db);
    const effectiveAt = new Date(Date.now() + 3_600_000);
    await activate.run({ batchId, layer: 0, from: 0, to: 100, effectiveAt }, act);
    expect(await stateOf(batchId, 50, new Date(effectiveAt.getTime() - 1))).toBe('inactive');
    expect(await stateOf(batchId, 50, effectiveAt)).toBe('active');
  });

  it('stay void for ever', async () => {
    const { batchId } = await issuedBatch(db);
    await new VoidRange(db.unitOfWork).run({ batchId, layer: 0, from: 40, to: 50, reason: '整卷报废' }, act);
    expect(await rejection(activate.run({ batchId, layer: 0, from: 0, to: 41 }, act))).toMatchObject({
      code: 'range_void',
      status: 409,
    });
    await activate.run({ batchId, layer: 0, from: 0, to: 40 }, act);
    expect([await stateOf(batchId, 39), await stateOf(batchId, 40)]).toEqual(['active', 'void']);
  });

  it('yield to a frozen batch and come back with it', async () => {
    const { batchId } = await issuedBatch(db);
    await activate.run({ batchId, layer: 0, from: 0, to: 10 }, act);
    await new FreezeBatch(db.unitOfWork).run(batchId);
    expect([await stateOf(batchId, 5), await stateOf(batchId, 500)]).toEqual(['frozen', 'frozen']);
    await new UnfreezeBatch(db.unitOfWork).run(batchId);
    expect(await stateOf(batchId, 5)).toBe('active');
  });

  it('are recorded one after the other when many people change one batch', async () => {
    const { batchId } = await issuedBatch(db);
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

  it('are recalled with a reason, until somebody puts them back, and recalled codes stay void', async () => {
    const { batchId } = await issuedBatch(db);
    const freeze = new FreezeRange(db.unitOfWork);
    await activate.run({ batchId, layer: 0, from: 0, to: 30 }, act);
    const range = { batchId, layer: 0, from: 0, to: 10 };
    const unreasoned = await rejection(freeze.run({ ...range, cause: 'recall', reason: ' ' }, act));
    expect(unreasoned).toMatchObject({ code: 'recall_reason', status: 422, details: { field: 'reason' } });
    const senseless = activate.run({ ...range, cause: 'recall', reason: '玻璃碎屑' }, act);
    expect(await rejection(senseless)).toMatchObject({ code: 'bad_cause', details: { field: 'cause' } });
    expect(await stateOf(batchId, 5)).toBe('active');

    await freeze.run({ ...range, cause: 'recall', reason: '玻璃碎屑' }, act);
    await new VoidRange(db.unitOfWork).run({ ...range, from: 10, to: 20, cause: 'recall', reason: '已销毁' }, act);
    expect([await stateOf(batchId, 5), await stateOf(batchId, 15), await stateOf(batchId, 25)]).toEqual([
      ...['recalled', 'recalled', 'active'],
    ]);
    const { segments } = await new BatchList(db.database).detail(batchId);
    expect(segments.map(({ state, cause }) => [state, cause])).toEqual([
      ['frozen', 'recall'],
      ['void', 'recall'],
      ['active', null],
    ]);
    const [latest] = (await new SegmentHistory(db.database).page(batchId, { limit: 1 })).items;
    expect(latest).toMatchObject({ state: 'void', cause: 'recall', reason: '已销毁' });
    expect((await rejection(activate.run(range, act))).code).toBe('recall_reason');
    await activate.run({ ...range, reason: '查清了' }, act);
    expect(await stateOf(batchId, 5)).toBe('active');
    expect((await rejection(activate.run({ ...range, from: 10, to: 20 }, act))).code).toBe('range_void');
  });

  it('are recalled with their batch, and come back with it', async () => {
    const { batchId } = await issuedBatch(db);
    const freeze = new FreezeBatch(db.unitOfWork);
    await activate.run({ batchId, layer: 0, from: 0, to: 10 }, act);
    expect((await rejection(freeze.run(batchId, { cause: 'recall' }))).code).toBe('recall_reason');
    await freeze.run(batchId);
    await freeze.run(batchId, { cause: 'recall', reason: '封口不严' });
    // A change of a segment meanwhile leaves the recall of the batch alone.
    await activate.run({ batchId, layer: 0, from: 10, to: 20 }, act);
    expect([await stateOf(batchId, 5), await stateOf(batchId, 500)]).toEqual(['recalled', 'recalled']);
    expect(await new BatchList(db.database).detail(batchId)).toMatchObject({ frozen: true, frozenCause: 'recall' });
    expect((await rejection(new UnfreezeBatch(db.unitOfWork).run(batchId))).code).toBe('recall_reason');
    await new UnfreezeBatch(db.unitOfWork).run(batchId, '查清了');
    expect(await stateOf(batchId, 5)).toBe('active');
    await freeze.run(batchId);
    expect(await stateOf(batchId, 5)).toBe('frozen');
  });

  it('may not be rewritten by the app, whatever its code does', async () => {
    const { batchId } = await issuedBatch(db);
    await activate.run({ batchId, layer: 0, from: 0, to: 10 }, act);
    const rewrite = db.unitOfWork.run((tx) =>
      tx.execute("UPDATE code_segment_events SET state = 'void' WHERE batch_id = ?", [batchId]),
    );
    await expect(rewrite).rejects.toThrow(/denied/i);
  });
});

describe('production lots', () => {
  const record = () => new RecordLot(db.unitOfWork);
  const bind = () => new BindLot(db.unitOfWork);

  it('are bound by range, the last word counting, and unknown elsewhere', async () => {
    const { batchId, productId } = await issuedBatch(db);
    const first = aLot(productId);
    const second = aLot(productId);
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
      stagesId: null,
      stages: [],
    });
    expect((await new ProductList(db.database).lots({ limit: 100 })).items.map(({ id }) => id)).toContain(secondId);
  });

  const STAGES = [
    { name: '采茶', at: '2026-05-08', place: '安徽 黄山', detail: '一芽二叶' },
    { name: '灌装', at: '2026-06-01', place: '合肥工厂', detail: null },
  ];
  const tell = () => new SetLotStages(db.unitOfWork);

  it('tell where they have been, in every batch that carries them, and keep each list that was told', async () => {
    const { batchId, productId } = await issuedBatch(db);
    const { id } = await record().run(aLot(productId), act);
    await bind().run({ batchId, layer: 0, from: 0, to: 100, lotId: id }, act);
    await bind().run({ batchId, layer: 1, from: 0, to: 100, lotId: id }, act);
    await catalog.refreshAll();
    const epoch = catalog.epochOf(batchId)!;
    const first = await tell().run(id, [{ ...STAGES[0]!, name: ' 采茶 ', detail: ' ' }], act);
    expect(first.stages).toEqual([{ ...STAGES[0], detail: null }]);
    const second = await tell().run(id, STAGES, act);
    await catalog.refreshAll();
    expect(catalog.epochOf(batchId)).toBe(epoch + 2);
    expect(catalog.resolve({ batch: batchId, layer: 1, serial: 3 }, new Date())).toMatchObject({
      lot: { stagesId: second.stagesId, stages: STAGES },
    });
    expect((await new BatchList(db.database).detail(batchId)).lots[0]!.lot.stages).toEqual(STAGES);
    const listed = (await new ProductList(db.database).lots({ productId })).items;
    expect(listed).toMatchObject([{ stagesId: second.stagesId, stages: STAGES }]);
    expect(JSON.parse((await readStagesText(db.database, first.stagesId!))!)).toEqual(first.stages);
    expect(await tell().run(id, [], act)).toMatchObject({ stages: [] });
    await catalog.refreshAll();
    expect(catalog.resolve({ batch: batchId, layer: 0, serial: 3 }, new Date())).toMatchObject({ lot: { stages: [] } });
  });

  it.each([
    ['stages', Array.from({ length: 9 }, () => STAGES[0]!)],
    ['stages.0.name', [{ ...STAGES[0]!, name: '' }]],
    ['stages.0.name', [{ ...STAGES[0]!, name: '一二三四五六七八九十一二三' }]],
    ['stages.1.at', [STAGES[1]!, STAGES[0]!]],
    ['stages.0.at', [{ ...STAGES[0]!, at: '2026-02-30' }]],
    ['stages.0.place', [{ ...STAGES[0]!, place: 'x'.repeat(33) }]],
    ['stages.0.detail', [{ ...STAGES[0]!, detail: 'x'.repeat(61) }]],
    ['stages.0.detail', [{ ...STAGES[0]!, detail: 'a\nb' }]],
  ])('refuse stages with a fault in %s', async (field, stages) => {
    const { id: productId } = await createProduct.run(aProduct(), act);
    const { id } = await record().run(aLot(productId), act);
    expect(await rejection(tell().run(id, stages, act))).toMatchObject({ code: 'bad_stages', details: { field } });
    expect(await db.database.query('SELECT id FROM lot_stages WHERE lot_id = ?', [id])).toEqual([]);
    expect((await rejection(tell().run(4_000_000_000, [], act))).status).toBe(404);
  });

  it('reach a batch that is bound to them at the same moment', async () => {
    const { batchId, productId } = await issuedBatch(db);
    for (let round = 0; round < 8; round++) {
      const { id: lotId } = await record().run(aLot(productId), act);
      const node = new CodeCatalog(db.database, config, log);
      const binding = bind().run({ batchId, layer: 0, from: round, to: round + 1, lotId }, act);
      await Promise.all([binding, node.refreshAll(), tell().run(lotId, STAGES, act), node.refreshAll()]);
      await node.refreshAll();
      expect(node.resolve({ batch: batchId, layer: 0, serial: round }, new Date())).toMatchObject({
        lot: { id: lotId, stages: STAGES },
      });
    }
  });

  it('are recalled whole: in every batch and layer, what is void too, and nothing that went to another lot', async () => {
    const [one, two] = [await issuedBatch(db), await issuedBatch(db)];
    const { id: lotId } = await record().run(aLot(one.productId), act);
    const { id: later } = await record().run(aLot(one.productId), act);
    const recall = new RecallLot(db.unitOfWork);
    expect((await rejection(recall.run(lotId, '封口不严', act))).code).toBe('lot_without_codes');
    const range = { batchId: one.batchId, layer: 0, from: 100, to: 200 };
    for (const layer of [0, 1]) await bind().run({ ...range, layer, lotId }, act);
    await bind().run({ ...range, from: 150, to: 160, lotId: later }, act);
    await activate.run({ ...range, from: 0, to: 300 }, act);
    await new VoidRange(db.unitOfWork).run({ ...range, from: 190, to: 210 }, act);
    await activate.run({ batchId: two.batchId, layer: 0, from: 0, to: 10 }, act);
    expect((await rejection(recall.run(lotId, ' ', act))).code).toBe('recall_reason');
    expect(await recall.run(lotId, '封口不严', act)).toEqual({ batches: 1, codes: 190 });
    const states = [];
    for (const serial of [99, 100, 149, 150, 160, 189, 190, 199, 200]) states.push(await stateOf(one.batchId, serial));
    expect(states).toEqual([
      ...['active', 'recalled', 'recalled', 'active', 'recalled', 'recalled', 'recalled', 'recalled', 'void'],
    ]);
    expect(await stateOf(one.batchId, 155, undefined, 1)).toBe('recalled');
    expect(await stateOf(two.batchId, 5)).toBe('active');
    const { segments } = await new BatchList(db.database).detail(one.batchId);
    expect(segments.filter(({ state }) => state === 'void').map(({ from, to, cause }) => [from, to, cause])).toEqual([
      [190, 200, 'recall'],
      [200, 210, null],
    ]);
    await new CloseBatch(db.unitOfWork).run(one.batchId);
    expect((await recall.run(lotId, '封口不严', act)).codes).toBe(190);
    expect([await stateOf(one.batchId, 100), await stateOf(one.batchId, 99)]).toEqual(['recalled', 'expired']);
    expect((await rejection(recall.run(4_000_000_000, '封口不严', act))).status).toBe(404);
  });

  it('end their recall whole: what was on sale is again, and what was void, frozen or recalled on its own is not', async () => {
    const { batchId, productId } = await issuedBatch(db);
    const { id: lotId } = await record().run(aLot(productId), act);
    const range = { batchId, layer: 0, from: 100, to: 200 };
    const end = new EndRecall(db.unitOfWork);
    await bind().run({ ...range, lotId }, act);
    expect((await rejection(end.lot(lotId, '复检合格', act))).code).toBe('not_recalled');
    await activate.run({ ...range, from: 0, to: 150 }, act);
    await new FreezeRange(db.unitOfWork).run({ ...range, from: 110, to: 120, reason: '查窜货' }, act);
    await new VoidRange(db.unitOfWork).run({ ...range, from: 190, to: 195, reason: '标签报废' }, act);
    await new RecallLot(db.unitOfWork).run(lotId, '封口不严', act);
    await new FreezeRange(db.unitOfWork).run({ ...range, from: 0, to: 10, cause: 'recall', reason: '另一件事' }, act);
    expect((await rejection(end.lot(lotId, ' ', act))).code).toBe('recall_reason');
    expect((await rejection(end.lot(4_000_000_000, '复检合格', act))).status).toBe(404);
    const node = new CodeCatalog(db.database, config, log);
    await node.refreshAll();
    expect(await end.lot(lotId, '复检合格', act)).toEqual({ batches: 1, codes: 100, active: 40 });
    const states = [];
    for (const serial of [5, 99, 100, 110, 120, 149, 150, 189, 190, 199]) states.push(await stateOf(batchId, serial));
    expect(states).toEqual([
      ...['recalled', 'active', 'active', 'frozen', 'active', 'active', 'inactive', 'inactive', 'void', 'inactive'],
    ]);
    // Another node that had heard of the recall, too.
    await node.refreshAll();
    const at = new Date(Date.now() + 1000);
    expect(node.resolve({ batch: batchId, layer: 0, serial: 105 }, at)).toMatchObject({ state: 'active', pays: true });
    expect((await rejection(end.lot(lotId, '复检合格', act))).code).toBe('not_recalled');
    const [latest] = (await new SegmentHistory(db.database).page(batchId, { limit: 1 })).items;
    expect(latest).toMatchObject({ cause: null, reason: '复检合格' });
  });

  it('end the recall of a range or a batch alone, in a closed batch too', async () => {
    const { batchId } = await issuedBatch(db);
    const end = new EndRecall(db.unitOfWork);
    const range = { batchId, layer: 0, from: 0, to: 50 };
    await activate.run(range, act);
    await new FreezeRange(db.unitOfWork).run({ ...range, cause: 'recall', reason: '玻璃碎屑' }, act);
    expect((await rejection(end.range({ ...range, from: 60, to: 70 }, '查清了', act))).code).toBe('not_recalled');
    expect((await rejection(end.range({ ...range, to: 1001 }, '查清了', act))).code).toBe('no_such_range');
    expect((await rejection(end.batch(batchId, '查清了'))).code).toBe('not_recalled');
    await new FreezeBatch(db.unitOfWork).run(batchId, { cause: 'recall', reason: '封口不严' });
    expect(await end.range({ ...range, from: 20, to: 90 }, '查清了', act)).toEqual({ codes: 30, active: 30 });
    expect([await stateOf(batchId, 5), await stateOf(batchId, 25)]).toEqual(['recalled', 'recalled']);
    expect((await rejection(end.batch(batchId, ''))).code).toBe('recall_reason');
    await end.batch(batchId, '复检合格');
    expect([await stateOf(batchId, 5), await stateOf(batchId, 25)]).toEqual(['recalled', 'active']);
    await new CloseBatch(db.unitOfWork).run(batchId);
    expect(await stateOf(batchId, 5)).toBe('recalled');
    expect(await end.range(range, '查清了', act)).toEqual({ codes: 20, active: 20 });
    expect(await stateOf(batchId, 5)).toBe('expired');
  });

  it('may be entered twice with the same facts, not with others', async () => {
    const { id: productId } = await createProduct.run(aProduct(), act);
    const one = aLot(productId);
    const { id } = await record().run(one, act);
    expect(await record().run(one, act)).toEqual({ id });
    expect(await rejection(record().run({ ...one, plant: '佛山' }, act))).toMatchObject({
      code: 'lot_taken',
      status: 409,
    });
    expect((await rejection(record().run({ ...one, expiresOn: null }, act))).status).toBe(409);
  });

  it('refuse faults, lots of other products and ranges that do not exist', async () => {
    const { batchId } = await issuedBatch(db);
    const { id: other } = await createProduct.run(aProduct(), act);
    const { id: lotId } = await record().run(aLot(other), act);
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
      expect(await rejection(record().run({ ...aLot(other), ...change }, act))).toMatchObject({
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
      const { batchId } = await issuedBatch(db);
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
    const { batchId } = await issuedBatch(db);
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
    const { batchId, productId } = await issuedBatch(db);
    const grown = new CodeCatalog(db.database, config, log);
    await grown.ensure([batchId]);
    const { id: lotId } = await new RecordLot(db.unitOfWork).run(aLot(productId), act);
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
