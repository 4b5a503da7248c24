import { readPhoto } from './photo';

/** A picture of two segments, as cameras make them: with EXIF, a comment, and a restart marker in the drawn bytes. */
function jpeg(more: readonly Buffer[] = []): Buffer {
  const segment = (marker: number, data: Buffer): Buffer => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(data.length + 2, 2);
    return Buffer.concat([head, data]);
  };
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, Buffer.from('JFIF\0')),
    segment(0xe1, Buffer.from('Exif\0\0 GPS 31.82 117.22')),
    segment(0xfe, Buffer.from('taken by Lin')),
    segment(0xdb, Buffer.alloc(65)),
    segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    Buffer.from([0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56]),
    Buffer.from([0xff, 0xd9]),
    ...more,
  ]);
}

function webp(): Buffer {
  const chunk = (name: string, data: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.write(name, 'latin1');
    head.writeUInt32LE(data.length, 4);
    return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
  };
  const body = Buffer.concat([
    Buffer.from('WEBP'),
    chunk('VP8X', Buffer.from([0x0c, 0, 0, 0, 9, 0, 0, 9, 0, 0])),
    chunk('VP8 ', Buffer.alloc(31, 7)),
    chunk('EXIF', Buffer.from('GPS here')),
  ]);
  const head = Buffer.alloc(8);
  head.write('RIFF', 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}

it('keeps what draws a JPEG and drops where it was taken, by whom, and what hides behind its end', () => {
  const { media, bytes } = readPhoto(jpeg([Buffer.from('<script>alert(1)</script>')]));
  expect(media).toBe('image/jpeg');
  for (const telling of ['GPS', 'Lin', 'script']) expect(bytes.includes(telling)).toBe(false);
  expect(bytes.subarray(-2).toString('hex')).toBe('ffd9');
  expect(bytes.includes(Buffer.from([0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56]))).toBe(true);
  expect(readPhoto(bytes).bytes.equals(bytes)).toBe(true);
});

it('the same for WebP, whose head no longer promises what is gone', () => {
  const { media, bytes } = readPhoto(webp());
  expect(media).toBe('image/webp');
  expect(bytes.includes('GPS')).toBe(false);
  expect(bytes[20]! & 0x0e).toBe(0);
  expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
});

it('refuses whatever is cut off, at every byte, and what only begins like a picture', () => {
  for (const whole of [jpeg(), webp()]) {
    for (let at = 0; at < whole.length; at++) {
      const cut = (): unknown => readPhoto(whole.subarray(0, at));
      expect(cut).toThrow('不是能识别的照片');
    }
  }
  for (const text of ['<svg/>', 'GIF89a…', '\xff\xd8<html>', '%PDF-1.7']) {
    expect(() => readPhoto(Buffer.from(text, 'latin1'))).toThrow('不是能识别的照片');
  }
  expect(() => readPhoto(Buffer.alloc(2 * 1024 * 1024 + 1))).toThrow('2 MB');
});
