import type { Waits } from '@app/config';
import { mayMoveAuthorisation, type AuthorisationState, type AuthorisationWish } from './authorisation-state';

/** What an exchange about an agreement, or a callback, says. */
export type AuthorisationMeaning =
  | {
      readonly kind: 'state';
      readonly state: Exclude<AuthorisationState, 'ASKED'>;
      /** Opens WeChat's page, where WeChat named one. */
      readonly package: string | null;
      readonly expiresAt: Date | null;
      readonly authorizationId: string | null;
      readonly closeReason: string | null;
    }
  /** Nobody knows, or WeChat has no such number now: neither says that it is over. */
  | { readonly kind: 'unclear'; readonly why: string; readonly alarm: boolean }
  | { readonly kind: 'later'; readonly why: string }
  | { readonly kind: 'blocked'; readonly why: string }
  /** WeChat knows this number of another person or merchant. */
  | { readonly kind: 'mismatch'; readonly why: string };

export type AuthorisationAct = 'ask' | 'look' | 'close';

/** What to say to WeChat next. Asking again under the same number is harmless; what was never taken cannot be closed either. */
export function nextAct(state: AuthorisationState, wish: AuthorisationWish, justClosed: boolean): AuthorisationAct {
  if (state === 'ASKED') return 'ask';
  return wish === 'close' && !justClosed ? 'close' : 'look';
}

export interface AuthorisationStep {
  /** Null: stays as it is. */
  readonly to: AuthorisationState | null;
  readonly nextInMs: number | null;
  readonly incident: null | { readonly kind: 'unlisted' | 'mismatch' | 'channel_blocked'; readonly detail: string };
}

export interface AuthorisationSituation {
  readonly state: AuthorisationState;
  readonly wish: AuthorisationWish;
  readonly meaning: AuthorisationMeaning;
  readonly checks: number;
  readonly expiresAt: Date | null;
  readonly now: Date;
  readonly waits: Pick<Waits, 'queryLadderMs' | 'retryMs'>;
}

/** In force and nothing wrong: WeChat tells of its end; this is for the day the news gets lost. */
const LOOK_EVERY_MS = 24 * 3_600_000;

/** What an answer leads to. Pure. Only WeChat's own word CLOSED ends an agreement. */
export function authorisationStep(situation: AuthorisationSituation): AuthorisationStep {
  const { meaning, waits, checks } = situation;
  const retry = Math.min(waits.retryMs[1], waits.retryMs[0] * 2 ** Math.min(checks, 20));
  switch (meaning.kind) {
    case 'state':
      return reached(situation, meaning.state);
    case 'unclear': {
      const incident = meaning.alarm ? { kind: 'unlisted' as const, detail: meaning.why } : null;
      return { to: null, nextInMs: ladder(waits.queryLadderMs, checks), incident };
    }
    case 'later':
      return { to: null, nextInMs: retry, incident: null };
    case 'blocked':
      return { to: null, nextInMs: retry, incident: { kind: 'channel_blocked', detail: meaning.why } };
    case 'mismatch':
      return { to: null, nextInMs: null, incident: { kind: 'mismatch', detail: meaning.why } };
  }
}

/** An answer that is older than what we know (a copy that lags) changes nothing. */
function reached(
  { state, wish, checks, expiresAt, now, waits, meaning }: AuthorisationSituation,
  named: AuthorisationState,
): AuthorisationStep {
  const to = state !== named && mayMoveAuthorisation(state, named) ? named : null;
  const is = to ?? state;
  if (is === 'CLOSED') return { to, nextInMs: null, incident: null };
  if (wish === 'close') return { to, nextInMs: to === null ? ladder(waits.queryLadderMs, checks) : 0, incident: null };
  if (is === 'TAKING_EFFECT') return { to, nextInMs: LOOK_EVERY_MS, incident: null };
  const end = (meaning.kind === 'state' ? meaning.expiresAt : null) ?? expiresAt;
  const toEnd = end === null ? Infinity : end.getTime() - now.getTime() + waits.queryLadderMs[0]!;
  const wait = ladder(waits.queryLadderMs, to === null ? checks : 0);
  return { to, nextInMs: toEnd > 0 ? Math.min(wait, toEnd) : wait, incident: null };
}

function ladder(steps: readonly number[], checks: number): number {
  return steps[Math.min(checks, steps.length - 1)]!;
}
