import { beijingDay, dayAfter, dayBefore, lastDays } from './beijing-day';

it('counts days as Beijing does', () => {
  expect(beijingDay(new Date('2026-11-21T16:00:00Z'))).toBe('2026-11-22');
  expect([dayAfter('2026-12-31'), dayBefore('2026-03-01')]).toEqual(['2027-01-01', '2026-02-28']);
  expect(lastDays(new Date('2026-11-22T01:00:00Z'), 7)).toEqual({ from: '2026-11-16', to: '2026-11-23' });
});
