import { setImmediate as breathe } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { Defect, Rejected } from '@app/kernel';
import { CONFIG, type Config } from '@app/config';
import { Database, textOf } from '@app/database';
import { hasRight, type Operator } from '@app/staff';
import { assertRange, noSuchBatch } from '../batches/batches.repository';
import { CodeBook } from '../text/code-book';
import { CODE_LENGTH } from '../text/code-text';
import { digitalLink, shortUrl } from './carrier';
import type { CodeRange } from './code-range';
import { sealedStretch } from './code-seals';
import type { SheetLabel } from './qr-sheet';

/** Labels in one printable sheet. */
const MOST_LABELS = 480;
/** What one person may take alone, as a proof for the printer; more is a pack, and a second person agrees to it. */
export const MOST_PROOFS = 1000;

interface Printed {
  readonly key: string;
  readonly batch: number;
  readonly layer: number;
  readonly layerName: string;
  readonly batchName: string;
  readonly productName: string;
  /** The printed URL of a code is this with the code behind it. */
  readonly urlPrefix: string;
}

interface Stretch {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

/** One file of a range. */
export interface CodePart extends Stretch {
  readonly honey?: Stretch;
}

/** Codes of an issued batch as printers need them. */
@Injectable()
export class ExportCodes {
  constructor(
    private readonly database: Database,
    private readonly book: CodeBook,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * A CSV of a range as a stream of buffers: header, then `code,url` and with the separate right also `,serial`; lines end in CRLF.
   * Everything is checked before the first byte, so a refusal still has its status: Rejected 404 no such batch, 409 a draft, 422 a range or
   * layer that does not exist; for serials also 403 without the right `export-serials` (`by` null = the system itself) and 409 `range_sealed`
   * while a deal over the range is open. Memory stays constant; a slow reader holds it up; between blocks other work gets its turn.
   * Cells hold only `0-9A-Z:/.-`, and none begins with `= + - @`, so no spreadsheet takes one for a formula.
   */
  async open(
    request: CodeRange & { readonly withSerial: boolean },
    by: Operator | null = null,
  ): Promise<AsyncIterable<Buffer>> {
    return csv(this.book, await this.allowed(request, by), request);
  }

  /**
   * The same for a range that goes out in several files: checked once as `open` checks it, then each part is a CSV with a header of its
   * own. `honey` are serials past the end of the batch, written behind the others in the same form; a file with serials has none.
   */
  async parts(
    request: CodeRange & { readonly withSerial: boolean },
    by: Operator | null = null,
  ): Promise<(part: CodePart) => AsyncIterable<Buffer>> {
    const printed = await this.allowed(request, by);
    return (part) => csv(this.book, printed, { ...part, withSerial: request.withSerial });
  }

  /** Rejects what `open` would reject now. */
  async check(request: CodeRange & { readonly withSerial: boolean }, by: Operator): Promise<void> {
    await this.allowed(request, by);
  }

  /** The same for a proof: Rejected 422 for a range that is long enough to be a pack. */
  async proof(request: CodeRange & { readonly withSerial: boolean }, by: Operator): Promise<AsyncIterable<Buffer>> {
    if (request.to - request.from > MOST_PROOFS) {
      const words = `打样一次最多 ${MOST_PROOFS} 枚；更多的码请申请码包，由另一个人同意后下载`;
      throw new Rejected('too_many_codes', words, 422, { most: MOST_PROOFS });
    }
    return this.open(request, by);
  }

  /** Labels of at most 480 codes for a printable sheet. Rejects as `open` does, and 422 for a longer range. */
  async labels(range: CodeRange): Promise<{ title: string; subtitle: string; labels: SheetLabel[] }> {
    const printed = await this.find(range);
    if (range.to - range.from > MOST_LABELS) {
      throw new Rejected('too_many_labels', `一次最多打印 ${MOST_LABELS} 枚，请缩小码段或导出 CSV`, 422, {
        most: MOST_LABELS,
      });
    }
    const labels: SheetLabel[] = [];
    for (let serial = range.from; serial < range.to; serial++) {
      const code = this.book.encode({ batch: printed.batch, layer: printed.layer, serial }, printed.key);
      const { productName, layerName } = printed;
      labels.push({ code, url: printed.urlPrefix + code, productName, layerName });
    }
    const subtitle = `码批次 ${printed.batch} · ${printed.layerName} · ${labels.length} 枚`;
    return { title: printed.batchName, subtitle, labels };
  }

  private async allowed(request: CodeRange & { readonly withSerial: boolean }, by: Operator | null): Promise<Printed> {
    if (request.withSerial && by !== null && !hasRight(by, 'export-serials')) {
      throw new Rejected('serials_forbidden', '导出码序号是一项单独的权限，请找品牌负责人开通', 403);
    }
    const printed = await this.find(request);
    if (request.withSerial) await this.refuseSealed(request);
    return printed;
  }

  private async refuseSealed(range: CodeRange): Promise<void> {
    const sealed = await sealedStretch(this.database, range);
    if (!sealed) return;
    const words = `码段 [${sealed.from}, ${sealed.to}) 里有按数量预埋的奖项，活动结束并公开种子之前不能导出序号`;
    throw new Rejected('range_sealed', words, 409, sealed);
  }

  private async find(range: CodeRange): Promise<Printed> {
    const [batch] = await this.database.query<{
      key: Buffer;
      quantity: number;
      status: Buffer;
      carrier: Buffer;
      name: string;
      productName: string;
      gtin: Buffer | null;
    }>(
      `SELECT b.key_char AS \`key\`, b.quantity, b.status, b.carrier, b.name, p.name AS productName, p.gtin
         FROM code_batches b JOIN products p ON p.id = b.product_id WHERE b.id = ?`,
      [range.batchId],
    );
    if (batch === undefined) throw noSuchBatch(range.batchId);
    if (textOf(batch.status) === 'drafted') {
      throw new Rejected('batch_status', '这个码批次还是草稿：先生成，再导出', 409, { from: 'drafted' });
    }
    await assertRange(this.database, { id: range.batchId, quantity: batch.quantity }, range);
    const [layer] = await this.database.query<{ name: string }>(
      'SELECT name FROM code_batch_layers WHERE batch_id = ? AND layer = ?',
      [range.batchId, range.layer],
    );
    const origin = this.config.http.codeHostUrl;
    const gtin = batch.gtin === null ? null : textOf(batch.gtin);
    const gs1 = textOf(batch.carrier) === 'gs1' && gtin !== null;
    return {
      key: textOf(batch.key),
      batch: range.batchId,
      layer: range.layer,
      layerName: layer!.name,
      batchName: batch.name,
      productName: batch.productName,
      urlPrefix: gs1 ? digitalLink(origin, { code: '', gtin }) : shortUrl(origin, ''),
    };
  }
}

async function* csv(
  book: CodeBook,
  printed: Printed,
  { from, to, honey, withSerial }: CodePart & { readonly withSerial: boolean },
): AsyncGenerator<Buffer> {
  if (withSerial && honey && honey.to > honey.from) throw new Defect('a serial would tell a honey code');
  yield Buffer.from(withSerial ? 'code,url,serial\r\n' : 'code,url\r\n');
  yield* rows(book, printed, { from, to }, withSerial);
  if (honey) yield* rows(book, printed, honey, false);
}

async function* rows(
  book: CodeBook,
  printed: Printed,
  { from, to }: Stretch,
  withSerial: boolean,
): AsyncGenerator<Buffer> {
  for (let serial = from; serial < to;) {
    const digits = withSerial ? String(serial).length : 0;
    // Within a block all lines are equally long, so that codes can be written straight into their places.
    const end = Math.min(to, serial + CodeBook.slice, withSerial ? 10 ** digits : Infinity);
    yield block(book, printed, serial, end - serial, digits);
    serial = end;
    await breathe();
  }
}

function block(book: CodeBook, printed: Printed, from: number, count: number, digits: number): Buffer {
  const tail = digits > 0 ? `,${'0'.repeat(digits)}\r\n` : '\r\n';
  const line = `${'0'.repeat(CODE_LENGTH)},${printed.urlPrefix}${'0'.repeat(CODE_LENGTH)}${tail}`;
  const out = Buffer.alloc(count * line.length, line, 'latin1');
  const urlCodeAt = CODE_LENGTH + 1 + printed.urlPrefix.length;
  const { key, batch, layer } = printed;
  book.writeCodes({ key, batch, layer, from, count }, out, 0, line.length);
  for (let i = 0, at = 0; i < count; i++, at += line.length) {
    out.copyWithin(at + urlCodeAt, at, at + CODE_LENGTH);
    if (digits > 0) writeDigits(out, at + line.length - 3, from + i, digits);
  }
  return out;
}

/** Decimal digits right-aligned, the last one at `at`. */
function writeDigits(out: Buffer, at: number, value: number, digits: number): void {
  let rest = value;
  for (let i = 0; i < digits; i++) {
    out[at - i] = 48 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}
