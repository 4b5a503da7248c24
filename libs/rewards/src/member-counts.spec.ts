import fc from 'fast-check';
import { MemberCounts, type Use } from './index';

const use = (campaignId: number, day: string, amountFen = 88, paid = true): Use => ({
  campaignId,
  day,
  windows: paid ? [`d${day}`, `m${day.slice(0, 7)}`, 't'] : [],
  amountFen: paid ? amountFen : 0,
});

it('counts ever, today and per campaign, and starts windows afresh', () => {
  const counts = MemberCounts.none
    .withUse(use(7, '2026-11-29'))
    .withUse(use(7, '2026-11-30', 30))
    .withUse(use(8, '2026-11-30', 0, false))
    .withUse(use(7, '2026-12-01'));
  expect(counts.used('2026-12-01')).toMatchObject({ ever: 4, day: 1 });
  expect(counts.used('2026-12-01').campaign(7)).toBe(3);
  expect(counts.paid(7, 'd2026-12-01')).toEqual({ count: 1, fen: 88 });
  expect(counts.paid(7, 'd2026-12-02')).toEqual({ count: 0, fen: 0 });
  expect(counts.paid(7, 'm2026-12')).toEqual({ count: 1, fen: 88 });
  expect(counts.paid(7, 't')).toEqual({ count: 3, fen: 206 });
  expect(counts.paid(8, 't')).toEqual({ count: 0, fen: 0 });
});

it('tells the days since the last code', () => {
  expect(MemberCounts.none.daysSince('2026-11-30')).toBe(null);
  const counts = MemberCounts.none.withUse(use(7, '2026-02-27'));
  expect([counts.daysSince('2026-02-27'), counts.daysSince('2026-03-01')]).toEqual([0, 2]);
});

it('survives its own text', () => {
  const uses = fc.array(
    fc.record({
      campaign: fc.nat(5),
      day: fc.integer({ min: 10, max: 28 }),
      paid: fc.boolean(),
      amount: fc.nat(5000),
      locked: fc.boolean(),
    }),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(uses, (list) => {
      const counts = list.reduce((before, { campaign, day, paid, amount, locked }, index) => {
        const after = before.withUse(use(campaign, `2026-11-${day}`, amount, paid));
        const packet = { code: { batch: 1, layer: 0, serial: index }, slot: 0, until: 1_790_000_000_000 + index };
        return locked ? after.withLocked([...after.locked, packet]) : after;
      }, MemberCounts.none);
      expect(MemberCounts.fromText(counts.toText())).toEqual(counts);
      expect(counts.used('2026-11-28').ever).toBe(list.length);
      expect(counts.locked.length).toBe(list.filter(({ locked }) => locked).length);
    }),
  );
});

it.each([
  '{"e":"x","d":["",0],"c":{}}',
  '{"e":1,"d":["",0],"c":{"7":[null]}}',
  '{"e":1,"d":["",0],"c":{"7":[1,["t",null,0]]}}',
  '{"e":1,"d":["",0],"c":{"7":[1,["t",1,0.5]]}}',
  '{"e":1,"d":["",0],"c":{},"l":[[1,2,3]]}',
])('refuses text in which a count is no number, which must not read as zero: %s', (text) => {
  expect(() => MemberCounts.fromText(text)).toThrow();
});

it('adds two members up as if one person had done it all, whatever the order', () => {
  const uses = fc.array(fc.record({ campaign: fc.nat(2), day: fc.integer({ min: 10, max: 12 }), paid: fc.boolean() }), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(uses, uses, (one, other) => {
      const counted = (list: typeof one) =>
        [...list]
          .sort((a, b) => a.day - b.day)
          .reduce(
            (c, { campaign, day, paid }) => c.withUse(use(campaign, `2026-11-${day}`, 88, paid)),
            MemberCounts.none,
          );
      const [both, sum] = [counted([...one, ...other]), counted(one).plus(counted(other))];
      for (const counts of [sum, counted(other).plus(counted(one))]) {
        expect(counts.used('2026-11-12').ever).toBe(one.length + other.length);
        for (const campaign of [0, 1, 2]) {
          expect(counts.used('2026-11-12').campaign(campaign)).toBe(both.used('2026-11-12').campaign(campaign));
          expect(counts.paid(campaign, 't')).toEqual(both.paid(campaign, 't'));
          expect(counts.paid(campaign, 'm2026-11')).toEqual(both.paid(campaign, 'm2026-11'));
          for (const day of [10, 11, 12]) {
            const window = `d2026-11-${day}`;
            expect(counts.paid(campaign, window).count).toBe(both.paid(campaign, window).count);
          }
        }
      }
    }),
  );
});
