import { countSum, expectedCost, filledUp, meanFen, oddsSum, oneIn, percentOf, ppmOf } from './odds';

it('adds up odds and counts', () => {
  expect(oddsSum([{ odds: 50 }, { odds: 999_950 }])).toBe(1_000_000);
  expect(countSum([{ count: 1 }, { count: 99 }])).toBe(100);
});

it('writes parts per million as percent and reads them back, every single one', () => {
  for (const ppm of [0, 1, 50, 999, 12_345, 299_950, 1_000_000]) expect(ppmOf(percentOf(ppm))).toBe(ppm);
  expect([percentOf(50), percentOf(1_000_000), percentOf(0), percentOf(100_000)]).toEqual(['0.005', '100', '0', '10']);
  expect([ppmOf('30%'), ppmOf(' 0.0001 '), ppmOf('100.1'), ppmOf('-1'), ppmOf('三'), ppmOf('0.00001')]).toEqual([
    ...[300_000, 1, null, null, null, null],
  ]);
});

it('knows the mean of every kind of amount; a ladder counts as its dearest step', () => {
  expect(meanFen({ type: 'fixed', fen: 88 })).toBe(88);
  expect(meanFen({ type: 'uniform', minFen: 30, maxFen: 88, stepFen: 2 })).toBe(59);
  // 30, 37, … 86: the last step does not reach 88.
  expect(meanFen({ type: 'uniform', minFen: 30, maxFen: 88, stepFen: 7 })).toBe(58);
  expect(
    meanFen({
      type: 'ladder',
      steps: [
        { fromNth: 1, fen: 50 },
        { fromNth: 3, fen: 188 },
      ],
    }),
  ).toBe(188);
});

it('tells what one scan costs: money apart from goods', () => {
  const prizes = [
    { key: 'top', kind: 'cash', amount: { type: 'fixed', fen: 8_800 } },
    { key: 'small', kind: 'cash', amount: { type: 'uniform', minFen: 30, maxFen: 88 } },
    { key: 'bottle', kind: 'redeem', valueFen: 500, coPayFen: 100 },
    { key: 'thanks', kind: 'nothing' },
  ] as const;
  const rows = [
    ...[
      { key: 'top', part: 50 },
      { key: 'small', part: 299_950 },
      { key: 'bottle', part: 100_000 },
    ],
    { key: 'thanks', part: 600_000 },
  ];
  const { moneyFen, goodsFen } = expectedCost(rows, 1_000_000, prizes);
  expect(moneyFen).toBeCloseTo(0.44 + 17.697, 3);
  expect(goodsFen).toBeCloseTo(40, 6);
  expect(expectedCost(rows, 0, prizes)).toEqual({ moneyFen: 0, goodsFen: 0 });
});

it('fills the rest into one row, and says small odds as one in so many', () => {
  expect(filledUp([{ odds: 50 }, { odds: 1 }], 1)).toBe(999_950);
  expect(filledUp([{ odds: 900_000 }, { odds: 200_000 }, { odds: 5 }], 2)).toBe(0);
  expect([oneIn(50), oneIn(500_000), oneIn(0)]).toEqual([20_000, null, null]);
});
