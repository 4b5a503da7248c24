import { monthOf, monthWords, nextMonth } from './months';

it('knows the Beijing month, and goes over the turn of the year', () => {
  expect(monthOf(new Date('2026-10-31T15:59:59Z'))).toBe('2026-10');
  expect(monthOf(new Date('2026-10-31T16:00:00Z'))).toBe('2026-11');
  expect(nextMonth('2026-01', -1)).toBe('2025-12');
  expect(nextMonth('2025-12', 1)).toBe('2026-01');
  expect(monthWords('2026-03')).toBe('2026 年 3 月');
});
