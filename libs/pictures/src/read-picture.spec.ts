import { drawnPng, pngChunk } from '@app/testing';
import { fitPicture, MOST_PICTURE_BYTES } from './picture-limits';
import { readPicture } from './read-picture';

const segment = (marker: number, data: Buffer): Buffer => {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
};
/** 640 × 480 in its frame, after a table that stands between the frames' numbers. */
const jpeg = (...more: Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    ...more,
    segment(0xc4, Buffer.alloc(20, 9)),
    segment(0xc2, Buffer.from([8, 1, 0xe0, 2, 0x80, 3])),
    segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    Buffer.from([0x12, 0x34, 0xff, 0xd9]),
  ]);

/** A WebP of one chunk that draws or frames it. */
function webpOf(name: 'VP8 ' | 'VP8L' | 'VP8X', data: Buffer): Buffer {
  const chunks = [name, ...(name === 'VP8X' ? ['VP8 '] : [])].map((one) => {
    const part = one === name ? data : Buffer.alloc(12);
    const head = Buffer.alloc(8);
    head.write(one, 'latin1');
    head.writeUInt32LE(part.length, 4);
    return Buffer.concat([head, part, Buffer.alloc(part.length % 2)]);
  });
  const body = Buffer.concat([Buffer.from('WEBP', 'latin1'), ...chunks]);
  const head = Buffer.alloc(8);
  head.write('RIFF', 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}

describe('what a picture says of its size', () => {
  it.each<[string, Buffer, number, number]>([
    ['PNG', drawnPng(40, 33), 40, 33],
    ['JPEG', jpeg(), 640, 480],
    ['WebP, lossy', webpOf('VP8 ', Buffer.from([0, 0, 0, 0x9d, 1, 0x2a, 0x65, 0x44, 0x77, 0x01])), 0x465, 0x177],
    ['WebP, lossless', webpOf('VP8L', Buffer.from([0x2f, 0x63, 0xc0, 0x31, 0])), 100, 200],
    ['WebP, extended', webpOf('VP8X', Buffer.from([0, 0, 0, 0, 0x64, 4, 0, 0x76, 1, 0])), 1125, 375],
  ])('%s', (_kind, bytes, width, height) => {
    expect(readPicture(bytes)?.size).toEqual({ width, height });
  });
});

it('keeps only what draws: no words, no animation, nothing behind the end', () => {
  const told = [pngChunk('tEXt', Buffer.from('Author\0Lin')), pngChunk('acTL', Buffer.alloc(8))];
  const kept = readPicture(Buffer.concat([drawnPng(40, 33, told), Buffer.from('<script>')]))!;
  expect(kept.bytes.equals(drawnPng(40, 33))).toBe(true);
  const clean = readPicture(jpeg(segment(0xe1, Buffer.from('Exif GPS')), segment(0xfe, Buffer.from('by Lin'))))!;
  expect(clean.bytes.equals(jpeg())).toBe(true);
});

it('is fit for phones between 32 and 2048 pixels and up to 300 KB, and never a drawing that could run', () => {
  expect(fitPicture(drawnPng(2048, 32)).size).toEqual({ width: 2048, height: 32 });
  for (const [width, height] of [
    [31, 100],
    [100, 31],
    [2049, 100],
  ] as const) {
    expect(() => fitPicture(drawnPng(width, height))).toThrow(`这张是 ${width}×${height}`);
  }
  expect(() => fitPicture(Buffer.alloc(MOST_PICTURE_BYTES + 1))).toThrow('300 KB');
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
  for (const text of [svg, 'GIF89a', '<html>', '\xff\xd8<html>']) {
    expect(() => fitPicture(Buffer.from(text, 'latin1'))).toThrow('不是能识别的图片');
  }
  // A picture without a frame says no size, and cannot be drawn.
  const faceless = Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xda, Buffer.alloc(6)),
    Buffer.from([1, 0xff, 0xd9]),
  ]);
  expect(() => fitPicture(faceless)).toThrow('不是能识别的图片');
});
