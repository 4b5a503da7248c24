import fc from 'fast-check';
import { FileNotUnderstood, FundFlowReader, rowOfText, rowText, type FlowRow, type OtherRow } from './fund-flow-file';

const HEADER =
  '记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号';
const TOTALS = '资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额';
const OURS = `Y${'0'.repeat(25)}`;

interface Said {
  time?: string;
  name?: string;
  direction?: string;
  amount?: string;
  balance?: string;
  remark?: string;
  voucher?: string;
  flowNo?: string;
}

function row(said: Said = {}): string {
  const {
    time = '2026-11-21 23:59:59',
    name = '商家转账',
    direction = '支出',
    amount = '1.88',
    balance = '100.00',
  } = said;
  const { remark = '扫码有礼', voucher = OURS, flowNo = 'F1' } = said;
  return [time, '1317', flowNo, name, name, direction, amount, balance, '1900API', remark, voucher]
    .map((cell) => `\`${cell}`)
    .join(',');
}

function text(rows: readonly string[], totals = '`1,`0,`0.00,`1,`1.88', end = '\n', mark = ''): string {
  return `${mark}${[HEADER, ...rows, TOTALS, totals].join(end)}${end}`;
}

function read(content: string | Buffer, piece = 7) {
  const ours: FlowRow[] = [];
  const other: OtherRow[] = [];
  const isOurs = (voucher: string): boolean => /^Y[0-9A-Z]{25}$/.test(voucher);
  const reader = new FundFlowReader(
    '2026-11-21',
    isOurs,
    (one) => ours.push(one),
    (one) => other.push(one),
  );
  const bytes = Buffer.from(content);
  for (let from = 0; from < bytes.length; from += piece) reader.push(bytes.subarray(from, from + piece));
  return { totals: reader.end(), ours, other };
}

describe('the bill file', () => {
  it.each([
    ['as it is published', '\n', ''],
    ['as it is downloaded: a mark at the front, lines of the other kind', '\r\n', '\u{feff}'],
  ])('is read %s, in pieces that cut characters in two', (_name, end, mark) => {
    const { ours, totals } = read(text([row()], undefined, end, mark));
    expect(ours).toEqual([
      { billNo: OURS, direction: 'out', fen: 188, bookedAt: '2026-11-21 23:59:59', flowNo: 'F1', line: 2 },
    ]);
    expect(totals).toEqual({ rows: 1, inRows: 0, inFen: 0, outRows: 1, outFen: 188, closingFen: 10_000 });
  });

  it('tells payouts from the rest by the number or by the name, and forgets nothing that has either', () => {
    const rows = [
      row({ name: '新业务', flowNo: 'F1' }),
      row({ name: '现金红包', direction: '收入', voucher: 'someone-else', flowNo: 'F2' }),
      row({ name: '商家转账', voucher: '', flowNo: 'F3' }),
      row({ name: '充值/提现', direction: '收入', amount: '1000', voucher: 'R1', flowNo: 'F4' }),
      row({ name: '充值/提现', amount: '0.5', voucher: 'R2', flowNo: 'F5' }),
      row({ name: '扣除交易手续费', amount: '0.02', voucher: '420', flowNo: 'F6' }),
    ];
    const { ours, other } = read(text(rows, '`6.0,`2.0,`1001.88,`4.0,`4.28'));
    expect(ours.map(({ billNo, direction }) => [billNo, direction])).toEqual([
      [OURS, 'out'],
      ['someone-else', 'in'],
      ['flow:F3', 'out'],
    ]);
    expect(other).toEqual([
      { kind: 'balance', flowNo: 'F4', fen: 100_000 },
      { kind: 'balance', flowNo: 'F5', fen: -50 },
      { kind: 'other', flowNo: 'F6', fen: -2 },
    ]);
  });

  it('may be empty, and a remark may hold commas', () => {
    expect(read(text([], '`0,`0,`0.00,`0,`0.00')).totals).toMatchObject({ rows: 0, closingFen: null });
    expect(read(text([row({ remark: '一, 二, 三' })])).ours).toHaveLength(1);
  });

  it.each([
    ['another header', text([row()]).replace('业务名称', '业务类别'), /header/],
    ['no totals', [HEADER, row(), ''].join('\n'), /before its totals/],
    ['an end inside a row', text([row()]).slice(0, HEADER.length + 30), /cells|totals/],
    ['an end inside the totals', text([row()]).slice(0, -12), /totals|amount/],
    ['totals of other rows', text([row()], '`1,`0,`0.00,`1,`1.89'), /totals/],
    ['a row less', text([], '`1,`0,`0.00,`1,`1.88'), /totals/],
    ['a row of another day', text([row({ time: '2026-11-22 00:00:00' })]), /another day/],
    ['fractions of a fen', text([row({ amount: '1.888' })]), /amount/],
    ['an amount in another script', text([row({ amount: '１.88' })]), /amount/],
    ['an amount below zero', text([row({ amount: '-1.88' })]), /negative|amount/],
    ['no direction', text([row({ direction: '冻结' })]), /neither/],
    ['a cell too many', text([`${row()},\`x`]), /cells/],
    ['rows after the totals', `${text([row()])}${row()}\n`, /after/],
    ['nothing at all', '', /before its totals/],
    ['a refusal instead of a file', '{"code":"SYSTEM_ERROR"}', /header/],
  ])('is refused whole with %s', (_name, content, why) => {
    expect(() => read(content)).toThrow(FileNotUnderstood);
    expect(() => read(content)).toThrow(why);
  });

  it('reads every amount exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000_000 }), (fen) => {
        const amount = `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
        return read(text([row({ amount })], `\`1,\`0,\`0.00,\`1,\`${amount}`), 4096).ours[0]?.fen === fen;
      }),
    );
  });

  it('keeps a row through a line of text', () => {
    const one: FlowRow = {
      billNo: OURS,
      direction: 'in',
      fen: 1,
      bookedAt: '2026-11-21 00:00:00',
      flowNo: 'F 1',
      line: 9,
    };
    expect(rowOfText(rowText(one))).toEqual(one);
  });
});
