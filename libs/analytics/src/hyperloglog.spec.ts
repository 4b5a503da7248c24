import fc from 'fast-check';
import { randomPositive, systemRandom } from '@app/kernel';
import { HyperLogLog } from './hyperloglog';

const ids = fc.array(fc.integer({ min: 1, max: 2 ** 52 - 1 }), { maxLength: 300 });

function sketch(members: Iterable<number>): HyperLogLog {
  const counted = new HyperLogLog();
  for (const id of members) counted.add(id);
  return counted;
}

it.each([0, 1, 10, 100, 1_000, 5_000, 20_000, 80_000])(
  'counts %d distinct members within 5 standard errors',
  (size) => {
    const error = 5 * (1.04 / Math.sqrt(4096));
    for (const members of [
      Array.from({ length: size }, (_, index) => index + 1),
      Array.from({ length: size }, () => randomPositive(systemRandom, 52)),
      Array.from({ length: size }, (_, index) => (index + 1) * 2 ** 31),
    ]) {
      expect(Math.abs(sketch(members).count() - size)).toBeLessThanOrEqual(Math.max(1, size * error));
    }
  },
);

it('is on average right: the mean of 60 sketches of 3,000 members is off by less than 1 %', () => {
  let sum = 0;
  for (let run = 0; run < 60; run++) {
    sum += sketch(Array.from({ length: 3000 }, () => randomPositive(systemRandom, 52))).count();
  }
  expect(Math.abs(sum / 60 / 3000 - 1)).toBeLessThan(0.01);
});

it('does not care about order or repetition', () => {
  fc.assert(
    fc.property(ids, (members) => {
      const again = [...members].reverse().concat(members);
      expect(sketch(again).toBytes()).toEqual(sketch(members).toBytes());
    }),
  );
});

it('the union of stored sketches is the sketch of the union', () => {
  fc.assert(
    fc.property(ids, ids, (some, others) => {
      const union = new HyperLogLog();
      union.addSketch(sketch(some).toBytes());
      union.addSketch(sketch(others).toBytes());
      expect(union.toBytes()).toEqual(sketch([...some, ...others]).toBytes());
    }),
  );
});

it('is short for few members and never longer than its registers', () => {
  const many = Array.from({ length: 20_000 }, (_, index) => index);
  expect(sketch([1, 2, 3]).toBytes().length).toBe(10);
  expect(sketch(many).toBytes().length).toBe(4097);
  const union = new HyperLogLog();
  union.addSketch(sketch(many).toBytes());
  expect(union.count()).toBe(sketch(many).count());
});

it('refuses bytes that are not a sketch', () => {
  const counted = new HyperLogLog();
  for (const bytes of [Buffer.alloc(0), Buffer.from([3]), Buffer.from([1, 0]), Buffer.from([2, 0])]) {
    expect(() => counted.addSketch(bytes)).toThrow('not a sketch');
  }
});
