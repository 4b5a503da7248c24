import { createHash, randomBytes } from 'node:crypto';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import { newPassword, sealedArchive, type ArchivedFile } from './pack-archive';

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

it('seals what it is given byte for byte, beside what it is', async () => {
  const password = newPassword();
  const told: ArchivedFile[] = [];
  const archive = sealedArchive({ name: 'codes.csv', content: content(PARTS) }, password, (file) => {
    told.push(file);
    return Promise.resolve({ files: [file] });
  });
  const zip = await bytesOf(archive);
  const sha256 = createHash('sha256').update(WHOLE).digest('hex');
  expect(told).toEqual([{ name: 'codes.csv', bytes: WHOLE.length, sha256 }]);
  const files = await unzipped(zip, password);
  expect([...files.keys()]).toEqual(['codes.csv', 'manifest.json']);
  expect(files.get('codes.csv')!.equals(WHOLE)).toBe(true);
  expect(JSON.parse(files.get('manifest.json')!.toString())).toEqual({ files: told });
  await expect(unzipped(zip, newPassword())).rejects.toThrow();
  expect(zip.includes('A0123456789ABCDEF')).toBe(false);
});

it('breaks off when its content or its manifest does, instead of ending as if it were whole', async () => {
  const nothing = () => Promise.resolve({});
  const cut = sealedArchive({ name: 'codes.csv', content: content(PARTS, true) }, newPassword(), nothing);
  await expect(bytesOf(cut)).rejects.toThrow('the database went away');
  const unsaid = () => Promise.reject(new Error('no checksum kept'));
  const late = sealedArchive({ name: 'codes.csv', content: content(PARTS) }, newPassword(), unsaid);
  await expect(bytesOf(late)).rejects.toThrow('no checksum kept');
});

it('makes passwords that can be read out, and none twice', () => {
  const passwords = new Set(Array.from({ length: 1000 }, newPassword));
  expect(passwords.size).toBe(1000);
  for (const password of passwords) expect(password).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}$/);
});
