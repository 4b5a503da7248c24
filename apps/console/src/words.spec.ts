import { count, growth, share, time, yuan } from './words';

it('writes money in yuan with thousands, and a dash for what is not known', () => {
  expect([yuan(0), yuan(5), yuan(123_456_789), yuan(-250), yuan(null)]).toEqual([
    ...['0.00', '0.05', '1,234,567.89', '-2.50', '—'],
  ]);
  expect([count(1_234_567), count(undefined)]).toEqual(['1,234,567', '—']);
});

it('tells Beijing time wherever the browser stands', () => {
  expect(time('2026-11-21T16:05:00Z')).toBe('2026-11-22 00:05');
  expect(time(null)).toBe('—');
});

it('compares only where there is something to compare with', () => {
  expect([growth(110, 100), growth(90, 100), growth(5, 0)]).toEqual(['+10.0%', '−10.0%', null]);
  expect([share(1, 3), share(0, 0)]).toEqual(['33.3%', '—']);
});
