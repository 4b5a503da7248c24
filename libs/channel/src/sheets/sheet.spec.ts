import fc from 'fast-check';
import { contentHashOf, daysOfMonth, monthBefore, settledOf, sheetLines, sumFigures, type LineParts } from './sheet';

const parts = (change: Partial<LineParts> = {}): LineParts => ({
  opening: new Map(),
  moved: [],
  credits: [],
  ...change,
});

it('a line opens with what was owed, grows by what was redeemed, shrinks by what was settled', () => {
  const [line, ...others] = sheetLines(
    parts({
      opening: new Map([['7:3', 2]]),
      moved: [{ storeId: 7, productId: 3, before: 4, units: 10, coPayFen: 1000 }],
      credits: [
        { storeId: 7, productId: 3, kind: 'goods', now: false, units: 1, amountFen: 0 },
        { storeId: 7, productId: 3, kind: 'goods', now: true, units: 3, amountFen: 0 },
        { storeId: 7, productId: 3, kind: 'money', now: true, units: 2, amountFen: 990 },
        { storeId: 7, productId: 3, kind: 'refused', now: true, units: 1, amountFen: 0 },
      ],
    }),
  );
  expect(others).toEqual([]);
  expect(line).toEqual({
    ...{ storeId: 7, productId: 3, openingUnits: 5, redeemedUnits: 10, coPayFen: 1000 },
    ...{ goodsUnits: 3, moneyUnits: 2, moneyFen: 990, refusedUnits: 1, owedUnits: 9 },
  });
});

it('leaves out what is settled and quiet, and keeps the order of stores', () => {
  const moved = [
    { storeId: 9, productId: 1, before: 0, units: 1, coPayFen: 0 },
    { storeId: 2, productId: 5, before: 0, units: 1, coPayFen: 0 },
    { storeId: 2, productId: 1, before: 3, units: 0, coPayFen: 0 },
  ];
  const credits = [{ storeId: 2, productId: 1, kind: 'goods', now: false, units: 3, amountFen: 0 }] as const;
  expect(sheetLines(parts({ moved, credits })).map((line) => [line.storeId, line.productId])).toEqual([
    [2, 5],
    [9, 1],
  ]);
});

it('no unit appears or is lost, however the parts are cut', () => {
  const key = { storeId: fc.integer({ min: 1, max: 3 }), productId: fc.integer({ min: 1, max: 2 }) };
  const units = fc.integer({ min: 0, max: 50 });
  const random = fc.record({
    opening: fc.dictionary(fc.constantFrom('1:1', '2:1', '3:2'), units),
    moved: fc.array(fc.record({ ...key, before: units, units, coPayFen: units }), { maxLength: 6 }),
    credits: fc.array(
      fc.record({
        ...{ ...key, kind: fc.constantFrom('goods' as const, 'money' as const, 'refused' as const) },
        ...{ now: fc.boolean(), units, amountFen: units },
      }),
      { maxLength: 6 },
    ),
  });
  fc.assert(
    fc.property(random, ({ opening, moved, credits }) => {
      const total = sumFigures(sheetLines({ opening: new Map(Object.entries(opening)), moved, credits }));
      const sum = (all: readonly number[]) => all.reduce((a, b) => a + b, 0);
      const added = sum(Object.values(opening)) + sum(moved.map((one) => one.before + one.units));
      expect(total.owedUnits).toBe(added - sum(credits.map((one) => one.units)));
      expect(total.openingUnits + total.redeemedUnits - settledOf(total)).toBe(total.owedUnits);
    }),
  );
});

it('the hash changes with every figure, and months are Shanghai months', () => {
  const [line] = sheetLines(parts({ moved: [{ storeId: 1, productId: 1, before: 0, units: 1, coPayFen: 0 }] }));
  const hash = contentHashOf('2026-10', 1, [line!]);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(contentHashOf('2026-10', 1, [{ ...line!, owedUnits: 2 }])).not.toBe(hash);
  expect(contentHashOf('2026-11', 1, [line!])).not.toBe(hash);
  expect(daysOfMonth('2026-12')).toEqual({ from: '2026-12-01', to: '2027-01-01' });
  expect(daysOfMonth('2028-02')).toEqual({ from: '2028-02-01', to: '2028-03-01' });
  expect(monthBefore('2027-01')).toBe('2026-12');
  expect(() => daysOfMonth('2026-13')).toThrow(expect.objectContaining({ code: 'bad_month' }));
});
