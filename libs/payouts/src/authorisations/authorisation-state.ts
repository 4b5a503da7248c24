import { Defect } from '@app/kernel';

/**
 * ASKED: ours is written, WeChat has not clearly answered. WAIT_USER: WeChat has it, the person must agree within a day.
 * TAKING_EFFECT: the person agreed; transfers arrive without a tap. CLOSED: over, proven by WeChat; it never comes back.
 */
export const AUTHORISATION_STATES = ['ASKED', 'WAIT_USER', 'TAKING_EFFECT', 'CLOSED'] as const;
export type AuthorisationState = (typeof AUTHORISATION_STATES)[number];

/** Every move that exists. A new number begins only when the one before is CLOSED. */
export const AUTHORISATION_MOVES: Readonly<Record<AuthorisationState, readonly AuthorisationState[]>> = {
  ASKED: ['WAIT_USER', 'TAKING_EFFECT', 'CLOSED'],
  WAIT_USER: ['TAKING_EFFECT', 'CLOSED'],
  TAKING_EFFECT: ['CLOSED'],
  CLOSED: [],
};

/** What we want of it: that the person agrees, or that it ends. */
export type AuthorisationWish = 'agree' | 'close';

export function mayMoveAuthorisation(from: AuthorisationState, to: AuthorisationState): boolean {
  return AUTHORISATION_MOVES[from].includes(to);
}

export function authorisationState(text: string): AuthorisationState {
  const state = AUTHORISATION_STATES.find((known) => known === text);
  if (!state) throw new Defect(`unknown state of an authorisation: ${text}`);
  return state;
}
