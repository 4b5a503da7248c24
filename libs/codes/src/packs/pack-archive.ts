import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { TextReader, ZipWriter } from '@zip.js/zip.js';
import { crockford, systemRandom } from '@app/kernel';

/** 100 bits: nobody tries them all. */
const PASSWORD_BYTES = 13;
const PASSWORD_LENGTH = 20;
const GROUP = 5;

export interface ContentFile {
  readonly name: string;
  /** Asked for when its turn comes. */
  readonly content: () => AsyncIterable<Buffer>;
}

export interface ArchivedFile {
  readonly name: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

export interface Archived {
  readonly files: readonly ArchivedFile[];
  /** Over the content of all files, one after the other; hexadecimal. */
  readonly sha256: string;
}

/** `7GQ2K-…`, four groups of five: to be read out over a telephone. */
export function newPassword(): string {
  const text = crockford(systemRandom.bytes(PASSWORD_BYTES), PASSWORD_LENGTH);
  return [0, 1, 2, 3].map((group) => text.slice(group * GROUP, (group + 1) * GROUP)).join('-');
}

/**
 * A zip that only the password opens (WinZip AES-256), as a stream in constant memory: one file after the other as their content comes,
 * then `manifest.json`, which `manifestOf` writes when lengths and checksums are known.
 */
export function sealedArchive(
  files: Iterable<ContentFile>,
  password: string,
  manifestOf: (archived: Archived) => Promise<object>,
): Readable {
  let breakOff: (why: unknown) => void = () => undefined;
  const pipe = new TransformStream<Uint8Array, Uint8Array>({
    start(controller) {
      breakOff = (why) => controller.error(why);
    },
  });
  const zip = new ZipWriter(pipe.writable, { password, encryptionStrength: 3, level: 6, useWebWorkers: false });
  const whole = createHash('sha256');
  const write = async (): Promise<void> => {
    const archived: ArchivedFile[] = [];
    for (const file of files) archived.push(await addFile(zip, file, (part) => void whole.update(part)));
    const manifest = await manifestOf({ files: archived, sha256: whole.digest('hex') });
    await zip.add('manifest.json', new TextReader(`${JSON.stringify(manifest, null, 2)}\n`));
    await zip.close();
  };
  // Half a file must not look like a whole one: whoever reads it sees the stream break.
  write().catch((error: unknown) => breakOff(error));
  return Readable.fromWeb(pipe.readable as Parameters<typeof Readable.fromWeb>[0]);
}

async function addFile(
  zip: ZipWriter<unknown>,
  { name, content }: ContentFile,
  seen: (part: Buffer) => void,
): Promise<ArchivedFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const part of content()) {
      hash.update(part);
      seen(part);
      bytes += part.length;
      yield part;
    }
  }
  await zip.add(name, Readable.toWeb(Readable.from(counted(), { objectMode: false })) as ReadableStream<Uint8Array>);
  return { name, bytes, sha256: hash.digest('hex') };
}
