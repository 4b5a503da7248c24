import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { CODE_LENGTH, CodeBook } from '@app/codes';
import { compare, rateOf, type Row } from './measure';

const ROUNDS_OF_FF1 = 10;
const LINE = CODE_LENGTH + 2;
const AES_BUFFER = 64 * 1024;

interface VoucherCodes {
  generate(options: { length: number; count: number; charset: string }): string[];
}

/** Making codes as lines of text, and reading one back. Nothing is stored, so no database takes part. */
export async function codesSuite(rounds: number, quick: boolean): Promise<Row[]> {
  const key = randomBytes(32);
  const book = new CodeBook(new Map([['A', key]]));
  const vouchers = createRequire(__filename)('voucher-code-generator') as VoucherCodes;
  const count = quick ? 100_000 : 1_000_000;
  const forMs = quick ? 300 : 1_000;
  const ours = {
    name: `${count.toLocaleString('en')} codes as text (FF1, 10 rounds)`,
    sample: rate(() => writeAll(book, count)),
  };
  const generate = { length: 16, count, charset: '0123456789ABCDEFGHJKMNPQRSTVWXYZ' };
  const peer = {
    name: 'voucher-code-generator, 16 of 32 characters',
    sample: rate(() => vouchers.generate(generate).length),
  };
  const text = book.encode({ batch: 7, layer: 1, serial: 123_456 });
  const blocks = aesBlocks(key);
  return [
    await compare({ suite: 'codes', what: 'generate', a: ours, b: peer, rounds, goal: 'P9', floor: '12x', aim: '20x' }),
    await compare({
      ...{
        suite: 'codes',
        what: 'generate: AES blocks used of those there are',
        rounds,
        goal: 'P8',
        floor: '0.20x',
        aim: '0.30x',
      },
      a: { name: 'codes × 10 blocks', sample: async () => ROUNDS_OF_FF1 * (await ours.sample()) },
      b: {
        name: 'raw AES-256-ECB, 64 KiB calls',
        sample: () => Promise.resolve(rateOf(blocks, forMs, AES_BUFFER / 16)),
      },
    }),
    await compare({
      ...{ suite: 'codes', what: 'verify one code', rounds, goal: 'P11', floor: '4x', aim: '6x' },
      a: {
        name: 'decode (10 AES blocks in JS)',
        sample: () => Promise.resolve(rateOf(() => decodeMany(book, text), forMs, 100)),
      },
      b: {
        name: 'one createHmac(sha256)',
        sample: () => Promise.resolve(rateOf(() => hmacMany(key, text), forMs, 100)),
      },
    }),
  ];
}

/** `work` makes so many; per second. */
function rate(work: () => number): () => Promise<number> {
  return () => {
    const startedAt = performance.now();
    const made = work();
    return Promise.resolve((made * 1_000) / (performance.now() - startedAt));
  };
}

/** CRLF lines into one buffer after another, as the export does. */
function writeAll(book: CodeBook, count: number): number {
  const out = Buffer.alloc(CodeBook.slice * LINE, '\r\n');
  for (let from = 0; from < count; from += CodeBook.slice) {
    const part = Math.min(CodeBook.slice, count - from);
    book.writeCodes({ key: 'A', batch: 7, layer: 1, from, count: part }, out, 0, LINE);
  }
  return count;
}

function aesBlocks(key: Buffer): () => void {
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  const buffer = randomBytes(AES_BUFFER);
  return () => void cipher.update(buffer);
}

function decodeMany(book: CodeBook, text: string): void {
  for (let i = 0; i < 100; i++) book.decode(text);
}

function hmacMany(key: Buffer, text: string): void {
  for (let i = 0; i < 100; i++) createHmac('sha256', key).update(text).digest();
}
