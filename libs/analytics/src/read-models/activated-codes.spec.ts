import { countActive } from './activated-codes';

const on = (from: number, to: number) => ({ from, to, active: true });
const off = (from: number, to: number) => ({ from, to, active: false });

it.each([
  [[], 0],
  [[on(0, 10)], 10],
  [[on(0, 10), on(5, 20)], 20],
  [[on(0, 10), off(2, 4)], 8],
  [[off(0, 10), on(0, 10)], 10],
  [[on(0, 10), off(0, 10), on(3, 5), on(5, 6)], 3],
  [[on(0, 4), on(8, 12), off(2, 10)], 4],
])('of %j, %d codes are on sale', (events, codes) => {
  expect(countActive(events)).toBe(codes);
});

it('agrees with asking serial by serial', () => {
  let state = 7;
  const roll = (bound: number) => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % bound;
  for (let round = 0; round < 50; round++) {
    const events = Array.from({ length: 1 + roll(12) }, () => {
      const from = roll(40);
      return { from, to: from + 1 + roll(20), active: roll(2) === 0 };
    });
    const serials = Array.from({ length: 60 }, (_, serial) =>
      events.findLast(({ from, to }) => from <= serial && serial < to),
    );
    expect(countActive(events)).toBe(serials.filter((event) => event?.active).length);
  }
});
