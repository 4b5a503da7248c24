import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openTestDatabase, type TestDatabase } from '@app/testing';
import { aProduct, act, book, config, issuedBatch, LAYERS, rejection } from '../fixtures/issued-batch';
import type { Operator } from '@app/staff';
import { codesEntities, CodeSeals, CreateProduct, DraftBatch, ExportCodes } from '../index';

let db: TestDatabase;
let createProduct: CreateProduct;
let draft: DraftBatch;
let exporter: ExportCodes;

beforeAll(async () => {
  db = await openTestDatabase({ entities: codesEntities });
  createProduct = new CreateProduct(db.unitOfWork);
  draft = new DraftBatch(db.unitOfWork, book);
  exporter = new ExportCodes(db.database, book, config);
});
afterAll(() => db.close());

describe('export', () => {
  const read = async (stream: AsyncIterable<Buffer>) => {
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part);
    return Buffer.concat(parts).toString('latin1');
  };

  it('gives every code of the range once, in order, with its URL and only on demand its serial', async () => {
    const { batchId } = await issuedBatch(db, { quantity: 20_000 });
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
    const { batchId } = await issuedBatch(db, { carrier: 'gs1' });
    const [, line] = (await read(await exporter.open({ batchId, layer: 0, from: 7, to: 8, withSerial: false }))).split(
      '\r\n',
    );
    expect(line).toMatch(/^(\w{17}),HTTPS:\/\/Q\.EXAMPLE\.CN\/01\/06901234567892\/21\/\1$/);
  });

  it('gives serials to those who have the right, and to nobody while the range is sealed', async () => {
    const { batchId } = await issuedBatch(db);
    const seals = new CodeSeals();
    const clerk: Operator = { id: 5, login: 'clerk', name: '总部', roles: ['marketer'], distributorId: null };
    const owner: Operator = { ...clerk, roles: ['owner'] };
    const ask = (from: number, to: number, by: Operator | null, withSerial = true) =>
      rejection(exporter.open({ batchId, layer: 0, from, to, withSerial }, by));
    const sealed = { status: 409, code: 'range_sealed' };
    const forbidden = { status: 403, code: 'serials_forbidden' };
    expect(await ask(0, 9, clerk)).toMatchObject(forbidden);
    expect(await ask(0, 9, { ...owner, roles: ['distributor'], rights: ['export-serials'] })).toMatchObject(forbidden);
    const entitled: Operator = { ...clerk, rights: ['export-serials'] };
    for (const by of [owner, entitled]) {
      expect(await exporter.open({ batchId, layer: 0, from: 0, to: 9, withSerial: true }, by)).toBeDefined();
    }
    const range = { batchId, layer: 0, from: 100, to: 200 };
    for (let n = 0; n < 2; n++) await db.unitOfWork.run((tx) => seals.seal(tx, `spec:${batchId}`, range));
    for (const by of [owner, null]) {
      expect(await ask(0, 101, by)).toMatchObject(sealed);
      expect(await ask(199, 300, by)).toMatchObject(sealed);
    }
    const open = (from: number, to: number, layer = 0, withSerial = true) =>
      exporter.open({ batchId, layer, from, to, withSerial }, owner);
    for (const stream of [open(0, 100), open(200, 300), open(0, 300, 1), open(100, 200, 0, false)]) {
      expect(await stream).toBeDefined();
    }
    const elsewhere = db.unitOfWork.run((tx) => seals.seal(tx, `spec:${batchId}`, { ...range, to: 201 }));
    await expect(elsewhere).rejects.toThrow('another range');
    await db.unitOfWork.run((tx) => seals.open(tx, `spec:${batchId}`));
    expect(await open(0, 300)).toBeDefined();
  });

  it('refuses before the first byte: no batch, a draft, a range or layer that does not exist', async () => {
    const { batchId } = await issuedBatch(db);
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
    const { id: productId } = await createProduct.run(aProduct(), act);
    const drafted = await draft.run({ productId, name: '草稿', quantity: 10, layers: LAYERS }, act);
    expect((await rejection(exporter.open({ ...request, batchId: drafted.id, to: 1 }))).status).toBe(409);
  });

  it('keeps its memory and lets other work run, however long the range', async () => {
    const CODES = 3_000_000;
    const { batchId } = await issuedBatch(db, { quantity: 2 ** 30 });
    const stream = await exporter.open({ batchId, layer: 0, from: 2 ** 30 - CODES, to: 2 ** 30, withSerial: true });
    let turns = 0;
    const other = setInterval(() => turns++, 1);
    let bytes = 0;
    let blocks = 0;
    let peak = 0;
    const before = process.memoryUsage.rss();
    for await (const part of stream) {
      bytes += part.length;
      if (++blocks % 20 === 0) peak = Math.max(peak, process.memoryUsage.rss() - before);
    }
    clearInterval(other);
    const line = `${'0'.repeat(17)},HTTPS://Q.EXAMPLE.CN/${'0'.repeat(17)},1073741823\r\n`;
    expect(bytes).toBe('code,url,serial\r\n'.length + CODES * line.length);
    expect(turns).toBeGreaterThan(100);
    // All of it at once would be 210 MB.
    expect(peak).toBeLessThan(100 * 1024 * 1024);
  }, 120_000);

  it('waits for a slow reader and stops when it leaves', async () => {
    const { batchId } = await issuedBatch(db, { quantity: 1_000_000 });
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
    const { batchId } = await issuedBatch(db);
    const sheet = await exporter.labels({ batchId, layer: 0, from: 10, to: 34 });
    expect(sheet.labels).toHaveLength(24);
    expect(book.decode(sheet.labels[0]!.code)).toMatchObject({ batch: batchId, layer: 0, serial: 10 });
    expect(sheet.labels[0]).toMatchObject({ productName: '青禾气泡茶 青柠', layerName: '盖内码' });
    expect((await rejection(exporter.labels({ batchId, layer: 0, from: 0, to: 481 }))).code).toBe('too_many_labels');
  });
});
