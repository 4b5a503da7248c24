import type { Cap, Cure, RefusalReason } from '@app/campaigns';
import { campaignRefusal, heldRefusal, plainRefusal } from './refusal-words';

const at = new Date('2026-11-08T02:00:00Z');
const cap = (per: Cap['per'], window: Cap['window']): Cap => ({ per, window, count: 3, fen: null });
const wait: Cure = { action: 'wait' };
const refused = (reason: RefusalReason, cure: Cure, heldUntil: Date | null = null) =>
  campaignRefusal({ reason, cure, campaignId: 7 }, heldUntil);

/** Every way of being refused in which no code is kept for anybody. */
const NOT_KEPT: [RefusalReason, Cure][] = [
  ['paused', wait],
  ['budget_short', wait],
  ['budget_short', { ...wait, at }],
  ['not_started', { ...wait, at }],
  ...(['member', 'region', 'campaign'] as const).flatMap((per) =>
    (['hour', 'day', 'week', 'month', 'total'] as const).map((window): [RefusalReason, Cure] => [
      'cap_reached',
      { ...wait, cap: cap(per, window), ...(window === 'total' ? {} : { at }) },
    ]),
  ),
];
const PROMISE = /还在|不会丢|留着|为您留|保留/;

it.each(NOT_KEPT)('%s promises nothing that is not kept: %j', (reason, cure) => {
  expect(refused(reason, cure).message).not.toMatch(PROMISE);
});

it('a bottle that is not on the market yet can be won by nobody, and loses nothing', () => {
  expect(plainRefusal('not_active').message).toBe('这瓶还没登记上市，我们已收到提醒；奖励不会丢，稍后再扫');
});

it('says what has to come true where the reward can still be had', () => {
  expect(refused('cap_reached', { ...wait, at, cap: cap('member', 'day') }).message).toBe(
    '今天已领 3 次，明天再来扫这瓶，没被别人领走就还能领',
  );
  expect(refused('cap_reached', { ...wait, cap: cap('campaign', 'total') }).message).toBe(
    '这次活动的奖品已经发完；这个码没有用掉，有新活动时可以再扫',
  );
  expect(refused('paused', wait).message).toContain('没被别人领走就还能领');
});

it('a gate keeps the code for half an hour, and says so', () => {
  for (const action of ['phone', 'follow', 'share'] as const) {
    expect(refused('gate_open', { action }).message).toMatch(/就能领取，这份奖励为您留半小时$/);
  }
});

it('tells of a kept code until when, to its keeper and to who comes second, and whose notice to read', () => {
  const steps = [
    { action: 'follow', done: true },
    { action: 'phone', done: false },
  ] as const;
  expect(refused('gate_open', { action: 'phone', steps }, at)).toMatchObject({
    campaignId: 7,
    cure: { action: 'phone', steps, heldUntil: '2026-11-08T02:00:00.000Z' },
  });
  expect(refused('paused', wait).cure).toEqual({ action: 'wait' });
  expect(heldRefusal(at)).toMatchObject({ reason: 'held', cure: { action: 'wait', at: '2026-11-08T02:00:00.000Z' } });
});
