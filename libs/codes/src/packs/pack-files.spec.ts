import fc from 'fast-check';
import { fileCount, fileOfHoney, honeyTo, packFiles, type PackPlan } from './pack-files';

const plans = fc
  .record({
    from: fc.integer({ min: 0, max: 1_000_000 }),
    codes: fc.integer({ min: 1, max: 3_000 }),
    rollSize: fc.option(fc.integer({ min: 1, max: 4_000 })),
    firstRoll: fc.integer({ min: 1, max: 999_999 }),
    honey: fc.integer({ min: 0, max: 5 }),
  })
  .map(({ from, codes, rollSize, firstRoll, honey }): PackPlan => {
    const to = from + codes;
    return { from, to, rollSize, firstRoll, honeyPerFile: honey, honeyFrom: honey === 0 ? null : to + 77 };
  });

it('cuts any number of codes into rolls of any size: every code once, in order, no roll empty or too long', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const files = [...packFiles(plan)];
      expect(files).toHaveLength(fileCount(plan));
      let next = plan.from;
      for (const [at, { from, to, roll }] of files.entries()) {
        expect(from).toBe(next);
        expect(to).toBeGreaterThan(from);
        expect(to - from).toBeLessThanOrEqual(plan.rollSize ?? Infinity);
        if (at < files.length - 1) expect(to - from).toBe(plan.rollSize);
        expect(roll).toBe(plan.rollSize === null ? null : plan.firstRoll + at);
        next = to;
      }
      expect(next).toBe(plan.to);
      const names = files.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      expect([...names].sort()).toEqual(names);
    }),
  );
});

it('gives every file its own honey codes, all past what is printed, and finds the file again by each of them', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const files = [...packFiles(plan)];
      const serials = files.flatMap(({ honey }) =>
        Array.from({ length: honey.to - honey.from }, (_, at) => honey.from + at),
      );
      expect(serials).toHaveLength(files.length * plan.honeyPerFile);
      expect(new Set(serials).size).toBe(serials.length);
      for (const serial of serials) {
        const file = fileOfHoney(plan, serial)!;
        expect(serial >= file.honey.from && serial < file.honey.to).toBe(true);
        expect(serial).toBeGreaterThanOrEqual(plan.to);
      }
      const end = honeyTo(plan);
      expect(end).toBe(plan.honeyFrom === null ? null : serials.at(-1)! + 1);
      expect(fileOfHoney(plan, plan.from)).toBeNull();
      expect(fileOfHoney(plan, (end ?? plan.to) + 1)).toBeNull();
    }),
  );
});

it('reads a stretch of the files without making the others', () => {
  const plan = { from: 10, to: 45, rollSize: 10, firstRoll: 998, honeyPerFile: 2, honeyFrom: 1000 };
  expect([...packFiles(plan, 2, 9)]).toEqual([
    { name: 'roll-1000.csv', roll: 1000, from: 30, to: 40, honey: { from: 1004, to: 1006 } },
    { name: 'roll-1001.csv', roll: 1001, from: 40, to: 45, honey: { from: 1006, to: 1008 } },
  ]);
  expect([...packFiles({ ...plan, rollSize: null, honeyFrom: null })]).toEqual([
    { name: 'codes.csv', roll: null, from: 10, to: 45, honey: { from: 0, to: 0 } },
  ]);
});
