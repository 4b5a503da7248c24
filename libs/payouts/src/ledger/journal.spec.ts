import fc from 'fast-check';
import { Defect } from '@app/kernel';
import { journal, movement, type Account, type Leg } from './journal';

const whole = fc.integer({ min: 1, max: 10_000_000_000 });

it('I2 a movement sums to zero whatever moves', () => {
  fc.assert(
    fc.property(whole, whole, (budgetId, amount) => {
      const { legs } = journal({
        key: 'k',
        kind: 'reserve',
        legs: movement(budgetId, 'available', 'reserved', amount),
      });
      expect(legs.reduce((sum, leg) => sum + leg.amountFen, 0)).toBe(0);
    }),
  );
});

it('I2 refuses every set of legs that does not sum to zero', () => {
  const leg = fc.record({
    account: fc.integer({ min: 1, max: 9 }).map((id): Account => `budget:${id}:available`),
    amountFen: fc.integer({ min: -1000, max: 1000 }),
  });
  fc.assert(
    fc.property(fc.array(leg, { maxLength: 5 }), (legs: Leg[]) => {
      const sum = legs.reduce((total, { amountFen }) => total + amountFen, 0);
      const sound =
        sum === 0 &&
        legs.length >= 2 &&
        legs.every(({ amountFen }) => amountFen !== 0) &&
        new Set(legs.map(({ account }) => account)).size === legs.length;
      if (sound) expect(journal({ key: 'k', kind: 'grant', legs }).legs).toEqual(legs);
      else expect(() => journal({ key: 'k', kind: 'grant', legs })).toThrow(Defect);
    }),
  );
});

it('refuses broken amounts and keys', () => {
  for (const amount of [0, -1, 0.5, Number.NaN, Infinity]) {
    expect(() => movement(1, 'available', 'reserved', amount)).toThrow(Defect);
  }
  const legs = movement(1, 'available', 'reserved', 5);
  for (const key of ['', 'x'.repeat(97)]) expect(() => journal({ key, kind: 'grant', legs })).toThrow(Defect);
});
