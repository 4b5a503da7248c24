import fc from 'fast-check';
import { shanghaiFields } from '@app/kernel';
import { waitsByProfile } from '@app/config';
import type { Meaning } from '../channels/payout-channel';
import { HISTORY_MATTERS, nextStep, NO_HISTORY, type Situation } from './next-step';
import { mayMove, PAYOUT_STATES } from '../payout-state';

const waits = waitsByProfile.production;
const fresh = { mayBeThere: false, refusedWith: null, sinceLastSendMs: 1000 };
const situation = (change: Partial<Situation>): Situation => ({
  act: 'send',
  state: 'SENDING',
  meaning: { kind: 'in_flight' },
  history: fresh,
  checks: 0,
  packageMissing: false,
  billExpiresAt: null,
  now: new Date('2026-11-21T10:00:00Z'),
  waits,
  ...change,
});

const meaning: fc.Arbitrary<Meaning> = fc.oneof(
  fc.constantFrom<Meaning>(
    { kind: 'succeeded' },
    { kind: 'in_flight' },
    { kind: 'not_found' },
    { kind: 'refunded' },
    { kind: 'failed', why: 'OVERDUE_CLOSE' },
    { kind: 'refused', why: 'NO_AUTH' },
    { kind: 'mismatch', why: 'another_amount' },
    { kind: 'channel_blocked', why: 'NOT_ENOUGH' },
  ),
  fc.record({
    kind: fc.constant('wait_user' as const),
    package: fc.constantFrom(null, 'package'),
    expiresAt: fc.constantFrom(null, new Date('2026-11-22T10:00:00Z')),
  }),
  fc.record({ kind: fc.constant('unknown' as const), why: fc.constant('timeout'), alarm: fc.boolean() }),
  fc.record({
    kind: fc.constant('retry_same_id' as const),
    why: fc.constant('FREQ_LIMIT'),
    when: fc.constantFrom('soon' as const, 'tomorrow' as const),
  }),
);
const anySituation: fc.Arbitrary<Situation> = fc
  .record({
    actAndState: fc.constantFrom<Pick<Situation, 'act' | 'state'>>(
      { act: 'send', state: 'SENDING' },
      { act: 'query', state: 'UNKNOWN' },
      { act: 'query', state: 'WAIT_USER' },
      { act: 'cancel', state: 'UNKNOWN' },
    ),
    meaning,
    history: fc.record({
      mayBeThere: fc.boolean(),
      refusedWith: fc.constantFrom(null, 'NO_AUTH'),
      sinceLastSendMs: fc.option(fc.integer({ min: 0, max: 10_000_000 })),
    }),
    checks: fc.integer({ min: 0, max: 100 }),
    packageMissing: fc.boolean(),
    billExpiresAt: fc.constantFrom(null, new Date('2026-11-21T09:00:00Z'), new Date('2026-11-22T10:00:00Z')),
  })
  .map(({ actAndState, ...rest }) => situation({ ...actAndState, ...rest }));

it('earlier attempts matter for the meanings that are named, and for no other', () => {
  fc.assert(
    fc.property(anySituation, (from) => {
      fc.pre(!HISTORY_MATTERS.includes(from.meaning.kind));
      expect(nextStep(from)).toEqual(nextStep({ ...from, history: NO_HISTORY }));
    }),
  );
});

it('I9 leads along the allowed moves only, from everywhere', () => {
  fc.assert(
    fc.property(anySituation, (from) => {
      const step = nextStep(from);
      if (step.to === 'stay') return;
      expect(PAYOUT_STATES).toContain(step.to);
      const viaUnknown = step.to === 'MANUAL' && (from.state === 'UNKNOWN' || mayMove(from.state, 'UNKNOWN'));
      expect(viaUnknown || mayMove(from.state, step.to)).toBe(true);
    }),
    { numRuns: 5000 },
  );
});

it('I5 fails only on a proven failure, a refund, or a refusal that a later query confirms', () => {
  fc.assert(
    fc.property(anySituation, (from) => {
      if (nextStep(from).to !== 'FAILED') return;
      const proven = from.meaning.kind === 'failed' || from.meaning.kind === 'refunded';
      const confirmed =
        from.meaning.kind === 'not_found' &&
        from.history.refusedWith !== null &&
        (from.history.sinceLastSendMs ?? Infinity) >= waits.resendAfterMs;
      expect(proven || confirmed).toBe(true);
    }),
    { numRuns: 5000 },
  );
});

it('I5 goes back to PENDING only when neither this send nor an earlier one can have been taken', () => {
  fc.assert(
    fc.property(anySituation, (from) => {
      if (nextStep(from).to !== 'PENDING') return;
      expect(['retry_same_id', 'channel_blocked']).toContain(from.meaning.kind);
      expect([from.act, from.history.mayBeThere]).toEqual(['send', false]);
    }),
    { numRuns: 5000 },
  );
});

it('I20 somebody always looks again, unless it is over or people have it', () => {
  fc.assert(
    fc.property(anySituation, (from) => {
      const { to, nextInMs } = nextStep(from);
      const over = to === 'SETTLED' || to === 'FAILED' || to === 'MANUAL';
      expect(nextInMs === null).toBe(over);
      if (nextInMs !== null) expect(nextInMs).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 5000 },
  );
});

it('resends only after the window, and only what WeChat does not know', () => {
  const ask = (sinceLastSendMs: number) =>
    nextStep(
      situation({
        act: 'query',
        state: 'UNKNOWN',
        meaning: { kind: 'not_found' },
        history: { ...fresh, sinceLastSendMs },
      }),
    );
  expect(ask(waits.resendAfterMs - 1000)).toMatchObject({ to: 'stay', then: null, nextInMs: 1000 });
  expect(ask(waits.resendAfterMs)).toMatchObject({ to: 'stay', then: 'resend' });
});

it('an unanswered question does not change what was known', () => {
  const lost: Meaning = { kind: 'unknown', why: 'timeout', alarm: false };
  expect(nextStep(situation({ act: 'query', state: 'WAIT_USER', meaning: lost, checks: 1 }))).toMatchObject({
    to: 'stay',
    nextInMs: waits.queryLadderMs[1],
  });
  const moves: Meaning = { kind: 'in_flight' };
  expect(nextStep(situation({ act: 'query', state: 'WAIT_USER', meaning: moves })).to).toBe('UNKNOWN');
});

it('a bill whose package was lost is sent again for it, then cancelled, never shown without', () => {
  const waiting: Meaning = { kind: 'wait_user', package: null, expiresAt: null };
  const at = (change: Partial<Situation>) => nextStep(situation({ meaning: waiting, packageMissing: true, ...change }));
  expect(at({ act: 'query', state: 'UNKNOWN' })).toMatchObject({ to: 'stay', then: 'resend' });
  expect(at({ act: 'query', state: 'WAIT_USER' })).toMatchObject({ to: 'UNKNOWN', then: 'resend' });
  expect(at({ act: 'send' })).toMatchObject({ to: 'UNKNOWN', then: 'cancel' });
});

it('daily limits of a person wait for the next day in Beijing', () => {
  const meaning: Meaning = { kind: 'retry_same_id', why: 'SENDNUM_LIMIT', when: 'tomorrow' };
  const now = new Date('2026-11-21T15:59:00Z');
  const { nextInMs } = nextStep(situation({ meaning, now }));
  const again = shanghaiFields(new Date(now.getTime() + nextInMs!));
  expect([again.day, again.hour]).toEqual(['2026-11-22', 0]);
});

it('looks again shortly after a waiting bill should have been closed', () => {
  const meaning: Meaning = { kind: 'wait_user', package: 'p', expiresAt: null };
  const billExpiresAt = new Date('2026-11-21T10:10:00Z');
  const step = nextStep(situation({ act: 'query', state: 'WAIT_USER', meaning, checks: 50, billExpiresAt }));
  expect(step.nextInMs).toBe(600_000 + waits.queryLadderMs[0]!);
});
