import { Dice } from './dice';
import { bottlesNeeded, forge, makePlans } from './plan';
import type { FakeUser } from './sandbox';
import { orders } from './weather';

const users = Array.from({ length: 400 }, (_, index): FakeUser => {
  return { id: `u${index}`, nickname: '', city: '', latitude: 0, longitude: 0, ip: '1.2.4.8' };
});
const printed = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `A${prefix}${String(index).padStart(12, '0')}`);
const codes = {
  active: printed('AAAA', bottlesNeeded(users.length)),
  void: printed('BBBB', 3),
  inactive: printed('CCCC', 3),
  verify: printed('DDDD', 3),
};

it('plays the same plans for the same seed and other ones for another', () => {
  const plan = (seed: number): string => JSON.stringify(makePlans(users, codes, new Dice(seed)));
  expect(plan(7)).toBe(plan(7));
  expect(plan(7)).not.toBe(plan(8));
});

it('gives every shopper a place, and no fresh bottle to two parties', () => {
  const parties = makePlans(users, codes, new Dice(1));
  const people = parties.flatMap(({ shoppers }) => shoppers);
  expect(new Set(people.map(({ user }) => user.id)).size).toBe(users.length);
  const own = people.flatMap(({ bottles }) => bottles.filter(({ kind }) => kind === 'own').map(({ code }) => code));
  const shared = parties.flatMap((party) => (party.shared ? [party.shared.code] : []));
  expect(new Set([...own, ...shared]).size).toBe(own.length + shared.length);
  expect(shared.length).toBeGreaterThan(5);
});

it('forges one character of a code, never the key character', () => {
  const code = 'A0123456789ABCDEF';
  for (let seed = 0; seed < 200; seed++) {
    const forged = forge(code, new Dice(seed));
    expect(forged[0]).toBe('A');
    expect([...forged].filter((digit, at) => digit !== code[at])).toHaveLength(1);
  }
});

it('lets each trouble strike as often as its weight says', () => {
  const left = new Map<string, number>();
  const total = new Map<string, number>();
  for (const { scope, percent = 0 } of orders(20)) {
    const share = ((left.get(scope) ?? 100) * percent) / 100;
    left.set(scope, (left.get(scope) ?? 100) - share);
    total.set(scope, (total.get(scope) ?? 0) + share);
  }
  expect(total.get('transfer.create')).toBeCloseTo(20, 6);
  expect(total.get('transfer.query')).toBeCloseTo(20, 6);
});
