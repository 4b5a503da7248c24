import { lastDayBefore, progressPercent, progressWords, shortDay } from './tier-words';

const next = { name: '金卡', leastFen: 20_000, missingFen: 5_000 };

it('says how much is missing, and no more than that the line is reached', () => {
  expect(progressWords({ key: 'regular', next })).toBe('离本月的金卡线还差 50.00 元');
  expect(progressWords({ key: 'regular', next: { ...next, missingFen: 0 } })).toBe('已经达到本月的金卡线');
});

it('knows the top, and the month without lines', () => {
  expect(progressWords({ key: 'platinum', next: null })).toBe('已经是最高等级');
  expect(progressWords({ key: 'regular', next: null })).toBeNull();
});

it.each([
  [0, 0],
  [15_000, 75],
  [19_999, 99],
  [20_000, 100],
  [90_000, 100],
])('%i fen of 20,000 are %i %%', (spendFen, percent) => {
  expect(progressPercent({ spendFen, next })).toBe(percent);
});

it('counts days across months', () => {
  expect(lastDayBefore('2027-11-01')).toBe('2027 年 10 月 31 日');
  expect(shortDay('2026-12-01')).toBe('12 月 1 日');
});
