import fc from 'fast-check';
import { waitsByProfile } from '@app/config';
import { fen, shanghaiFields } from '@app/kernel';
import { PAYOUT_CHANNELS, PAYOUT_STATES, type PayoutView } from '@app/payouts';
import { decentTime, judge, REMINDER_KINDS, rungOf, stepOf, waitOf } from './ladder';
import { smsText, templateData } from './reminder-words';

const waits = waitsByProfile.production;
const payout = (change: Partial<PayoutView>): PayoutView => ({
  ...{ payoutKey: '1:0:1:0', state: 'WAIT_USER', channel: 'transfer_confirm_v3', amountFen: fen(188), offerNo: 1 },
  ...{ confirm: null, billExpiresAt: null, failReason: null, settledAt: null, frozen: false },
  ...change,
});

describe('what to do with a reminder that is due', () => {
  it.each(PAYOUT_CHANNELS.flatMap((channel) => PAYOUT_STATES.map((state) => ({ channel, state }))))(
    '$channel $state: nobody is told of money that needs no tap',
    (which) => {
      const now = payout(which);
      expect(judge({ kind: 'unclaimed', nth: 1 }, 0, now, waits).kind).toBe('moot');
      const confirm = which.channel === 'transfer_confirm_v3' && which.state === 'WAIT_USER';
      expect(judge({ kind: 'confirm', nth: 1 }, 1, now, waits).kind === 'remind').toBe(confirm);
      const back = which.state === 'FAILED' || which.state === 'REFUNDED';
      expect(judge({ kind: 'returned', nth: 1 }, 1, now, waits).kind === 'remind').toBe(back);
    },
  );

  it('tells of what nobody asked for, and of nothing else before that', () => {
    expect(judge({ kind: 'unclaimed', nth: 2 }, 0, null, waits).kind).toBe('remind');
    expect(judge({ kind: 'confirm', nth: 1 }, 1, null, waits).kind).toBe('moot');
  });

  it('forgets an offer that was followed by another, and money that people look at', () => {
    for (const kind of ['confirm', 'returned'] as const) {
      expect(judge({ kind, nth: 1 }, 1, payout({ offerNo: 2 }), waits).kind).toBe('moot');
      expect(judge({ kind, nth: 1 }, 1, payout({ state: 'FAILED', frozen: true }), waits).kind).toBe('moot');
    }
  });

  it('waits for a bill that WeChat has not closed yet', () => {
    expect(judge({ kind: 'returned', nth: 1 }, 1, payout({}), waits).kind).toBe('wait');
    expect(judge({ kind: 'confirm', nth: 1 }, 1, payout({ state: 'SENDING' }), waits).kind).toBe('wait');
    expect(judge({ kind: 'returned', nth: 1 }, 1, payout({ state: 'SETTLED' }), waits).kind).toBe('moot');
  });
});

it('names rungs and reads them back; a ladder ends', () => {
  for (const kind of REMINDER_KINDS) {
    expect(rungOf(stepOf({ kind, nth: 2 }))).toEqual({ kind, nth: 2 });
    expect(waitOf({ kind, nth: 9 }, waits)).toBeNull();
    for (const profile of Object.values(waitsByProfile)) expect(waitOf({ kind, nth: 1 }, profile)).toBeGreaterThan(0);
  }
  for (const text of ['', 'confirm', 'confirm0', 'confirm10', 'other1']) expect(rungOf(text)).toBeNull();
  // The last one to confirm comes before WeChat closes the bill.
  expect(Math.max(...waits.remindConfirmMs)).toBeLessThan(24 * 3_600_000);
});

it('writes to nobody at night, and never later than the next morning', () => {
  const instant = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(instant, (at) => {
      const leaves = decentTime(at, [9, 21]);
      const { hour } = shanghaiFields(leaves);
      expect(hour >= 9 && hour < 21).toBe(true);
      expect(leaves.getTime() - at.getTime()).toBeGreaterThanOrEqual(0);
      expect(leaves.getTime() - at.getTime()).toBeLessThanOrEqual(12 * 3_600_000);
      if (shanghaiFields(at).hour >= 9 && shanghaiFields(at).hour < 21) expect(leaves).toEqual(at);
    }),
  );
  expect(decentTime(new Date('2026-11-22T20:00:00Z'), [9, 21]).toISOString()).toBe('2026-11-23T01:00:00.000Z');
  expect(decentTime(new Date('2026-11-22T13:00:00Z'), [9, 21]).toISOString()).toBe('2026-11-23T01:00:00.000Z');
  expect(decentTime(new Date('2026-11-22T20:00:00Z'), [0, 24]).toISOString()).toBe('2026-11-22T20:00:00.000Z');
});

it('says which money and until when, and invites to nothing', () => {
  const until = new Date('2026-11-23T01:05:00Z');
  const facts = { amountFen: fen(120_050), campaignName: '夏日开盖有礼，天天有惊喜，瓶瓶都精彩', until };
  const template = { id: 'x', fields: { what: 'thing1', amount: 'amount2', until: 'time3' } };
  for (const kind of REMINDER_KINDS) {
    const data = templateData(template, { ...facts, kind });
    expect([...data['thing1']!.value].length).toBeLessThanOrEqual(20);
    expect(data).toMatchObject({ amount2: { value: '1200.50元' }, time3: { value: '2026年11月23日 09:05' } });
    const text = smsText('青禾', { ...facts, kind });
    expect(text).toMatch(/^【青禾】您.*1,200\.50 元/);
    expect([...text].length).toBeLessThanOrEqual(70);
    expect(`${text}${JSON.stringify(data)}`).not.toMatch(/优惠|促销|购买|抢购|分享|再买|下单|http/);
  }
});
