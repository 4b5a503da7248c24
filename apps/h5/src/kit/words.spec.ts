import { isMoney } from '../awards/is-money';
import { dayWords, lastDayWords, minuteWords, yuan } from './words';

describe('words on screen', () => {
  it('writes fen as yuan with two decimals and no rounding', () => {
    expect([0, 1, 10, 188, 88800, 123456789].map(yuan)).toEqual([
      '0.00',
      '0.01',
      '0.10',
      '1.88',
      '888.00',
      '1,234,567.89',
    ]);
  });

  it('tells minutes in Beijing time, whatever the zone of the machine', () => {
    const year = new Date().getUTCFullYear();
    expect(minuteWords(`${year}-11-03T11:42:59Z`)).toBe('11 月 3 日 19:42');
    expect(minuteWords(`${year}-06-30T16:05:00Z`)).toBe('7 月 1 日 00:05');
  });

  it('names the year when it is not this one', () => {
    expect(minuteWords('2019-12-31T16:00:00Z')).toBe('2020 年 1 月 1 日 00:00');
  });

  it('names the last whole day before an end, in Beijing', () => {
    expect(lastDayWords('2026-11-10T16:00:00Z')).toBe('11 月 10 日');
    expect(lastDayWords('2026-11-10T15:59:00Z')).toBe('11 月 10 日');
  });

  it('offers 收款 for cash and for packets that are open, and for nothing else', () => {
    expect(isMoney({ kind: 'cash', state: 'ready' })).toBe(true);
    expect(isMoney({ kind: 'locked', state: 'settled' })).toBe(true);
    for (const state of ['locked', 'lapsed'] as const) expect(isMoney({ kind: 'locked', state })).toBe(false);
    for (const kind of ['coupon', 'goods', 'redeem', 'nothing'] as const) {
      expect(isMoney({ kind, state: 'ready' })).toBe(false);
    }
  });

  it('reads a calendar day as it stands', () => {
    expect(dayWords('2026-06-02')).toBe('2026 年 6 月 2 日');
  });
});
