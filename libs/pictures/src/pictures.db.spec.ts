import { writeCursor } from '@app/kernel';
import { AuditLog } from '@app/staff';
import { drawnPng, openTestDatabase, pngChunk, type TestDatabase } from '@app/testing';
import { Pictures, readPictureSizes } from './index';

let db: TestDatabase;
let pictures: Pictures;
beforeAll(async () => {
  db = await openTestDatabase();
  pictures = new Pictures(db.database, db.unitOfWork, new AuditLog(db.database));
});
afterAll(() => db.close());

/** No other run has drawn this one. */
const fresh = (): Buffer => drawnPng(64, 40 + Math.floor(Math.random() * 900), [pngChunk('pHYs', nonce())]);
const nonce = (): Buffer => Buffer.from(`${Date.now()}`.padStart(9, '0').slice(-9), 'latin1');

it('keeps a picture once, under the hash of what it keeps, and writes down who showed it to everybody', async () => {
  const bytes = fresh();
  const said = pngChunk('tEXt', Buffer.from('by Lin'));
  const [one, other] = await Promise.all([
    pictures.keep(bytes, 700_001),
    pictures.keep(Buffer.concat([bytes.subarray(0, -12), said, bytes.subarray(-12)]), 700_002),
  ]);
  expect(other).toEqual(one);
  expect(await pictures.keep(bytes, 700_003)).toEqual(one);
  expect(one.url).toBe(`/pictures/${one.hash}`);
  const rows = await db.database.query('SELECT id FROM audit_log WHERE act = ? AND object = ?', [
    'pictures.keep',
    `picture:${one.hash}`,
  ]);
  expect(rows).toHaveLength(1);
  expect(await readPictureSizes(db.database, [one.hash, 'f'.repeat(64)])).toEqual(
    new Map([[one.hash, { width: one.width, height: one.height }]]),
  );
});

it('shows what it kept, and nothing else', async () => {
  const bytes = fresh();
  const { hash } = await pictures.keep(bytes, null);
  const shown = await new Pictures(db.database, db.unitOfWork, new AuditLog(db.database)).one(hash);
  expect(shown.media).toBe('image/png');
  expect(shown.bytes.equals(bytes)).toBe(true);
  for (const strange of ['f'.repeat(64), hash.toUpperCase(), `${hash}.png`, '../x', '']) {
    await expect(pictures.one(strange)).rejects.toMatchObject({ code: 'no_such_picture', status: 404 });
  }
});

it('is written once: the app may neither change nor remove it', async () => {
  const { hash } = await pictures.keep(fresh(), null);
  const name = Buffer.from(hash, 'hex');
  await expect(
    db.unitOfWork.run((tx) => tx.execute('UPDATE pictures SET width = 1 WHERE hash = ?', [name])),
  ).rejects.toThrow();
  await expect(db.unitOfWork.run((tx) => tx.execute('DELETE FROM pictures WHERE hash = ?', [name]))).rejects.toThrow();
});

it('lists what there is, newest first, page by page, and refuses a cursor that it did not make', async () => {
  const kept: string[] = [];
  for (let at = 0; at < 3; at++) kept.unshift((await pictures.keep(fresh(), null)).hash);
  const seen: string[] = [];
  for (let cursor: string | null = null; seen.length < 3;) {
    const page: Awaited<ReturnType<Pictures['list']>> = await pictures.list({ limit: 1, cursor });
    seen.push(...page.items.map(({ hash }) => hash));
    cursor = page.nextCursor;
    if (seen.length < 3) expect(cursor).not.toBeNull();
  }
  expect(seen).toEqual(kept);
  const { items } = await pictures.list({ limit: 3 });
  expect(items[0]).toEqual({
    hash: kept[0],
    url: `/pictures/${kept[0]}`,
    width: expect.any(Number),
    height: expect.any(Number),
  });
  const foreign = (parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
  for (const cursor of ['x', foreign(['2026', kept[0]]), foreign(['2026-01-01 00:00:00.000000', 'zz'])]) {
    await expect(pictures.list({ limit: 1, cursor })).rejects.toMatchObject({ code: 'bad_cursor', status: 400 });
  }
});

it('lists pictures of one moment each once', async () => {
  const mine = [
    await pictures.keep(fresh(), null),
    await pictures.keep(fresh(), null),
    await pictures.keep(fresh(), null),
  ];
  const names = mine.map(({ hash }) => Buffer.from(hash, 'hex'));
  // Long before everything else; the list goes on from there.
  const moment = `2001-01-01 00:00:00.${Date.now() % 1_000_000}`.padEnd(26, '0');
  await db.asOwner.query('UPDATE pictures SET made_at = ? WHERE hash IN (?, ?, ?)', [moment, ...names]);
  const seen: string[] = [];
  for (let cursor: string | null = writeCursor([moment, 'f'.repeat(64)]); seen.length < 3;) {
    const page: Awaited<ReturnType<Pictures['list']>> = await pictures.list({ limit: 1, cursor });
    seen.push(...page.items.map(({ hash }) => hash));
    cursor = page.nextCursor;
  }
  expect([...seen].sort()).toEqual(mine.map(({ hash }) => hash).sort());
});
