import { ratesOf } from './rates';

const period = (scale: number) => ({
  from: '2026-11-15',
  to: '2026-11-22',
  sums: {
    scans: 130 * scale,
    opened: 100 * scale,
    wins: 40 * scale,
    awardedFen: 12_000 * scale,
    newMembers: 20 * scale,
  },
  people: { people: 80 * scale, openers: 50 * scale, repeaters: 10 * scale },
  claimedFen: 9_000 * scale,
  settledFen: 8_100 * scale,
});
const window = { people: 80, openers: 50, repeaters: 10 };
const figures = {
  now: period(2),
  before: period(1),
  codes: { activated: 400, opened: 100 },
  odds: [{ campaignId: 1, name: '开盖有礼', least: 0.3, most: 0.8, opened: 100, wins: 40 }],
  repeat7: { now: window, before: { ...window, repeaters: 5 } },
  repeat30: { now: null, before: null },
};
const of = (label: string, given: Parameters<typeof ratesOf>[0] = figures) =>
  ratesOf(given).find((rate) => rate.label === label)!;

it('divides as the formula behind each number says', () => {
  expect(of('扫码率').value).toBe('25.0%');
  expect(of('新客率').value).toBe('25.0%');
  expect(of('人均开瓶数').value).toBe('2.00');
  expect(of('中奖率')).toMatchObject({ value: '40.0%', unit: '公示 30%–80%' });
  expect([of('单瓶费用').value, of('单客费用').value]).toEqual(['1.20', '1.50']);
  expect([of('领取率').value, of('到账率').value]).toEqual(['75.0%', '90.0%']);
  expect(of('7 日复购率')).toMatchObject({ value: '20.0%', change: '+10.0 个百分点' });
  expect(of('7 日复购率').formula).toContain('两个不同的日子开过瓶的人 10 ÷ 开过瓶的人 50');
});

it('shows a dash for what was not counted, and compares nothing with it', () => {
  expect(of('30 日复购率')).toMatchObject({ value: '—', change: null });
  const early = { ...figures, now: { ...figures.now, people: null } };
  for (const label of ['新客率', '人均开瓶数', '单客费用']) {
    expect(of(label, early)).toMatchObject({ value: '—', change: null });
  }
  expect(of('扫码率', { ...figures, codes: null })).toMatchObject({ value: '—', change: null });
});
