import { Defect } from '@app/kernel';
import {
  ALLOWED_MOVES,
  assertMove,
  isProvenFailure,
  mayMove,
  PAYOUT_STATES,
  payoutState,
  PEOPLES_MOVES,
} from './payout-state';

const GRAPH = `
  PENDING   -> SENDING
  SENDING   -> PENDING UNKNOWN WAIT_USER SETTLED FAILED
  UNKNOWN   -> SENDING WAIT_USER MANUAL SETTLED FAILED
  WAIT_USER -> UNKNOWN SETTLED FAILED
  MANUAL    -> SETTLED FAILED
  SETTLED   -> REFUNDED
  FAILED    -> PENDING
  REFUNDED  -> PENDING`;
const drawn = new Map(
  GRAPH.trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+->\s+/) as [string, string])
    .map(([from, to]) => [from, to.split(' ')]),
);

it('I9 allows exactly the moves of the drawing, for all 64 pairs', () => {
  for (const from of PAYOUT_STATES) {
    for (const to of PAYOUT_STATES) {
      const allowed = drawn.get(from)!.includes(to);
      expect([from, to, mayMove(from, to)]).toEqual([from, to, allowed]);
      if (allowed) expect(() => assertMove(from, to)).not.toThrow();
      else expect(() => assertMove(from, to)).toThrow(Defect);
    }
  }
});

it('I9 nothing leaves a result except a proven refund, and a new offer begins only after a proven failure', () => {
  const ways = PAYOUT_STATES.filter((from) => ALLOWED_MOVES[from].includes('PENDING'));
  expect(ways.sort()).toEqual(['FAILED', 'REFUNDED', 'SENDING']);
  expect(PAYOUT_STATES.filter(isProvenFailure)).toEqual(['FAILED', 'REFUNDED']);
  expect(ALLOWED_MOVES.SETTLED).toEqual(['REFUNDED']);
});

it('I9 two people may do all that machines may, and say that what had failed or come back did arrive; nothing else', () => {
  const theirs = PAYOUT_STATES.flatMap((from) =>
    PAYOUT_STATES.filter((to) => mayMove(from, to, true) && !mayMove(from, to)).map((to) => `${from} ${to}`),
  );
  expect(theirs).toEqual(['FAILED SETTLED', 'REFUNDED SETTLED']);
  expect(Object.values(PEOPLES_MOVES).flat()).not.toContain('PENDING');
  expect(() => assertMove('FAILED', 'SETTLED')).toThrow(Defect);
  expect(() => assertMove('FAILED', 'SETTLED', true)).not.toThrow();
});

it('every state is reached from PENDING and can come to an end', () => {
  const reach = (start: (typeof PAYOUT_STATES)[number]): Set<string> => {
    const seen = new Set<string>([start]);
    const walk = (state: (typeof PAYOUT_STATES)[number]): void =>
      ALLOWED_MOVES[state].forEach((next) => {
        if (seen.has(next)) return;
        seen.add(next);
        walk(next);
      });
    walk(start);
    return seen;
  };
  expect(reach('PENDING').size).toBe(PAYOUT_STATES.length);
  for (const state of PAYOUT_STATES) expect(reach(state).has('SETTLED')).toBe(true);
});

it('refuses a state nobody knows', () => {
  expect(payoutState('UNKNOWN')).toBe('UNKNOWN');
  expect(() => payoutState('PAID')).toThrow(Defect);
});
