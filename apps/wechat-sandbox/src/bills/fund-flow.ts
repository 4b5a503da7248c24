import { beijingTime, businessDay } from '../world/clock';
import type { Bill } from '../world/bill';
import { merchantAccount, type Entry } from '../world/ledger';
import type { World } from '../world/world';
import type { Falsifications } from './falsifications';
import type { FlowRow } from './flow-row';

const HEADER =
  '记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号';
const TOTALS = '资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额';
const BOM = '\u{feff}';
const END = '\r\n';
/** Lines given out at once: the reader's pace decides, and other requests get their turn in between. */
const LINES_AT_ONCE = 2_000;

/**
 * What one merchant's account went through on a Beijing day, from the book alone. Money of a transfer is frozen first, which moves nothing on the account; it leaves
 * when the user has it. Money of a red packet leaves when the packet is sent, and comes back when nobody took it.
 */
export function* flowsOf(world: World, mchId: string, day: string): Generator<FlowRow> {
  let balanceFen = 0;
  for (const entry of world.ledger.entries) {
    const bill = entry.billKey === undefined ? undefined : world.bills.get(entry.billKey);
    const income = directionOf(entry, bill, mchId);
    if (income === undefined) continue;
    balanceFen += income ? entry.amountFen : -entry.amountFen;
    if (businessDay(entry.at) === day) yield rowOf(entry, bill, mchId, income, balanceFen);
  }
}

/** True for money into the account, false for money out of it, undefined when this entry is no movement of this account. */
function directionOf(entry: Entry, bill: Bill | undefined, mchId: string): boolean | undefined {
  if (bill === undefined) return entry.to === merchantAccount(mchId) ? true : undefined;
  if (bill.mchId !== mchId) return undefined;
  if (bill.channel === 'transfer') return entry.kind === 'credit' ? false : undefined;
  if (entry.kind === 'lock') return false;
  return entry.kind === 'release' ? true : undefined;
}

function rowOf(entry: Entry, bill: Bill | undefined, mchId: string, income: boolean, balanceFen: number): FlowRow {
  const flowNo = `${mchId}${businessDay(entry.at).replaceAll('-', '')}${String(entry.seq).padStart(12, '0')}`;
  const common = { at: entry.at, flowNo, income, amountFen: entry.amountFen, balanceFen };
  if (bill === undefined) {
    const charge = { business: '充值/提现', kind: '充值', applicant: `${mchId}`, remark: '账户充值' };
    return { ...common, ...charge, platformNo: `1000${flowNo}`, voucher: `R${flowNo}` };
  }
  const [business, kind] = namesOf(bill, income);
  const { platformNo, outBillNo: voucher } = bill;
  return { ...common, business, kind, platformNo, voucher, applicant: `${mchId}API`, remark: bill.details.remark };
}

function namesOf(bill: Bill, income: boolean): [business: string, kind: string] {
  if (bill.channel === 'transfer') return ['商家转账', '商家转账'];
  return ['现金红包', income ? '现金红包退款' : '现金红包'];
}

/** The file as text, in pieces; `totals` counts what is really in it unless somebody falsified them. */
export function* billText(
  rows: Iterable<FlowRow>,
  falsified: Falsifications,
  mchId: string,
  day: string,
): Generator<string> {
  yield `${BOM}${falsified.has(mchId, day, 'header') ? HEADER.replace('业务名称', '业务类别') : HEADER}${END}`;
  const sums = { count: 0, in: 0, inFen: 0, out: 0, outFen: 0 };
  let lines: string[] = [];
  for (const row of falsified.applied(rows, mchId, day)) {
    sums.count += 1;
    sums[row.income ? 'in' : 'out'] += 1;
    sums[row.income ? 'inFen' : 'outFen'] += row.amountFen;
    lines.push(lineOf(row));
    if (lines.length < LINES_AT_ONCE) continue;
    yield lines.join(END) + END;
    lines = [];
  }
  if (lines.length > 0) yield lines.join(END) + END;
  if (falsified.has(mchId, day, 'cut')) return;
  if (falsified.has(mchId, day, 'totals')) sums.outFen += 1;
  const totals = [`${sums.count}`, `${sums.in}`, yuan(sums.inFen), `${sums.out}`, yuan(sums.outFen)];
  yield `${TOTALS}${END}${cells(totals)}${END}`;
}

function lineOf(row: FlowRow): string {
  return cells([
    beijingTime(row.at),
    row.platformNo,
    row.flowNo,
    row.business,
    row.kind,
    row.income ? '收入' : '支出',
    yuan(row.amountFen),
    yuan(row.balanceFen),
    row.applicant,
    plain(row.remark),
    plain(row.voucher),
  ]);
}

function cells(values: readonly string[]): string {
  return values.map((value) => `\`${value}`).join(',');
}

/** Line breaks and the separator may not stand in a cell. */
function plain(text: string): string {
  return text.replaceAll('\r', '\\r').replaceAll('\n', '\\n').replaceAll(',`', '，`');
}

/** Fen as yuan with two decimals. */
function yuan(fen: number): string {
  const whole = Math.floor(Math.abs(fen) / 100);
  return `${fen < 0 ? '-' : ''}${whole}.${String(Math.abs(fen) % 100).padStart(2, '0')}`;
}
