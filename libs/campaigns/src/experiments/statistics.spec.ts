import { addTo, chiSquare, newcombe, NO_SUMS, ratioDifference, ratioInterval, ratioOf, wilson } from './statistics';

describe('wilson', () => {
  // Newcombe (1998), "Two-sided confidence intervals for the single proportion", Table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i out of %i is the published interval', (hits, of, low, high) => {
    const interval = wilson({ hits, of })!;
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('of nothing is not known', () => expect(wilson({ hits: 0, of: 0 })).toBeNull());
});

describe('newcombe', () => {
  // Newcombe (1998), "Interval estimation for the difference between independent proportions", Table II, method 10.
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('of %i/%i against %i/%i is the published interval', (a, m, b, n, low, high) => {
    const interval = newcombe({ hits: a, of: m }, { hits: b, of: n })!;
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });
});

describe('chiSquare', () => {
  it('has the tabulated critical values', () => {
    // 3.841 and 5.991 are the 5 % points for one and two degrees of freedom.
    expect(chiSquare([50 + Math.sqrt(3.841 * 25), 50 - Math.sqrt(3.841 * 25)], [1, 1]).p).toBeCloseTo(0.05, 4);
    const x = Math.sqrt((5.991 * 100) / 2);
    expect(chiSquare([100 + x, 100 - x, 100], [1, 1, 1])).toMatchObject({
      degrees: 2,
      p: expect.closeTo(0.05, 4) as number,
    });
  });

  it("rejects Mendel's shares not at all, and a lopsided split surely", () => {
    // Mendel's peas: 315, 108, 101, 32 against 9:3:3:1; statistic 0.470 with three degrees of freedom, p 0.925.
    const peas = chiSquare([315, 108, 101, 32], [9, 3, 3, 1]);
    expect(peas.statistic).toBeCloseTo(0.47, 3);
    expect(peas.p).toBeCloseTo(0.925, 3);
    expect(chiSquare([821_588, 815_482], [1, 1]).p).toBeLessThan(1e-5);
    expect(chiSquare([3, 1], [1, 0]).p).toBe(0);
  });
});

describe('ratioOf', () => {
  const sums = (pairs: readonly [number, number][]) => pairs.reduce((all, [x, y]) => addTo(all, x, y), NO_SUMS);

  it('with a constant denominator is the mean and its standard error', () => {
    const { value, error } = ratioOf(sums([2, 4, 4, 4, 5, 5, 7, 9].map((x) => [x, 1])))!;
    expect(value).toBe(5);
    expect(error).toBeCloseTo(Math.sqrt(32 / 7 / 8), 10);
  });

  it('covers the true ratio about as often as it says', () => {
    let state = 42;
    const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    let covered = 0;
    for (let trial = 0; trial < 600; trial++) {
      const pairs = Array.from({ length: 300 }, (): [number, number] => {
        const returned = random() < 0.4 ? 1 : 0;
        return [100 + 200 * random() + 50 * returned, returned];
      });
      const { low, high } = ratioInterval(sums(pairs))!;
      if (low <= 220 / 0.4 && 220 / 0.4 <= high) covered++;
    }
    expect(covered / 600).toBeGreaterThan(0.92);
    expect(covered / 600).toBeLessThan(0.98);
  });

  it('is not known without anybody who returned', () => {
    expect(
      ratioOf(
        sums([
          [1, 0],
          [2, 0],
        ]),
      ),
    ).toBeNull();
    expect(
      ratioDifference(
        sums([
          [1, 0],
          [2, 0],
        ]),
        sums([
          [1, 1],
          [2, 1],
        ]),
      ),
    ).toBeNull();
  });
});
