import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { ScanChunk } from '@app/campaigns';

/** Rises whenever what stands in a packed chunk changes its meaning; chunks of another format are made again. */
export const CHUNK_FORMAT = 1;

/** Wide columns first, so that each begins where its type may. */
const COLUMNS = [
  ['at', Uint32Array],
  ['serial', Uint32Array],
  ['adcode', Uint32Array],
  ['campaign', Uint32Array],
  ['amountFen', Uint32Array],
  ['member', Uint16Array],
  ['run', Uint16Array],
  ['item', Uint16Array],
  ['person', Uint16Array],
  ['accuracyM', Uint16Array],
  ['flags', Uint8Array],
  ['trust', Uint8Array],
] as const;

type Dictionaries = Pick<ScanChunk, 'count' | 'base' | 'members' | 'runs' | 'items' | 'persons'>;

const LENGTH_BYTES = 4;

/**
 * A chunk as bytes: length of the JSON head, the head (count, base, dictionaries), then the columns one after the other in the byte
 * order of the machine (little-endian on every one that Node runs on and we support), all deflated.
 */
export function packChunk(chunk: ScanChunk): Buffer {
  const { count, base, members, runs, items, persons } = chunk;
  const head = Buffer.from(JSON.stringify({ count, base, members, runs, items, persons } satisfies Dictionaries));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(head.length);
  const columns = COLUMNS.map(([name]) => {
    const { buffer, byteOffset, byteLength } = chunk[name];
    return Buffer.from(buffer, byteOffset, byteLength);
  });
  return deflateRawSync(Buffer.concat([length, head, ...columns]), { level: 1 });
}

/** Throws for bytes that are no chunk. */
export function unpackChunk(packed: Buffer): ScanChunk {
  const bytes = inflateRawSync(packed);
  const headEnd = LENGTH_BYTES + bytes.readUInt32LE(0);
  const head = JSON.parse(bytes.toString('utf8', LENGTH_BYTES, headEnd)) as Dictionaries;
  // Copied once, so that the columns begin at a multiple of four.
  const { buffer } = Uint8Array.prototype.slice.call(bytes, headEnd);
  const columns: Partial<Record<(typeof COLUMNS)[number][0], unknown>> = {};
  let offset = 0;
  for (const [name, Column] of COLUMNS) {
    columns[name] = new Column(buffer, offset, head.count);
    offset += head.count * Column.BYTES_PER_ELEMENT;
  }
  return { ...head, ...(columns as Omit<ScanChunk, keyof Dictionaries>) };
}
