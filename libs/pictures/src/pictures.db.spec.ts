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
