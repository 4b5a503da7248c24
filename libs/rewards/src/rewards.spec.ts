import { fen } from '@app/kernel';
import { PAYOUT_STATES, type PayoutView } from '@app/payouts';
import { testConfig } from '@app/testing';
import { AwardIds, awardStanding, heldForAnother, payoutKeyOf, type Claim } from './index';

describe('award ids', () => {
  const ids = new AwardIds(testConfig());
  it('name a code to its owner and cannot be counted up', () => {
    const id = ids.make({ batch: 4_194_303, layer: 15, serial: 2 ** 30 - 1 }, 0);
    expect(ids.read(id)).toEqual({ batch: 4_194_303, layer: 15, serial: 2 ** 30 - 1 });
    const [batch, layer, , ...rest] = id.split('-');
    expect(ids.read([batch, layer, '5', ...rest].join('-'))).toBeNull();
    for (const wrong of ['', 'x', `${id}0`, '1-0-1-0-0000000000']) expect(ids.read(wrong)).toBeNull();
  });
});

describe('award standing', () => {
  const view = (change: Partial<PayoutView>): PayoutView => ({
    ...{ payoutKey: '1:0:1:0', state: 'PENDING', channel: 'transfer_confirm_v3', amountFen: fen(88), offerNo: 1 },
    ...{ confirm: null, billExpiresAt: null, failReason: null, settledAt: null },
    ...change,
  });

  const now = new Date();
  const cash = (payout: PayoutView | null) => ({ kind: 'cash', payout }) as const;

  it('has words for every payout state on both channels, and never says 到账 before it is settled', () => {
    for (const channel of ['transfer_confirm_v3', 'redpack_v2'] as const) {
      for (const state of PAYOUT_STATES) {
        const { state: shown, stateText, hint } = awardStanding(cash(view({ channel, state })), now);
        expect(stateText.length).toBeGreaterThan(1);
        expect(hint.length).toBeGreaterThan(4);
        expect(shown === 'settled').toBe(state === 'SETTLED');
        expect(stateText === '已到账').toBe(state === 'SETTLED');
      }
    }
  });

  it('offers the money again after a bill expired or a packet came back', () => {
    expect(awardStanding(cash(null), now).state).toBe('ready');
    expect(awardStanding(cash(view({ state: 'FAILED', failReason: 'OVERDUE_CLOSE' })), now).state).toBe('expired');
    const returned = view({ state: 'FAILED', channel: 'redpack_v2', failReason: 'REFUND' });
    expect(awardStanding(cash(returned), now).state).toBe('expired');
  });
});

it('keeps a held code from others only while the hold lasts', () => {
  const claim = { held: { by: 1, until: new Date(1000) } } as Claim;
  expect(heldForAnother(claim, 2 as never, new Date(999))).toBe(true);
  expect(heldForAnother(claim, 2 as never, new Date(1000))).toBe(false);
  expect(heldForAnother(claim, 1 as never, new Date(0))).toBe(false);
  expect(payoutKeyOf({ code: { batch: 1, layer: 2, serial: 3 }, slot: 0 })).toBe('1:2:3:0');
});
