import fc from 'fast-check';
import { Defect } from '@app/kernel';
import { allot } from './grant-allotment';

const amounts = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 20 });
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const payoutsOf = (list: readonly number[]) =>
  list.map((amountFen, index) => ({ payoutKey: `p${index}`, offerNo: 1, amountFen }));
const grantsOf = (list: readonly number[]) => list.map((leftFen, index) => ({ grantId: index + 1, leftFen }));

it('charges every fen of every payout, and no grant beyond what it has', () => {
  fc.assert(
    fc.property(amounts, fc.array(fc.integer({ min: 0, max: 2000 }), { maxLength: 20 }), (payouts, grants) => {
      if (sum(payouts) > sum(grants)) {
        expect(() => allot(grantsOf(grants), payoutsOf(payouts))).toThrow(Defect);
        return;
      }
      const uses = allot(grantsOf(grants), payoutsOf(payouts));
      payouts.forEach((amount, index) => {
        expect(sum(uses.filter(({ payoutKey }) => payoutKey === `p${index}`).map(({ fen }) => fen))).toBe(amount);
      });
      grants.forEach((left, index) => {
        expect(sum(uses.filter(({ grantId }) => grantId === index + 1).map(({ fen }) => fen))).toBeLessThanOrEqual(
          left,
        );
      });
      expect(uses.every(({ fen }) => fen > 0)).toBe(true);
    }),
  );
});

it('empties a grant before it begins the next', () => {
  fc.assert(
    fc.property(amounts, amounts, (payouts, grants) => {
      fc.pre(sum(payouts) <= sum(grants));
      const uses = allot(grantsOf(grants), payoutsOf(payouts));
      const charged = grants.map((_, index) =>
        sum(uses.filter(({ grantId }) => grantId === index + 1).map(({ fen }) => fen)),
      );
      const last = charged.findLastIndex((fen) => fen > 0);
      charged.slice(0, last).forEach((fen, index) => expect(fen).toBe(grants[index]));
    }),
  );
});
