import { createHash } from 'node:crypto';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Transient } from '@app/kernel';
import { PaymentWire } from './payment-wire';

/** 基本账户, 运营账户: money of payouts may lie in either. */
export const BILL_ACCOUNTS = ['BASIC', 'OPERATION'] as const;
export type BillAccount = (typeof BILL_ACCOUNTS)[number];

/** A 资金账单 that can be downloaded now. `sha1` (hex) is that of the file before compression. */
export interface ReadyBillFile {
  readonly kind: 'ready';
  readonly mchId: string;
  readonly sha1: string;
  /** Query of the download address, good for some 30 s. */
  readonly query: Readonly<Record<string, string>>;
}

export type BillFileAnswer =
  | ReadyBillFile
  /** The account moved nothing on that day, or WeChat knows no such account of ours. */
  | { readonly kind: 'none' }
  /** WeChat is still writing it. */
  | { readonly kind: 'not_yet' }
  /** Refused by a code nobody should meet here. */
  | { readonly kind: 'refused'; readonly code: string }
  /** No usable answer: ask again later. */
  | { readonly kind: 'silent'; readonly cause: string };

/** The file is not what was promised: nothing of it may be used. */
export class BillFileBroken extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'BillFileBroken';
  }
}

export interface BillFileLimits {
  /** As it comes over the wire. */
  readonly maxBytes: number;
  /** Unpacked. */
  readonly maxPlainBytes: number;
}

const APPLY = 'v3/bill/fundflowbill';
const DOWNLOAD = 'v3/billdownload/file';
const SHA1 = /^[0-9a-f]{40}$/;
/** Ten million lines are some 2 GB of text and a tenth of it packed. */
const LIMITS: BillFileLimits = { maxBytes: 512 * 1024 * 1024, maxPlainBytes: 4 * 1024 * 1024 * 1024 };
/** A download may last, but not stand still. */
const IDLE_MS = 30_000;
const GZIP_MAGIC = Buffer.of(0x1f, 0x8b);

/** 资金账单, APIv3: what moved on a merchant's account on one Beijing day, as WeChat says it. */
@Injectable()
export class BillFileApi {
  constructor(
    private readonly wire: PaymentWire,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Asks for the file of a day (`YYYY-MM-DD`); there from about ten in the morning of the next day, for three months. */
  async apply(mchId: string, day: string, account: BillAccount): Promise<BillFileAnswer> {
    const query = new URLSearchParams({ bill_date: day, account_type: account, tar_type: 'GZIP' });
    const reply = await this.wire.of(mchId).v3('get', `${APPLY}?${query.toString()}`);
    if (reply.noReply) return { kind: 'silent', cause: reply.cause };
    const { code, body, httpStatus } = reply;
    if (code === 'NO_STATEMENT_EXIST') return { kind: 'none' };
    if (code === 'STATEMENT_CREATING') return { kind: 'not_yet' };
    if (
      code === 'SYSTEM_ERROR' ||
      code === 'FREQUENCY_LIMITED' ||
      code === 'FREQUENCY_LIMIT_EXCEED' ||
      httpStatus >= 500
    ) {
      return { kind: 'silent', cause: code ?? String(httpStatus) };
    }
    if (code !== null) return { kind: 'refused', code };
    return this.ready(mchId, body);
  }

  /**
   * The file as plain text bytes, piece by piece. Throws BillFileBroken (at the latest after the last piece) when its checksum is not the
   * promised one or a limit is passed: keep what was read aside until the end. Throws Transient when the line broke.
   */
  async *download(file: ReadyBillFile, limits: BillFileLimits = LIMITS): AsyncGenerator<Buffer> {
    const stopping = new AbortController();
    const opened = await this.wire.of(file.mchId).download(DOWNLOAD, file.query, stopping.signal);
    if (opened.noFile) throw new Transient(`the bill file could not be opened: ${opened.why}`);
    const hash = createHash('sha1');
    let plainBytes = 0;
    try {
      for await (const piece of unpacked(watched(opened.stream, limits.maxBytes, stopping))) {
        plainBytes += piece.length;
        if (plainBytes > limits.maxPlainBytes) throw new BillFileBroken(`larger than ${limits.maxPlainBytes} bytes`);
        hash.update(piece);
        yield piece;
      }
    } catch (error) {
      if (error instanceof BillFileBroken) throw error;
      if ((error as { code?: string }).code?.startsWith('Z_')) {
        throw new BillFileBroken('the packed file is damaged', { cause: error });
      }
      throw new Transient('the download of the bill file broke off', 1, { cause: error });
    } finally {
      stopping.abort();
      opened.stream.destroy();
    }
    const sha1 = hash.digest('hex');
    if (sha1 !== file.sha1) throw new BillFileBroken(`its SHA-1 is ${sha1}, promised was ${file.sha1}`);
  }

  /** Never goes to another host than WeChat Pay's: the request is signed with the merchant's key. */
  private ready(mchId: string, body: Readonly<Record<string, unknown>>): BillFileAnswer {
    const { download_url: address, hash_type: hashType, hash_value: hash } = body;
    if (typeof address !== 'string' || typeof hash !== 'string' || hashType !== 'SHA1') {
      return { kind: 'refused', code: 'UNREADABLE_ANSWER' };
    }
    const sha1 = hash.toLowerCase();
    const url = URL.canParse(address.trim()) ? new URL(address.trim()) : null;
    const home = new URL(this.config.wechat.payUrl);
    if (!url || url.host !== home.host || url.pathname !== `/${DOWNLOAD}` || !SHA1.test(sha1)) {
      return { kind: 'refused', code: 'FOREIGN_DOWNLOAD_ADDRESS' };
    }
    return { kind: 'ready', mchId, sha1, query: Object.fromEntries(url.searchParams) };
  }
}

/** Counts what comes in and ends a download that stands still. */
async function* watched(stream: Readable, maxBytes: number, stopping: AbortController): AsyncGenerator<Buffer> {
  let bytes = 0;
  let timer: NodeJS.Timeout | undefined;
  const wind = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      stopping.abort();
      stream.destroy(new Error('no byte came for too long'));
    }, IDLE_MS);
  };
  wind();
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      wind();
      bytes += piece.length;
      if (bytes > maxBytes) throw new BillFileBroken(`larger than ${maxBytes} bytes as it is sent`);
      yield piece;
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Packed or not is told by the first bytes: the answer's headers have been seen to say either. */
async function* unpacked(pieces: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const first = await pieces.next();
  if (first.done === true) return;
  async function* all(): AsyncGenerator<Buffer> {
    yield first.value;
    yield* pieces;
  }
  if (!first.value.subarray(0, 2).equals(GZIP_MAGIC)) return yield* all();
  const gunzip = createGunzip();
  pipeline(all, gunzip, () => undefined);
  yield* gunzip as AsyncIterable<Buffer>;
}
