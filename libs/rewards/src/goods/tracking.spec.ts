import { checkedTracking, trackingLines } from './tracking';

it('reads files as spreadsheets write them, and keeps the number of each line', () => {
  const text = '\uFEFF订单号,快递公司,运单号\r\n"a-1",顺丰,SF123456\r\n\r\nb-2\t中通\t\'7788 9900 11\r\nno columns\r\n';
  expect(trackingLines(text)).toEqual([
    { line: 2, said: { orderNo: 'a-1', carrier: '顺丰', trackingNo: 'SF123456' } },
    { line: 4, said: { orderNo: 'b-2', carrier: '中通', trackingNo: '7788 9900 11' } },
    { line: 5, said: null },
  ]);
});

it('keeps numbers without spaces in capitals, and names what is wrong', () => {
  const line = { orderNo: ' a-1 ', carrier: ' 顺丰 ', trackingNo: 'sf 1234 567' };
  expect(checkedTracking(line)).toEqual({ orderNo: 'a-1', carrier: '顺丰', trackingNo: 'SF1234567' });
  expect(checkedTracking({ ...line, carrier: '顺' })).toBe('bad_carrier');
  for (const trackingNo of ['12345', '=HYPERLINK(1)', '9'.repeat(33)]) {
    expect(checkedTracking({ ...line, trackingNo })).toBe('bad_number');
  }
});
