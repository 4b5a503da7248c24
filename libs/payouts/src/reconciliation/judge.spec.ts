import fc from 'fast-check';
import { judge, NO_ROWS, type BillEnd, type FileSide, type OurBill } from './judge';

const TRANSFER = 'transfer_confirm_v3';
const REDPACK = 'redpack_v2';
const bill = (end: BillEnd, channel: OurBill['channel'] = TRANSFER): OurBill => ({
  ...{ billNo: 'Y1', payoutKey: '1:1:1:0', channel, amountFen: 188, end },
  state: end === 'paid' ? 'SETTLED' : end === 'failed' ? 'FAILED' : end === 'refunded' ? 'REFUNDED' : 'UNKNOWN',
});
const side = (outRows: number, inRows = 0, fen = 188): FileSide => ({
  ...{ outRows, inRows, outFen: outRows * fen, inFen: inRows * fen },
});
const differs = (difference: string) => ({ kind: 'differs', difference });

describe('what the two sides of a bill mean together', () => {
  it.each([
    ['paid, and the file says so', bill('paid'), side(1), 0, { kind: 'matched' }],
    ['paid, nothing in the file yet', bill('paid'), NO_ROWS, 0, { kind: 'waiting', urgent: false }],
    ['paid, nothing in the file of the next day either', bill('paid'), NO_ROWS, 1, differs('missing')],
    ['paid with another amount', bill('paid'), side(1, 0, 189), 0, differs('amount')],
    ['paid twice', bill('paid'), side(2), 0, differs('duplicate')],
    ['paid, back, and paid again', bill('paid'), side(2, 1), 0, { kind: 'matched' }],
    ['paid, and back', bill('paid'), side(1, 1), 0, differs('state')],
    ['paid, and only back', bill('paid'), side(0, 1), 0, differs('state')],
    ['failed, and nothing moved', bill('failed'), NO_ROWS, 9, { kind: 'nothing' }],
    ['failed, and the file says paid', bill('failed'), side(1), 0, differs('state')],
    ['failed, out and back', bill('failed'), side(1, 1), 0, { kind: 'returned' }],
    ['failed, out twice', bill('failed'), side(2), 0, differs('duplicate')],
    ['failed, and another amount came back', bill('failed'), { ...side(1, 1), inFen: 187 }, 0, differs('amount')],
    ['a packet nobody took, not back yet', bill('failed', REDPACK), side(1), 1, { kind: 'waiting', urgent: false }],
    ['a packet nobody took, never back', bill('failed', REDPACK), side(1), 2, differs('state')],
    ['refunded, out and back', bill('refunded', REDPACK), side(1, 1), 0, { kind: 'returned' }],
    ['refunded, never back', bill('refunded', REDPACK), side(1), 2, differs('state')],
    ['open, and the file says paid', bill('open'), side(1), 0, { kind: 'waiting', urgent: true }],
    ['open for a day more, and the file says paid', bill('open'), side(1), 1, differs('state')],
    ['a packet sent and not taken yet', bill('open', REDPACK), side(1), 1, { kind: 'waiting', urgent: false }],
    ['open, another amount', bill('open'), side(1, 0, 1), 0, differs('amount')],
    ['open, nothing moved', bill('open'), NO_ROWS, 30, { kind: 'nothing' }],
    ['a payment we never made', null, side(1), 0, differs('extra')],
    ['a return of what we never made', null, side(0, 1), 0, differs('extra')],
    ['neither side knows it any more', null, NO_ROWS, 0, { kind: 'nothing' }],
  ] as const)('%s', (_name, ours, file, age, expected) => {
    expect(judge(ours, file, age)).toEqual(expected);
  });

  it('never calls a paid bill good that left the account otherwise than once with its amount', () => {
    const rows = fc.record({
      outRows: fc.nat(3),
      inRows: fc.nat(3),
      outFen: fc.nat(1_000),
      inFen: fc.nat(1_000),
    });
    fc.assert(
      fc.property(rows, fc.nat(5), fc.constantFrom<BillEnd>('paid', 'failed', 'refunded', 'open'), (file, age, end) => {
        const { kind } = judge(bill(end), file, age);
        if (kind === 'matched')
          expect([end, file.outRows - file.inRows, file.outFen - file.inFen]).toEqual(['paid', 1, 188]);
        if (kind === 'returned') expect([end === 'paid', file.outFen - file.inFen]).toEqual([false, 0]);
        if (file.outRows + file.inRows > 0) expect(kind).not.toBe('nothing');
      }),
    );
  });
});
