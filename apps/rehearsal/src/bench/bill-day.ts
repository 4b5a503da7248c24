import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { Pool } from 'mysql2/promise';

const HEADER =
  '记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号';
const TOTALS = '资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额';
const BATCH = 5_000;

/** A Shanghai day of one merchant account on both sides: settled payouts here, a 资金账单 there. */
export interface BillDay {
  readonly mchId: string;
  readonly day: string;
  /** Makes bill numbers of different days differ. */
  readonly salt: string;
  readonly rows: number;
  /** Every so many rows one is a lie: left out, with another amount, or twice. 0 = none. */
  readonly lieEvery: number;
}

type Lie = 'drop' | 'amount' | 'double';
const LIES: readonly Lie[] = ['drop', 'amount', 'double'];

/** The number of the bill of a row; hexadecimal digits are digits of a bill number too. */
function billNo(salt: string, row: number): string {
  return `Y${createHash('sha1').update(`${salt}|${row}`).digest('hex').toUpperCase().slice(0, 25)}`;
}

function fenOf(row: number): number {
  return 100 + (row % 900);
}

function lieOf({ lieEvery }: BillDay, row: number): Lie | null {
  if (lieEvery === 0 || row % lieEvery !== 0) return null;
  return LIES[(row / lieEvery) % LIES.length] ?? null;
}

/** How many lies of each kind the file tells. */
export function liesOf(day: BillDay): Readonly<Record<Lie, number>> {
  const count = { drop: 0, amount: 0, double: 0 };
  for (let row = 1; row <= day.rows; row++) {
    const lie = lieOf(day, row);
    if (lie !== null) count[lie] += 1;
  }
  return count;
}

/** Settled payouts, one a row. `owner` may write what the application may not. */
export async function plantPayouts(owner: Pool, { mchId, day, salt, rows }: BillDay): Promise<void> {
  await owner.query(
    `INSERT INTO payouts (payout_key, member_id, campaign_id, version_id, budget_id, amount_fen, channel, mch_id, state, bill_no,
       offered_at, created_at, updated_at, settled_at)
     SELECT CONCAT(?, '-', LPAD(seq, 9, '0')), 1, 1, 1, 0, 100 + seq MOD 900, 'transfer_confirm_v3', ?, 'SETTLED',
       CONCAT('Y', LEFT(UPPER(SHA1(CONCAT(?, '|', seq))), 25)), at, at, at, at
     FROM (SELECT seq, ? - INTERVAL 8 HOUR + INTERVAL seq MOD 86400 SECOND AS at FROM seq_1_to_${rows}) AS every_row`,
    [salt, mchId, salt, `${day} 00:00:00`],
  );
}

/** Writes the packed file and returns the SHA-1 of what is in it. */
export async function writeFile(file: string, day: BillDay): Promise<string> {
  const hash = createHash('sha1');
  const gzip = createGzip({ level: 1 });
  const written = pipeline(gzip, createWriteStream(file));
  const put = async (text: string): Promise<void> => {
    hash.update(text, 'utf8');
    if (!gzip.write(text)) await once(gzip, 'drain');
  };
  await put(`\u{feff}${HEADER}\r\n`);
  const sums = { count: 0, fen: 0 };
  let lines: string[] = [];
  for (let row = 1; row <= day.rows; row++) {
    const lie = lieOf(day, row);
    const fen = fenOf(row) + (lie === 'amount' ? 1 : 0);
    for (let times = lie === 'drop' ? 0 : lie === 'double' ? 2 : 1; times > 0; times--) {
      lines.push(lineOf(day, row, fen, times));
      sums.count += 1;
      sums.fen += fen;
    }
    if (lines.length < BATCH) continue;
    await put(lines.join(''));
    lines = [];
  }
  const totals = [`${sums.count}`, '0', '0.00', `${sums.count}`, yuan(sums.fen)].map((cell) => `\`${cell}`).join(',');
  await put(`${lines.join('')}${TOTALS}\r\n${totals}\r\n`);
  gzip.end();
  await written;
  return hash.digest('hex');
}

/** The bytes of a packed file, unpacked. */
export function plainBytes(file: string): AsyncIterable<Buffer> {
  return createReadStream(file).pipe(createGunzip()) as AsyncIterable<Buffer>;
}

function lineOf({ mchId, day, salt }: BillDay, row: number, fen: number, times: number): string {
  const second = new Date(Date.parse(`${day}T00:00:00Z`) + (row % 86_400) * 1_000).toISOString();
  const flow = `${mchId}${day.replaceAll('-', '')}${String(row).padStart(12, '0')}${times}`;
  const cells = [
    ...[second.slice(0, 19).replace('T', ' '), `1317${flow}`, flow, '商家转账', '商家转账', '支出', yuan(fen)],
    ...['100000.00', `${mchId}API`, '扫码有礼活动奖励', billNo(salt, row)],
  ];
  return `${cells.map((cell) => `\`${cell}`).join(',')}\r\n`;
}

function yuan(fen: number): string {
  return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
}
