import { createHash } from 'node:crypto';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import { AuditLog, type Operator } from '@app/staff';
import { openTestDatabase, type TestDatabase } from '@app/testing';
import { act, book, config, issuedBatch, log, rejection } from '../fixtures/issued-batch';
import {
  ActivateRange,
  BatchList,
  CodeCatalog,
  CodePacks,
  codesEntities,
  ExportCodes,
  HoneyCodes,
  parseCode,
  type AskedPack,
} from '../index';
import { CodePacksRepository } from './code-packs.repository';

let db: TestDatabase;
let packs: CodePacks;
let honey: HoneyCodes;
let catalog: CodeCatalog;
const asker: Operator = { id: 900_001, login: 'a', name: '甲', roles: ['marketer'], distributorId: null };
const second: Operator = { ...asker, id: 900_002, login: 'b', name: '乙', roles: ['approver'] };
const guard: Operator = { ...asker, id: 900_003, login: 'c', name: '丙', roles: ['risk'] };

beforeAll(async () => {
  db = await openTestDatabase({ entities: codesEntities });
  const repository = new CodePacksRepository();
  const audit = new AuditLog(db.database);
  const exports = new ExportCodes(db.database, book, config);
  packs = new CodePacks(config, db.database, db.unitOfWork, repository, exports, audit);
  honey = new HoneyCodes(db.database, db.unitOfWork, repository, book, audit);
  catalog = new CodeCatalog(db.database, config, log);
});
afterAll(() => db.close());

const asked = (batchId: number, change: Partial<AskedPack> = {}): AskedPack => ({
  ...{ batchId, layer: 0, from: 0, to: 1000, withSerial: false, form: 'zip', receiver: '佛山印厂', note: '' },
  ...change,
});

/** Asked for by one, agreed to by the other, and what is in it. */
async function delivered(pack: AskedPack): Promise<{ id: number; files: Map<string, Buffer>; manifest: Manifest }> {
  const { id } = await packs.request(asker, pack);
  const { password } = await packs.approve(second, id, '');
  const { files, manifest } = await taken(id, password!);
  return { id, files, manifest };
}

async function taken(id: number, password: string): Promise<{ files: Map<string, Buffer>; manifest: Manifest }> {
  const parts: Buffer[] = [];
  for await (const part of (await packs.open(asker, id, 'zip')).bytes) parts.push(part);
  const zip = new ZipReader(new Uint8ArrayReader(Buffer.concat(parts)), { password, useWebWorkers: false });
  const files = new Map<string, Buffer>();
  for (const entry of await zip.getEntries()) {
    if (!entry.directory) files.set(entry.filename, Buffer.from(await entry.getData(new Uint8ArrayWriter())));
  }
  const manifest = JSON.parse(files.get('manifest.json')!.toString()) as Manifest;
  files.delete('manifest.json');
  return { files, manifest };
}

interface Manifest {
  readonly codes: number;
  readonly print?: string;
  readonly files: readonly {
    readonly name: string;
    readonly roll: number | null;
    readonly first: number;
    readonly last: number;
    readonly codes: number;
    readonly spare: number;
    readonly bytes: number;
    readonly sha256: string;
  }[];
}

function serialsOf(csv: Buffer): number[] {
  const [header, ...rows] = csv.toString('latin1').trimEnd().split('\r\n');
  expect(header).toBe('code,url');
  return rows.map((row) => {
    const decoded = book.decode(row.split(',')[0]!);
    if (typeof decoded === 'string') throw new Error(row);
    return decoded.serial;
  });
}

const counted = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const resolved = (batch: number, serial: number, layer = 0) =>
  catalog.resolve({ batch, layer, serial }, new Date(Date.now() + 1000));

describe('rolls', () => {
  it('go out as a file each, with a manifest that fits them, and can be looked up afterwards', async () => {
    const { batchId } = await issuedBatch(db);
    const { id, files, manifest } = await delivered(
      asked(batchId, { from: 100, to: 950, rollSize: 400, firstRoll: 27, honeyPerFile: 0 }),
    );
    expect([...files.keys()]).toEqual(['roll-0027.csv', 'roll-0028.csv', 'roll-0029.csv']);
    expect([...files.values()].map(serialsOf)).toEqual([counted(100, 500), counted(500, 900), counted(900, 950)]);
    expect(manifest).toMatchObject({ codes: 850 });
    expect(manifest.print).toBeUndefined();
    expect(manifest.files.map(({ roll, first, last, codes, spare }) => [roll, first, last, codes, spare])).toEqual([
      [27, 100, 499, 400, 0],
      [28, 500, 899, 400, 0],
      [29, 900, 949, 50, 0],
    ]);
    for (const { name, bytes, sha256 } of manifest.files) {
      const file = files.get(name)!;
      expect([bytes, sha256]).toEqual([file.length, createHash('sha256').update(file).digest('hex')]);
    }
    const listed = await packs.rolls(id, { limit: 2 });
    expect(listed.items.map(({ roll, from, to, sha256 }) => [roll, from, to, sha256])).toEqual([
      [27, 100, 500, manifest.files[0]!.sha256],
      [28, 500, 900, manifest.files[1]!.sha256],
    ]);
    const rest = await packs.rolls(id, { limit: 2, cursor: listed.nextCursor });
    expect([rest.items.map(({ roll }) => roll), rest.nextCursor]).toEqual([[29], null]);
    const [pack] = (await packs.page({ limit: 1, batchId })).items;
    const whole = createHash('sha256').update(Buffer.concat([...files.values()]));
    expect(pack).toMatchObject({ rollSize: 400, firstRoll: 27, honeyPerFile: 0, sha256: whole.digest('hex') });
  });

  it('have the same content in every download', async () => {
    const { batchId } = await issuedBatch(db);
    const { id } = await packs.request(asker, asked(batchId, { rollSize: 300 }));
    const { password } = await packs.approve(second, id, '');
    const [one, two] = await Promise.all([taken(id, password!), taken(id, password!)]);
    expect(one.manifest.files).toEqual(two.manifest.files);
    expect((await packs.rolls(id, { limit: 9 })).items.map(({ sha256 }) => sha256)).toEqual(
      one.manifest.files.map(({ sha256 }) => sha256),
    );
  });

  it.each([
    ['rollSize', { rollSize: 100, form: 'csv' as const }],
    ['rollSize', { rollSize: 0 }],
    ['rollSize', { rollSize: 0.5 }],
    ['rollSize', { rollSize: 1, to: 2001 }],
    ['firstRoll', { rollSize: 500, firstRoll: 999_999 }],
    ['honeyPerFile', { honeyPerFile: 6 }],
    ['honeyPerFile', { honeyPerFile: 1, form: 'csv' as const }],
    ['honeyPerFile', { honeyPerFile: 1, withSerial: true }],
    ['receiver', { receiver: ' ' }],
  ])('are refused for a fault in %s, and nothing is kept', async (field, change) => {
    const { batchId } = await issuedBatch(db, { quantity: 3000 });
    const refused = await rejection(packs.request(asker, asked(batchId, change)));
    expect(refused).toMatchObject({ code: 'bad_pack', status: 422, details: { field } });
    expect((await packs.page({ limit: 1, batchId })).items).toEqual([]);
  });
});

describe('honey codes', () => {
  it('stand behind what is printed, in the same form, past the end of the batch, and differ for every file and pack', async () => {
    const { batchId } = await issuedBatch(db);
    const one = await delivered(asked(batchId, { to: 600, rollSize: 300 }));
    const two = await delivered(asked(batchId, { from: 600, honeyPerFile: 3 }));
    const elsewhere = await delivered(asked(batchId, { layer: 1, honeyPerFile: 1 }));
    expect([...one.files.values(), ...two.files.values(), ...elsewhere.files.values()].map(serialsOf)).toEqual([
      [...counted(0, 300), 1000, 1001],
      [...counted(300, 600), 1002, 1003],
      [...counted(600, 1000), 1004, 1005, 1006],
      [...counted(0, 1000), 1000],
    ]);
    const rows = [...one.files.values()][0]!.toString('latin1').trimEnd().split('\r\n').slice(1);
    expect(new Set(rows.map((row) => row.replace(/[0-9A-Z]{17}/g, 'code')))).toEqual(
      new Set([`code,HTTPS://Q.EXAMPLE.CN/code`]),
    );
    expect(one.manifest.files.map(({ codes, spare }) => [codes, spare])).toEqual([
      [300, 2],
      [300, 2],
    ]);
    expect(one.manifest.print).toContain('不印');
    expect(JSON.stringify(one.manifest)).not.toMatch(/honey|诱饵|100[0-9]"/);
  });

  it('are told file by file to who may know, and each time is written down', async () => {
    const { batchId } = await issuedBatch(db);
    const { id, files } = await delivered(asked(batchId, { rollSize: 500, firstRoll: 8 }));
    const first = await honey.page(guard, id, { limit: 1 });
    const rest = await honey.page(guard, id, { limit: 9, cursor: first.nextCursor });
    const told = [...first.items, ...rest.items];
    expect(told.map(({ roll, file }) => [roll, file])).toEqual([
      [8, 'roll-0008.csv'],
      [9, 'roll-0009.csv'],
    ]);
    for (const { file, codes } of told) {
      const rows = files.get(file)!.toString('latin1').trimEnd().split('\r\n').slice(-2);
      expect(codes.map((code) => parseCode(code))).toEqual(rows.map((row) => row.split(',')[0]));
    }
    const audited = await db.database.query('SELECT id FROM audit_log WHERE act = ? AND object = ?', [
      'codes.read-honey-codes',
      `code-pack:${id}`,
    ]);
    expect(audited).toHaveLength(2);
    expect((await rejection(honey.page(guard, 4_000_000, { limit: 1 }))).status).toBe(404);
  });

  it('are known on every node as soon as the pack is asked for, answer as codes nobody activated, and pay never', async () => {
    const { batchId } = await issuedBatch(db);
    await catalog.refreshAll();
    expect(resolved(batchId, 1000).kind).toBe('unknown');
    const { id } = await packs.request(asker, asked(batchId));
    await catalog.refreshAll();
    const inactive = resolved(batchId, 500);
    expect(inactive).toMatchObject({ kind: 'known', state: 'inactive', honeyOf: null });
    expect([resolved(batchId, 1000), resolved(batchId, 1001)]).toEqual(
      [id, id].map((honeyOf) => ({ ...inactive, honeyOf })),
    );
    expect([resolved(batchId, 1002).kind, resolved(batchId, 1000, 1).kind]).toEqual(['unknown', 'unknown']);
    // No range reaches there: not an activation of everything, and no count of what is on sale.
    const activate = new ActivateRange(db.unitOfWork);
    expect((await rejection(activate.run({ batchId, layer: 0, from: 0, to: 1001 }, act))).code).toBe('no_such_range');
    await activate.run({ batchId, layer: 0, from: 0, to: 1000 }, act);
    await catalog.refreshAll();
    expect(resolved(batchId, 999)).toMatchObject({ state: 'active', pays: true });
    expect(resolved(batchId, 1000)).toMatchObject({ state: 'inactive', pays: false });
    const { counts } = await new BatchList(db.database).detail(batchId);
    expect(counts[0]).toMatchObject({ active: 1000, inactive: 0 });
    const beyond = await rejection(packs.request(asker, asked(batchId, { from: 900, to: 1001 })));
    expect(beyond.code).toBe('no_such_range');
    const fresh = new CodeCatalog(db.database, config, log);
    await fresh.ensure([batchId]);
    const at = new Date(Date.now() + 1000);
    for (let serial = 990; serial < 1010; serial++) {
      const code = { batch: batchId, layer: 0, serial };
      expect(fresh.resolve(code, at)).toEqual(catalog.resolve(code, at));
    }
  });

  it('are never given out twice: not to packs asked for at once, not after a refusal', async () => {
    const { batchId } = await issuedBatch(db);
    const made = await Promise.all(
      Array.from({ length: 12 }, (_, i) => packs.request(asker, asked(batchId, { rollSize: 250 + i }))),
    );
    for (const { id } of made.slice(0, 4)) await packs.refuse(second, id, '不对');
    made.push(await packs.request(asker, asked(batchId)));
    const taken = await db.database.query<{ from: number; to: number }>(
      'SELECT honey_from AS `from`, honey_to AS `to` FROM code_packs WHERE batch_id = ? ORDER BY honey_from',
      [batchId],
    );
    expect(taken).toHaveLength(13);
    let next = 1000;
    for (const { from, to } of taken) {
      expect(from).toBe(next);
      next = to;
    }
  });

  it('need room: a batch that uses every serial has none', async () => {
    const { batchId } = await issuedBatch(db, { quantity: 2 ** 30 - 1 });
    const refused = await rejection(packs.request(asker, asked(batchId)));
    expect(refused).toMatchObject({ code: 'no_room_for_honey', status: 409 });
    await packs.request(asker, asked(batchId, { honeyPerFile: 1 }));
    expect((await rejection(packs.request(asker, asked(batchId, { honeyPerFile: 1 })))).code).toBe('no_room_for_honey');
    await packs.request(asker, asked(batchId, { honeyPerFile: 0 }));
  });
});
