import fc from 'fast-check';
import { attributeScan, indexTerritories, type Territory } from './attribution';

const JANUARY = new Date('2026-01-01T00:00:00Z');
const JUNE = new Date('2026-06-01T00:00:00Z');
const DECEMBER = new Date('2026-12-01T00:00:00Z');

let nextId = 1;
const territory = (distributorId: number, adcode: number, change: Partial<Territory> = {}): Territory => ({
  id: nextId++,
  distributorId,
  adcode,
  productLine: null,
  from: JANUARY,
  to: null,
  ...change,
});
const holder = (territories: Territory[], adcode: number | null, line = 'tea', at = JUNE) =>
  attributeScan(indexTerritories(territories), adcode, line, at);

it('prefers the most specific region: district, city, province, country', () => {
  const all = [territory(1, 100000), territory(2, 340000), territory(3, 340100), territory(4, 340104)];
  expect(holder(all, 340104)).toBe(4);
  expect(holder(all, 340111)).toBe(3);
  expect(holder(all, 340200)).toBe(2);
  expect(holder(all, 340000)).toBe(2);
  expect(holder(all, 310115)).toBe(1);
});

it('at one region prefers the product line, then the earlier, then the lower id', () => {
  const every = territory(1, 340100);
  const tea = territory(2, 340100, { productLine: 'tea', from: JUNE });
  expect(holder([every, tea], 340104)).toBe(2);
  expect(holder([every, tea], 340104, 'water')).toBe(1);
  expect(holder([territory(3, 340100, { from: JUNE }), every], 340104)).toBe(1);
  expect(holder([territory(5, 340100, { id: 900 }), territory(4, 340100, { id: 899 })], 340104)).toBe(4);
});

it('does not let a finer region of another line win', () => {
  expect(holder([territory(1, 340100), territory(2, 340104, { productLine: 'water' })], 340104, 'tea')).toBe(1);
});

it('holds from its first instant to before its last', () => {
  const some = [territory(1, 340100, { from: JUNE, to: DECEMBER })];
  expect(holder(some, 340104, 'tea', new Date(JUNE.getTime() - 1))).toBeNull();
  expect(holder(some, 340104, 'tea', JUNE)).toBe(1);
  expect(holder(some, 340104, 'tea', new Date(DECEMBER.getTime() - 1))).toBe(1);
  expect(holder(some, 340104, 'tea', DECEMBER)).toBeNull();
});

it('gives an unknown place to nobody, not even to who holds the country', () => {
  expect(holder([territory(1, 100000)], null)).toBeNull();
});

it('is the best territory by a plain search over all of them, in whatever order they come', () => {
  const random = fc.record({
    distributorId: fc.integer({ min: 1, max: 9 }),
    adcode: fc.constantFrom(100000, 340000, 340100, 340104, 310000, 310115),
    productLine: fc.constantFrom(null, 'tea', 'water'),
    from: fc.constantFrom(JANUARY, JUNE),
    to: fc.constantFrom(null, DECEMBER),
  });
  fc.assert(
    fc.property(
      fc.array(random, { maxLength: 12 }),
      fc.constantFrom(340104, 340111, 340000, 310115, 440000),
      fc.constantFrom('tea', 'water', 'juice'),
      fc.constantFrom(new Date('2025-12-01'), new Date('2026-03-01'), new Date('2026-07-01'), new Date('2027-01-01')),
      (drafts, adcode, line, at) => {
        const territories = drafts.map((draft, id) => ({ ...draft, id }));
        const level = (code: number) =>
          [100000].includes(code) ? 0 : code % 10000 === 0 ? 1 : code % 100 === 0 ? 2 : 3;
        const best = territories
          .filter((t) => t.adcode === 100000 || String(adcode).startsWith(String(t.adcode).replace(/(00)+$/, '')))
          .filter((t) => (t.productLine ?? line) === line && t.from <= at && (t.to === null || at < t.to))
          .sort(
            (a, b) =>
              level(b.adcode) - level(a.adcode) ||
              Number(a.productLine === null) - Number(b.productLine === null) ||
              Number(a.from) - Number(b.from) ||
              a.id - b.id,
          )[0];
        expect(attributeScan(indexTerritories([...territories].reverse()), adcode, line, at)).toBe(
          best?.distributorId ?? null,
        );
      },
    ),
  );
});
