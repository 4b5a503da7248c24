import { createHash, randomBytes } from 'node:crypto';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import { newPassword, sealedArchive, type Archived } from './pack-archive';

const PARTS = [randomBytes(70_000), Buffer.from('A0123456789ABCDEF\r\n'.repeat(5000)), Buffer.alloc(0), randomBytes(3)];
const WHOLE = Buffer.concat(PARTS);

async function* content(parts: readonly Buffer[], broken = false): AsyncGenerator<Buffer> {
  for (const part of parts) yield await Promise.resolve(part);
  if (broken) throw new Error('the database went away');
}

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

async function unzipped(zip: Buffer, password: string): Promise<Map<string, Buffer>> {
  const reader = new ZipReader(new Uint8ArrayReader(zip), { password, useWebWorkers: false });
  const files = new Map<string, Buffer>();
  for (const entry of await reader.getEntries()) {
    if (!entry.directory) files.set(entry.filename, Buffer.from(await entry.getData(new Uint8ArrayWriter())));
  }
  return files;
}

const filesOf = (...contents: (() => AsyncIterable<Buffer>)[]) =>
  contents.map((made, at) => ({ name: `file-${at}.csv`, content: made }));
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

it('seals what it is given byte for byte, beside what it is', async () => {
  const password = newPassword();
  const told: Archived[] = [];
  const second = [PARTS[1]!];
  const files = filesOf(
    () => content(PARTS),
    () => content(second),
  );
  const archive = sealedArchive(files, password, (archived) => {
    told.push(archived);
    return Promise.resolve({ files: archived.files });
  });
  const zip = await bytesOf(archive);
  expect(told).toEqual([
    {
      files: [
        { name: 'file-0.csv', bytes: WHOLE.length, sha256: sha256(WHOLE) },
        { name: 'file-1.csv', bytes: second[0]!.length, sha256: sha256(second[0]!) },
      ],
      sha256: sha256(Buffer.concat([WHOLE, ...second])),
    },
  ]);
  const found = await unzipped(zip, password);
  expect([...found.keys()]).toEqual(['file-0.csv', 'file-1.csv', 'manifest.json']);
  expect(found.get('file-0.csv')!.equals(WHOLE)).toBe(true);
  expect(found.get('file-1.csv')!.equals(second[0]!)).toBe(true);
  expect(JSON.parse(found.get('manifest.json')!.toString())).toEqual({ files: told[0]!.files });
  await expect(unzipped(zip, newPassword())).rejects.toThrow();
  expect(zip.includes('A0123456789ABCDEF')).toBe(false);
});

it('holds one block at a time, however many files there are: a slow reader holds the next file up', async () => {
  let opened = 0;
  function* many() {
    for (let at = 0; at < 200; at++) {
      opened++;
      yield { name: `${at}.csv`, content: () => content([randomBytes(100_000)]) };
    }
  }
  const archive = sealedArchive(many(), newPassword(), () => Promise.resolve({}));
  const reader = archive[Symbol.asyncIterator]();
  await reader.next();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(opened).toBeLessThan(20);
  while (!(await reader.next()).done);
  expect(opened).toBe(200);
});

it('breaks off when its content or its manifest does, instead of ending as if it were whole', async () => {
  const nothing = () => Promise.resolve({});
  const cut = filesOf(
    () => content(PARTS),
    () => content(PARTS, true),
  );
  await expect(bytesOf(sealedArchive(cut, newPassword(), nothing))).rejects.toThrow('the database went away');
  const unsaid = () => Promise.reject(new Error('no checksum kept'));
  const late = sealedArchive(
    filesOf(() => content(PARTS)),
    newPassword(),
    unsaid,
  );
  await expect(bytesOf(late)).rejects.toThrow('no checksum kept');
});

it('makes passwords that can be read out, and none twice', () => {
  const passwords = new Set(Array.from({ length: 1000 }, newPassword));
  expect(passwords.size).toBe(1000);
  for (const password of passwords) expect(password).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}$/);
});
