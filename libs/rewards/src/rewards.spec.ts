import fc from 'fast-check';
import { fen } from '@app/kernel';
import { PAYOUT_STATES, type PayoutView } from '@app/payouts';
import { testConfig } from '@app/testing';
import { AwardIds, awardStanding, heldForAnother, MemberCounts, payoutKeyOf, type Claim } from './index';

describe('MemberCounts', () => {
  it('counts ever, today and per campaign, and starts days and months afresh', () => {
    const counts = MemberCounts.none
      .withUse(7, '2026-11-29', true)
      .withUse(7, '2026-11-30', true)
      .withUse(8, '2026-11-30', false)
      .withUse(7, '2026-12-01', true);
    expect(counts.used('2026-12-01')).toMatchObject({ ever: 4, day: 1 });
    expect(counts.used('2026-12-01').campaign(7)).toBe(3);
    expect(counts.paid(7, '2026-12-01')).toEqual({ countDay: 1, countMonth: 1 });
    expect(counts.paid(7, '2026-12-02')).toEqual({ countDay: 0, countMonth: 1 });
    expect(counts.paid(8, '2026-11-30')).toEqual({ countDay: 0, countMonth: 0 });
  });

  it('survives its own text', () => {
    const uses = fc.array(
      fc.record({ campaign: fc.nat(5), day: fc.integer({ min: 10, max: 28 }), paid: fc.boolean() }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(uses, (list) => {
        const counts = list.reduce((c, u) => c.withUse(u.campaign, `2026-11-${u.day}`, u.paid), MemberCounts.none);
        expect(MemberCounts.fromText(counts.toText())).toEqual(counts);
        expect(counts.used('2026-11-28').ever).toBe(list.length);
      }),
    );
  });

  it('refuses text in which a count is no number: it must not read as zero', () => {
    expect(() => MemberCounts.fromText('{"e":"x","d":["",0],"c":{}}')).toThrow();
    expect(() => MemberCounts.fromText('{"e":1,"d":["",0],"c":{"7":[null,"",0,"",0]}}')).toThrow();
  });
});

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

  it('has words for every payout state on both channels, and never says 到账 before it is settled', () => {
    for (const channel of ['transfer_confirm_v3', 'redpack_v2'] as const) {
      for (const state of PAYOUT_STATES) {
        const { state: shown, stateText, hint } = awardStanding(true, view({ channel, state }));
        expect(stateText.length).toBeGreaterThan(1);
        expect(hint.length).toBeGreaterThan(4);
        expect(shown === 'settled').toBe(state === 'SETTLED');
        expect(stateText === '已到账').toBe(state === 'SETTLED');
      }
    }
  });

  it('offers the money again after a bill expired or a packet came back', () => {
    expect(awardStanding(true, null).state).toBe('ready');
    expect(awardStanding(true, view({ state: 'FAILED', failReason: 'OVERDUE_CLOSE' })).state).toBe('expired');
    expect(awardStanding(true, view({ state: 'FAILED', channel: 'redpack_v2', failReason: 'REFUND' })).state).toBe(
      'expired',
    );
    expect(awardStanding(false, null).state).toBe('none');
  });
});

it('keeps a held code from others only while the hold lasts', () => {
  const claim = { held: { by: 1, until: new Date(1000) } } as Claim;
  expect(heldForAnother(claim, 2 as never, new Date(999))).toBe(true);
  expect(heldForAnother(claim, 2 as never, new Date(1000))).toBe(false);
  expect(heldForAnother(claim, 1 as never, new Date(0))).toBe(false);
  expect(payoutKeyOf({ code: { batch: 1, layer: 2, serial: 3 }, slot: 0 })).toBe('1:2:3:0');
});
