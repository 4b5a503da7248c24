/** A picture as it is kept: recognised by its bytes, never by what the sender calls it. */
export interface Picture {
  readonly media: 'image/jpeg' | 'image/png' | 'image/webp';
  readonly bytes: Buffer;
  /** In pixels, as its own head says; null where the head does not say it. */
  readonly size: { readonly width: number; readonly height: number } | null;
}

/**
 * Reads a picture part by part, from its first byte to its end, and keeps only the parts that draw it: where and by whom it was taken
 * (EXIF, XMP, comments) and whatever hides behind its end are dropped. Null for anything that is not a whole JPEG, PNG or WebP.
 */
export function readPicture(bytes: Buffer): Picture | null {
  return jpeg(bytes) ?? png(bytes) ?? webp(bytes);
}

type Size = Picture['size'];

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
/** Between the frames (C0 to CF) stand three segments that are none: Huffman tables, an extension, arithmetic coding. */
const NO_FRAME = new Set([0xc4, 0xc8, 0xcc]);

/** SOI, segments with a length, the scans of the picture, EOI. Kept: everything but APP1 to APP15 (APP2 = colours stays) and comments. */
function jpeg(bytes: Buffer): Picture | null {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) return null;
  const parts = [bytes.subarray(0, 2)];
  let drawn = false;
  let size: Size = null;
  for (let at = 2; at + 3 < bytes.length || bytes[at + 1] === EOI;) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1]!;
    if (marker === EOI) {
      if (!drawn) return null;
      return { media: 'image/jpeg', bytes: Buffer.concat([...parts, bytes.subarray(at, at + 2)]), size };
    }
    if (at + 4 > bytes.length) return null;
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (end > bytes.length || end < at + 4) return null;
    const telling = (marker > 0xe0 && marker <= 0xef && marker !== 0xe2) || marker === 0xfe;
    if (!telling) parts.push(bytes.subarray(at, end));
    size ??= frameSize(marker, bytes.subarray(at + 4, end));
    at = end;
    if (marker !== SOS) continue;
    drawn = true;
    const next = endOfScan(bytes, at);
    if (next === null) return null;
    parts.push(bytes.subarray(at, next));
    at = next;
  }
  return null;
}

/** A frame's segment: precision, height, width. */
function frameSize(marker: number, data: Buffer): Size {
  if (marker < 0xc0 || marker > 0xcf || NO_FRAME.has(marker) || data.length < 5) return null;
  return { width: data.readUInt16BE(3), height: data.readUInt16BE(1) };
}

/** Where the drawn bytes end: at the first FF that is neither stuffed (FF00) nor a restart (FFD0 to FFD7). */
function endOfScan(bytes: Buffer, from: number): number | null {
  for (let at = bytes.indexOf(0xff, from); at >= 0 && at + 1 < bytes.length; at = bytes.indexOf(0xff, at + 2)) {
    const next = bytes[at + 1]!;
    if (next !== 0 && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return null;
}

const PNG_HEAD = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const PNG_KEPT = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'gAMA', 'sRGB', 'cHRM', 'iCCP', 'pHYs', 'bKGD']);

function png(bytes: Buffer): Picture | null {
  if (!bytes.subarray(0, 8).equals(PNG_HEAD)) return null;
  const parts: Buffer[] = [PNG_HEAD];
  let drawn = false;
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 12 + bytes.readUInt32BE(at);
    const name = bytes.toString('latin1', at + 4, at + 8);
    if (end > bytes.length || (at === 8) !== (name === 'IHDR')) return null;
    drawn ||= name === 'IDAT';
    if (PNG_KEPT.has(name)) parts.push(bytes.subarray(at, end));
    if (name === 'IEND') {
      if (!drawn) return null;
      const size = { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
      return { media: 'image/png', bytes: Buffer.concat(parts), size };
    }
    at = end;
  }
  return null;
}

const WEBP_KEPT = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ICCP']);
/** Bits of VP8X that promise EXIF, XMP or an animation. */
const VP8X_TELLING = 0x0e;

function webp(bytes: Buffer): Picture | null {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WEBP') return null;
  const end = 8 + bytes.readUInt32LE(4);
  if (end > bytes.length) return null;
  const parts: Buffer[] = [];
  let drawn = false;
  let size: Size = null;
  for (let at = 12; at + 8 <= end;) {
    const name = bytes.toString('latin1', at, at + 4);
    const length = bytes.readUInt32LE(at + 4);
    const next = at + 8 + length + (length % 2);
    if (at + 8 + length > end) return null;
    drawn ||= name === 'VP8 ' || name === 'VP8L';
    if (WEBP_KEPT.has(name)) {
      const part = Buffer.from(bytes.subarray(at, Math.min(next, end)));
      if (name === 'VP8X' && part.length > 8) part[8]! &= ~VP8X_TELLING;
      parts.push(part);
      size ??= chunkSize(name, bytes.subarray(at + 8, at + 8 + length));
    }
    at = next;
  }
  if (!drawn) return null;
  const body = Buffer.concat([Buffer.from('WEBP', 'latin1'), ...parts]);
  const head = Buffer.alloc(8);
  head.write('RIFF', 'latin1');
  head.writeUInt32LE(body.length, 4);
  return { media: 'image/webp', bytes: Buffer.concat([head, body]), size };
}

const FOURTEEN_BITS = 0x3fff;

/** Each of the three kinds of WebP says its size in a way of its own; the first chunk that draws or frames the picture is asked. */
function chunkSize(name: string, data: Buffer): Size {
  if (name === 'VP8X' && data.length >= 10) {
    return { width: data.readUIntLE(4, 3) + 1, height: data.readUIntLE(7, 3) + 1 };
  }
  if (name === 'VP8 ' && data.length >= 10) {
    return { width: data.readUInt16LE(6) & FOURTEEN_BITS, height: data.readUInt16LE(8) & FOURTEEN_BITS };
  }
  if (name !== 'VP8L' || data.length < 5) return null;
  const bits = data.readUInt32LE(1);
  return { width: (bits & FOURTEEN_BITS) + 1, height: ((bits >>> 14) & FOURTEEN_BITS) + 1 };
}
