import { addDays, shanghaiDay, shanghaiDayStart } from '@app/kernel';
import type { Waits } from '@app/config';
import type { BillHistory } from './attempts.repository';
import { failReason } from '../channels/fail-reasons';
import type { Meaning } from '../channels/payout-channel';
import type { PayoutState } from '../payout-state';

/** What is known when an exchange is over. All of it comes from rows locked in the recording transaction. */
export interface Situation {
  readonly act: 'send' | 'query' | 'cancel';
  readonly state: Extract<PayoutState, 'SENDING' | 'UNKNOWN' | 'WAIT_USER'>;
  readonly meaning: Meaning;
  readonly history: BillHistory;
  /** How many waits of this state have already passed. */
  readonly checks: number;
  /** The channel hands out a package with an accepted bill, and we hold none. */
  readonly packageMissing: boolean;
  readonly billExpiresAt: Date | null;
  /** The database's time. */
  readonly now: Date;
  readonly waits: Pick<Waits, 'queryLadderMs' | 'resendAfterMs' | 'retryMs'>;
}

/** What to write. `stay` keeps the state. `nextInMs` null = no one looks again by itself. */
export interface Step {
  readonly to: PayoutState | 'stay';
  readonly reason: string;
  readonly nextInMs: number | null;
  /** Talk to WeChat again at once, under the same number. */
  readonly then: null | 'resend' | 'cancel';
  /** The breaker of this channel opens. */
  readonly block: string | null;
  readonly incident: null | { readonly kind: 'unlisted' | 'mismatch'; readonly detail: string };
}

/** Meanings whose step depends on earlier attempts. For any other, whatever stands in `history` changes nothing. */
export const HISTORY_MATTERS: readonly Meaning['kind'][] = ['not_found', 'retry_same_id', 'channel_blocked'];
export const NO_HISTORY: BillHistory = { mayBeThere: true, refusedWith: null, sinceLastSendMs: 0 };

const QUIET = { then: null, block: null, incident: null } as const;
/** WeChat resets people's daily limits at midnight in Beijing; a few minutes later they are surely open. */
const AFTER_MIDNIGHT_MS = 300_000;

/** What an exchange with WeChat leads to. Pure; only `failed`, `refunded` and a refusal confirmed by a query end in FAILED. */
export function nextStep(situation: Situation): Step {
  const { meaning } = situation;
  switch (meaning.kind) {
    case 'succeeded':
      return { ...QUIET, to: 'SETTLED', reason: 'succeeded', nextInMs: null };
    case 'failed': {
      const block = failReason(meaning.why).pausesChannel ? meaning.why : null;
      return { ...QUIET, to: 'FAILED', reason: meaning.why, nextInMs: null, block };
    }
    case 'refunded':
      return { ...QUIET, to: 'FAILED', reason: 'REFUND', nextInMs: null };
    case 'wait_user':
      return waitingForPerson(situation, meaning.package);
    case 'mismatch':
      return {
        ...QUIET,
        to: 'MANUAL',
        reason: meaning.why,
        nextInMs: null,
        incident: { kind: 'mismatch', detail: meaning.why },
      };
    case 'not_found':
      return notFound(situation);
    case 'refused':
      return unclear(situation, meaning.why);
    case 'in_flight':
      return unclear({ ...situation, state: left(situation.state) }, 'in_flight');
    case 'unknown': {
      const step = unclear(situation, meaning.why);
      return meaning.alarm ? { ...step, incident: { kind: 'unlisted', detail: meaning.why } } : step;
    }
    case 'retry_same_id':
      return notTaken(situation, meaning.why, meaning.when, null);
    case 'channel_blocked':
      return notTaken(situation, meaning.why, 'soon', meaning.why);
  }
}

/** A bill that waited for the person and now moves is no longer waiting. */
function left(state: Situation['state']): Situation['state'] {
  return state === 'WAIT_USER' ? 'SENDING' : state;
}

function waitingForPerson(situation: Situation, handedOut: string | null): Step {
  const missing = situation.packageMissing && handedOut === null;
  if (missing && situation.act === 'query') {
    const to = situation.state === 'UNKNOWN' ? 'stay' : 'UNKNOWN';
    return { ...QUIET, to, reason: 'package_missing', nextInMs: 0, then: 'resend' };
  }
  if (missing && situation.act === 'send') {
    const nextInMs = situation.waits.queryLadderMs[0]!;
    return { ...QUIET, to: 'UNKNOWN', reason: 'package_missing', nextInMs, then: 'cancel' };
  }
  if (missing) return unclear(situation, 'not_cancelled_yet');
  const checks = situation.state === 'WAIT_USER' ? situation.checks : 0;
  const nextInMs = untilPersonOrExpiry(situation, checks);
  return { ...QUIET, to: situation.state === 'WAIT_USER' ? 'stay' : 'WAIT_USER', reason: 'wait_user', nextInMs };
}

/** The query ladder, then twice and four times its last step; and once shortly after WeChat should have closed the bill. */
function untilPersonOrExpiry({ waits, billExpiresAt, now }: Situation, checks: number): number {
  const beyond = checks - waits.queryLadderMs.length + 1;
  const wait = ladder(waits.queryLadderMs, checks) * (beyond > 0 ? Math.min(4, 2 ** beyond) : 1);
  const toExpiry =
    billExpiresAt === null ? Infinity : billExpiresAt.getTime() - now.getTime() + waits.queryLadderMs[0]!;
  return toExpiry > 0 ? Math.min(wait, toExpiry) : wait;
}

/** WeChat has no such bill now. Packets may still be under way, so the same number goes out again only after a while. */
function notFound(situation: Situation): Step {
  const { history, waits, state } = situation;
  const since = history.sinceLastSendMs ?? Infinity;
  const to = state === 'UNKNOWN' ? 'stay' : 'UNKNOWN';
  if (since < waits.resendAfterMs) {
    return { ...QUIET, to, reason: 'not_found', nextInMs: waits.resendAfterMs - since };
  }
  if (history.refusedWith !== null) return { ...QUIET, to: 'FAILED', reason: history.refusedWith, nextInMs: null };
  return { ...QUIET, to, reason: 'not_found', nextInMs: 0, then: 'resend' };
}

/** Nobody knows yet. A question that went unanswered does not change what was known before. */
function unclear({ act, state, checks, waits, meaning }: Situation, reason: string): Step {
  const nextInMs = ladder(waits.queryLadderMs, state === 'SENDING' ? 0 : checks);
  const known = state === 'WAIT_USER' && act === 'query' && meaning.kind !== 'in_flight';
  return { ...QUIET, to: known || state === 'UNKNOWN' ? 'stay' : 'UNKNOWN', reason, nextInMs };
}

/** This exchange changed nothing. Whether the bill is still unsent depends on what went before. */
function notTaken(situation: Situation, why: string, when: 'soon' | 'tomorrow', block: string | null): Step {
  const { act, state, history, checks, waits, now } = situation;
  if (act !== 'send' || state !== 'SENDING') {
    return { ...QUIET, to: 'stay', reason: why, nextInMs: ladder(waits.queryLadderMs, checks), block };
  }
  if (history.mayBeThere) {
    return { ...QUIET, to: 'UNKNOWN', reason: why, nextInMs: waits.queryLadderMs[0]!, block };
  }
  const [first, longest] = waits.retryMs;
  const soon = Math.min(longest, first * 2 ** Math.min(checks, 20));
  const nextInMs = when === 'tomorrow' ? untilTomorrow(now) : soon;
  return { ...QUIET, to: 'PENDING', reason: why, nextInMs, block };
}

function ladder(steps: readonly number[], checks: number): number {
  return steps[Math.min(checks, steps.length - 1)]!;
}

function untilTomorrow(now: Date): number {
  const midnight = shanghaiDayStart(addDays(shanghaiDay(now), 1));
  return midnight.getTime() - now.getTime() + AFTER_MIDNIGHT_MS;
}
