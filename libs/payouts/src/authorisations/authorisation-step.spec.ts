import fc from 'fast-check';
import { AUTHORISATION_MOVES, AUTHORISATION_STATES, mayMoveAuthorisation } from './authorisation-state';
import {
  authorisationStep,
  nextAct,
  type AuthorisationMeaning,
  type AuthorisationSituation,
} from './authorisation-step';
import { AUTHORIZATION_NUMBER_PATTERN, authorizationNumber } from './authorisation';

const NOW = new Date('2026-11-22T04:00:00Z');
const waits = { queryLadderMs: [1_000, 5_000, 60_000], retryMs: [2_000, 30_000] as [number, number] };
const says = (
  state: 'WAIT_USER' | 'TAKING_EFFECT' | 'CLOSED',
  expiresAt: Date | null = null,
): AuthorisationMeaning => ({
  ...{ kind: 'state', state, package: null, expiresAt, authorizationId: null, closeReason: null },
});
const at = (change: Partial<AuthorisationSituation>): AuthorisationSituation => ({
  ...{ state: 'ASKED', wish: 'agree', meaning: says('WAIT_USER'), checks: 0, expiresAt: null, now: NOW, waits },
  ...change,
});

it('CLOSED is the end, and only WeChat says it', () => {
  expect(AUTHORISATION_MOVES.CLOSED).toEqual([]);
  const silent: AuthorisationMeaning[] = [
    { kind: 'unclear', why: 'NOT_FOUND', alarm: false },
    { kind: 'unclear', why: 'NEW', alarm: true },
    { kind: 'later', why: 'FREQUENCY_LIMITED' },
    { kind: 'blocked', why: 'NO_AUTH' },
    { kind: 'mismatch', why: 'another_openid' },
  ];
  for (const state of AUTHORISATION_STATES) {
    for (const wish of ['agree', 'close'] as const) {
      for (const meaning of silent) expect(authorisationStep(at({ state, wish, meaning })).to).toBeNull();
    }
  }
});

it('goes along the table whatever is said in whatever order, and ends where WeChat ended', () => {
  const word = fc.constantFrom('WAIT_USER' as const, 'TAKING_EFFECT' as const, 'CLOSED' as const);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), (words) => {
      let state: (typeof AUTHORISATION_STATES)[number] = 'ASKED';
      for (const [checks, said] of words.entries()) {
        const { to, nextInMs } = authorisationStep(at({ state, meaning: says(said), checks }));
        if (to !== null) {
          expect(mayMoveAuthorisation(state, to)).toBe(true);
          state = to;
        }
        expect(nextInMs === null).toBe(state === 'CLOSED');
      }
      if (words.includes('CLOSED')) expect(state).toBe('CLOSED');
      else expect(state).toBe(words.includes('TAKING_EFFECT') ? 'TAKING_EFFECT' : 'WAIT_USER');
    }),
  );
});

it('looks soon after WeChat should have ended what nobody answered', () => {
  const expiresAt = new Date(NOW.getTime() + 3_000);
  expect(authorisationStep(at({ state: 'WAIT_USER', checks: 2, expiresAt })).nextInMs).toBe(4_000);
  expect(authorisationStep(at({ state: 'WAIT_USER', checks: 2 })).nextInMs).toBe(60_000);
});

it('asks until it was taken, then closes, then looks: also an agreement that is taken back before WeChat answered', () => {
  expect(nextAct('ASKED', 'agree', false)).toBe('ask');
  expect(nextAct('ASKED', 'close', false)).toBe('ask');
  expect(nextAct('WAIT_USER', 'agree', false)).toBe('look');
  expect(nextAct('WAIT_USER', 'close', false)).toBe('close');
  expect(nextAct('TAKING_EFFECT', 'close', true)).toBe('look');
  expect(authorisationStep(at({ wish: 'close' }))).toMatchObject({ to: 'WAIT_USER', nextInMs: 0 });
});

it('tells people what it does not know, and that the account may not do this', () => {
  const incident = (meaning: AuthorisationMeaning) => authorisationStep(at({ meaning })).incident?.kind ?? null;
  expect(incident({ kind: 'unclear', why: 'X', alarm: true })).toBe('unlisted');
  expect(incident({ kind: 'unclear', why: 'SYSTEM_ERROR', alarm: false })).toBeNull();
  expect(incident({ kind: 'blocked', why: 'NO_AUTH' })).toBe('channel_blocked');
  expect(incident({ kind: 'mismatch', why: 'another_openid' })).toBe('mismatch');
});

it('numbers are made of the person, not of a row', () => {
  const of = { mchId: '1900000109', scene: '1000', payeeBlind: Buffer.alloc(32, 7), ordinal: 1 };
  const key = Buffer.alloc(32, 1);
  const first = authorizationNumber(key, of);
  // Written down: a restored database must ask for the same one.
  expect(first).toMatchInlineSnapshot(`"AW9393HGRSRD6X3Q5SSXEMJ43Z"`);
  expect(first).toMatch(AUTHORIZATION_NUMBER_PATTERN);
  const others = [
    authorizationNumber(key, { ...of, ordinal: 2 }),
    authorizationNumber(key, { ...of, mchId: '1900000110' }),
    authorizationNumber(key, { ...of, payeeBlind: Buffer.alloc(32, 8) }),
  ];
  expect(new Set([first, ...others]).size).toBe(4);
});
