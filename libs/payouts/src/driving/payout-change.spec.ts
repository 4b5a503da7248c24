import fc from 'fast-check';
import { Defect, fen } from '@app/kernel';
import type { Payout } from '../payout';
import { isProvenFailure, PAYOUT_STATES } from '../payout-state';
import { assertWrite, written, type Change } from './payout-change';

const NOW = new Date('2026-11-22T04:00:00Z');

const payoutOf = (change: Partial<Payout>): Payout => ({
  ...{ payoutKey: '1:1:1:0', memberId: 1, campaignId: 1, versionId: 1, budgetId: 1, amountFen: fen(100) },
  ...{ channel: 'transfer_confirm_v3', mchId: '1900000109', state: 'PENDING', offerNo: 1, attemptNo: 3, moveNo: 4 },
  ...{ billNo: 'Y1', leaseUntil: null, nextAt: NOW, checks: 0, unknownSince: null, packageSealed: null },
  ...{ billExpiresAt: null, failReason: null, offeredAt: NOW, settledAt: null },
  ...change,
});

it('I4 whatever is written, the bill and its channel stay while the outcome is unproven', () => {
  const change: fc.Arbitrary<Change> = fc.record(
    {
      billNo: fc.constantFrom('Y1', 'Y2', null),
      offerNo: fc.constantFrom(1, 2, 3),
      channel: fc.constantFrom('redpack_v2' as const, 'transfer_confirm_v3' as const),
      attemptNo: fc.constant(4),
    },
    { requiredKeys: [] },
  );
  let passed = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...PAYOUT_STATES),
      fc.constantFrom('stay' as const, ...PAYOUT_STATES),
      fc.constantFrom('Y1', null),
      change,
      (state, to, billNo, wish) => {
        const payout = payoutOf({ state, billNo });
        const write = { payout, to, reason: 'x', change: wish };
        try {
          assertWrite(write);
        } catch (error) {
          expect(error).toBeInstanceOf(Defect);
          return;
        }
        passed++;
        const after = written(write, NOW);
        if (isProvenFailure(state) && to === 'PENDING') {
          expect(after.offerNo).toBe(2);
          return;
        }
        expect(after.offerNo).toBe(1);
        expect(wish.channel).toBeUndefined();
        if (billNo !== null) expect(after.billNo).toBe(billNo);
      },
    ),
    { numRuns: 5_000 },
  );
  expect(passed).toBeGreaterThan(50);
});
