import { StringDecoder } from 'node:string_decoder';
import { Defect } from '@app/kernel';

/** A row of a 资金账单 that may be about one of our bills. */
export interface FlowRow {
  /** 业务凭证号; `flow:` and the 资金流水单号 where that names nothing. At most 64 printable ASCII characters. */
  readonly billNo: string;
  readonly direction: 'out' | 'in';
  readonly fen: number;
  /** Beijing, `YYYY-MM-DD HH:mm:ss`. */
  readonly bookedAt: string;
  readonly flowNo: string;
  /** Number of the line in the file, from 2. */
  readonly line: number;
}

/** A row that is not about payouts: top-ups and withdrawals are booked, the rest is only counted. */
export interface OtherRow {
  readonly kind: 'balance' | 'other';
  readonly flowNo: string;
  /** Positive = into the account. */
  readonly fen: number;
}

export interface FileTotals {
  readonly rows: number;
  readonly inRows: number;
  readonly inFen: number;
  readonly outRows: number;
  readonly outFen: number;
  /** Balance after the last row, null in a file without rows. May be negative in a file that says so. */
  readonly closingFen: number | null;
}

/** The file is not in the form we know, or does not add up: nothing of it may be used. */
export class FileNotUnderstood extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FileNotUnderstood';
  }
}

const HEADER =
  '记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号';
const TOTALS = '资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额';
const CELLS = 11;
const TIME = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;
const YUAN = /^(-?)(\d{1,12})(?:\.(\d{1,2}))?$/;
const COUNT = /^(\d{1,9})(?:\.0+)?$/;
const NAME = /^[\x21-\x7e]{1,64}$/;
/** 业务名称 and 业务类型 change as the business does, so they only add rows to ours, never take any away. */
const PAYOUT_NAMES = /商家转账|红包|企业付款/;
const BALANCE_NAMES = /充值|提现/;
const MAX_LINE = 16_384;

/**
 * Reads the file piece by piece and gives each row to `ours` or `other`; `isOurs` knows the look of our bill numbers. Returns what the
 * last line of the file says after holding it against what was read. Throws FileNotUnderstood for anything unexpected: an unknown
 * header, a row of another day, an amount that is no amount, totals that do not fit, or an end before the totals.
 */
export class FundFlowReader {
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';
  private line = 0;
  private state: 'header' | 'rows' | 'totals' | 'end' = 'header';
  private readonly sum = { inRows: 0, inFen: 0, outRows: 0, outFen: 0 };
  private closingFen: number | null = null;

  constructor(
    private readonly day: string,
    private readonly isOurs: (voucher: string) => boolean,
    private readonly ours: (row: FlowRow) => void,
    private readonly other: (row: OtherRow) => void,
  ) {}

  push(piece: Buffer): void {
    const text = this.rest + this.decoder.write(piece);
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.take(text.charCodeAt(end - 1) === 13 ? text.slice(from, end - 1) : text.slice(from, end));
      from = end + 1;
    }
    this.rest = text.slice(from);
    if (this.rest.length > MAX_LINE) this.fail('a line without an end');
  }

  end(): FileTotals {
    const last = this.rest + this.decoder.end();
    if (last !== '') this.take(last.replace(/\r$/, ''));
    if (this.state !== 'end') this.fail('the file ends before its totals');
    const { inRows, outRows, inFen, outFen } = this.sum;
    return { rows: inRows + outRows, inRows, inFen, outRows, outFen, closingFen: this.closingFen };
  }

  private take(line: string): void {
    this.line += 1;
    switch (this.state) {
      case 'header':
        if (line.replace(/^\ufeff/, '') !== HEADER) this.fail('unknown header');
        this.state = 'rows';
        return;
      case 'rows':
        if (line.charCodeAt(0) === 96) return this.row(line);
        if (line !== TOTALS) this.fail('neither a row nor the head of the totals');
        this.state = 'totals';
        return;
      case 'totals':
        this.totals(line);
        this.state = 'end';
        return;
      case 'end':
        if (line !== '') this.fail('something after the totals');
    }
  }

  private row(line: string): void {
    const cells = line.slice(1).split(',`');
    if (cells.length !== CELLS) this.fail(`${cells.length} cells`);
    const [bookedAt, , flowNo, name, kind, direction, amount, balance, , , voucher] = cells as [string, ...string[]];
    if (!TIME.test(bookedAt) || !bookedAt.startsWith(this.day)) this.fail('a row of another day');
    if (flowNo === undefined || flowNo === '' || flowNo.length > 128) this.fail('no flow number');
    const income = direction === '收入';
    if (!income && direction !== '支出') this.fail('neither income nor spending');
    const fen = this.fen(amount);
    if (fen < 0) this.fail('a negative amount');
    this.closingFen = this.fen(balance);
    this.sum[income ? 'inRows' : 'outRows'] += 1;
    this.sum[income ? 'inFen' : 'outFen'] += fen;
    if (this.isOurs(voucher ?? '') || PAYOUT_NAMES.test(`${name} ${kind}`)) {
      const billNo = nameOf(voucher ?? '', flowNo ?? '', this.line);
      this.ours({ billNo, direction: income ? 'in' : 'out', fen, bookedAt, flowNo: flowNo ?? '', line: this.line });
      return;
    }
    const about = BALANCE_NAMES.test(`${name} ${kind}`) ? 'balance' : 'other';
    this.other({ kind: about, flowNo: flowNo ?? '', fen: income ? fen : -fen });
  }

  private totals(line: string): void {
    const cells = line.startsWith('`') ? line.slice(1).split(',`') : [];
    const [rows, inRows, inFen, outRows, outFen] = cells;
    const { sum } = this;
    const fits =
      cells.length === 5 &&
      this.count(rows) === sum.inRows + sum.outRows &&
      this.count(inRows) === sum.inRows &&
      this.count(outRows) === sum.outRows &&
      this.fen(inFen) === sum.inFen &&
      this.fen(outFen) === sum.outFen;
    if (!fits) this.fail('its totals are not those of its rows');
  }

  private count(text: string | undefined): number {
    const match = COUNT.exec(text ?? '');
    return match ? Number(match[1]) : this.fail('a count that is no count');
  }

  /** Yuan with at most two decimals, exactly, in fen. */
  private fen(text: string | undefined): number {
    const match = YUAN.exec(text ?? '');
    if (!match) return this.fail('an amount that is no amount');
    const fen = Number(match[2]) * 100 + Number((match[3] ?? '').padEnd(2, '0'));
    return match[1] === '-' ? -fen : fen;
  }

  private fail(what: string): never {
    throw new FileNotUnderstood(`line ${this.line}: ${what}`);
  }
}

/** The bill number a row is filed under. */
function nameOf(voucher: string, flowNo: string, line: number): string {
  if (NAME.test(voucher)) return voucher;
  const flow = `flow:${flowNo}`;
  return NAME.test(flow) ? flow : `line:${line}`;
}

/** A row as one line of text that sorts by its bill number. */
export function rowText({ billNo, direction, fen, bookedAt, flowNo, line }: FlowRow): string {
  return `${billNo}\t${direction}\t${fen}\t${bookedAt}\t${line}\t${flowNo}`;
}

export function rowOfText(text: string): FlowRow {
  const [billNo, direction, fen, bookedAt, line, flowNo] = text.split('\t');
  if (billNo === undefined || bookedAt === undefined || (direction !== 'in' && direction !== 'out')) {
    throw new Defect('a spilled row of a bill file was damaged');
  }
  return { billNo, direction, fen: Number(fen), bookedAt, line: Number(line), flowNo: flowNo ?? '' };
}
