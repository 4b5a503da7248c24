import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHANNEL_ERRORS } from '../channels/channel-errors';
import { FAIL_REASONS } from '../channels/fail-reasons';
import type { Meaning } from '../channels/payout-channel';
import { nextStep, NO_HISTORY, type Situation } from '../driving/next-step';
import { PAYOUT_STATES } from '../payout-state';
import { attemptEvents, differenceEvents, journalEvents, moveEvents } from './evidence-events';
import { ACT_WORDS, DIFFERENCE_WORDS, JOURNAL_WORDS, MEANING_WORDS, OWN_REASONS, reasonWords } from './evidence-words';

const at = new Date('2026-07-01T00:00:00Z');
/** A word of the machine's that slipped through: `wait_user`, `SENDING`, `budget:1:available`; codes of WeChat stand in brackets. */
const RAW = /[a-z]{3,}|[A-Z]{3,}/;
const told = (words: string): string => words.replaceAll(/（[A-Z0-9_]+）/g, '');
const keysOf = <K extends string>(table: Readonly<Record<K, unknown>>): K[] => Object.keys(table) as K[];

it('every state, exchange, entry and difference is told in Chinese', () => {
  const moves = PAYOUT_STATES.flatMap((from) => PAYOUT_STATES.map((to) => ({ from, to })));
  const words = [
    ...moveEvents(moves.map((move) => ({ ...move, at, moveNo: 1, billNo: null, reason: 'send' }))),
    ...attemptEvents(
      keysOf(ACT_WORDS).flatMap((act) =>
        [...keysOf(MEANING_WORDS), null].map((outcome) => ({
          ...{ startedAt: at, billNo: 'B1', attemptNo: 1, act, finishedAt: at, outcome },
          ...{ evidence: 'FREQUENCY_LIMITED | {}', sameRequest: true },
        })),
      ),
    ),
    ...journalEvents(
      keysOf(JOURNAL_WORDS).map((journalKind) => ({
        ...{ at, journalKey: 'k', journalKind, memo: null },
        legs: [
          ...(['granted', 'available', 'reserved', 'settled'] as const).map((part) => `budget:1:${part}`),
          ...['channel:1900000109:transfer_confirm_v3', 'merchant:1900000109', 'member:7', 'outside'],
        ].map((account) => ({ account, amountFen: 188 })),
      })),
    ),
    ...differenceEvents(
      keysOf(DIFFERENCE_WORDS).map((difference) => ({
        ...{ foundAt: at, goneAt: at, day: '2026-07-01', difference, billNo: 'B1' },
        ...{ ourFen: 1, paidFen: 2, returnedFen: 0 },
      })),
    ),
  ].map((event) => event.words);
  expect(words.filter((sentence) => RAW.test(told(sentence)))).toEqual([]);
});

it('whatever an exchange leads to is explained', () => {
  const why = 'NOT_ENOUGH';
  const meanings: Record<Meaning['kind'], Meaning> = {
    succeeded: { kind: 'succeeded' },
    wait_user: { kind: 'wait_user', package: null, expiresAt: null },
    in_flight: { kind: 'in_flight' },
    unknown: { kind: 'unknown', why, alarm: false },
    not_found: { kind: 'not_found' },
    retry_same_id: { kind: 'retry_same_id', why, when: 'soon' },
    channel_blocked: { kind: 'channel_blocked', why },
    refused: { kind: 'refused', why },
    failed: { kind: 'failed', why: 'OVERDUE_CLOSE' },
    refunded: { kind: 'refunded' },
    mismatch: { kind: 'mismatch', why: 'AMOUNT' },
  };
  const acts = ['send', 'query', 'cancel'] as const;
  const states = ['SENDING', 'UNKNOWN', 'WAIT_USER'] as const;
  const reached = acts.flatMap((act) =>
    states.flatMap((state) =>
      Object.values(meanings).flatMap((meaning) =>
        [true, false].map((packageMissing): Situation => ({
          ...{ act, state, meaning, packageMissing, history: NO_HISTORY, checks: 0, billExpiresAt: null, now: at },
          waits: { queryLadderMs: [1], resendAfterMs: 1, retryMs: [1, 2] },
        })),
      ),
    ),
  );
  const reasons = new Set(reached.map((situation) => nextStep(situation).reason));
  const known = [...reasons].filter((reason) => /^[a-z]/.test(reason));
  expect(known.filter((reason) => !Object.hasOwn(OWN_REASONS, reason))).toEqual([]);
  expect(known.length).toBeGreaterThan(4);
});

it('every reason that the code writes down by its own name has its words', () => {
  const written = new Set<string>();
  for (const room of ['driving', 'cases', 'callbacks']) {
    const folder = join(__dirname, '..', room);
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.includes('spec'))) {
      for (const [, reason] of readFileSync(join(folder, file), 'utf8').matchAll(/reason: '([a-z_]+)'/g)) {
        written.add(reason!);
      }
    }
  }
  expect(written.size).toBeGreaterThan(6);
  expect([...written].filter((reason) => !Object.hasOwn(OWN_REASONS, reason))).toEqual([]);
});

it('codes of WeChat are explained by the tables that decide what they mean', () => {
  const codes = [
    ...Object.keys(FAIL_REASONS),
    ...Object.values(CHANNEL_ERRORS).flatMap((calls) => Object.values(calls).flatMap((table) => Object.keys(table))),
  ];
  for (const code of codes) expect(reasonWords(code)).toMatch(/[\u4e00-\u9fff].*（[A-Z0-9_]+）$/);
  expect(reasonWords('NEVER_HEARD_OF')).toBe('微信返回 NEVER_HEARD_OF');
});
