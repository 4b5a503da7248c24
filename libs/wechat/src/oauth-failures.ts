/** Why no identity came, and what helps. `alarm` = our set-up is wrong: show an error page, do not redirect again. */
export interface OAuthFailure {
  readonly kind: 'failed';
  readonly reason: 'code_spent' | 'misconfigured' | 'restricted' | 'busy' | 'unreachable';
  readonly cure: 'authorize_again' | 'alarm' | 'show_error' | 'try_later';
  /** WeChat's errcode; null when no readable answer came. */
  readonly errcode: number | null;
}

type Reaction = Pick<OAuthFailure, 'reason' | 'cure'>;

const SPENT: Reaction = { reason: 'code_spent', cure: 'authorize_again' };
const SETUP: Reaction = { reason: 'misconfigured', cure: 'alarm' };
const RESTRICTED: Reaction = { reason: 'restricted', cure: 'show_error' };
const BUSY: Reaction = { reason: 'busy', cure: 'try_later' };

/** errcode of `sns/oauth2/access_token` → reaction. A code that is invalid, used or expired is never repeated. */
export const OAUTH_ERRORS: ReadonlyMap<number, Reaction> = new Map([
  [-1, SPENT],
  [40029, SPENT],
  [40163, SPENT],
  [42003, SPENT],
  [40030, SPENT],
  [42002, SPENT],
  [40001, SETUP],
  [40013, SETUP],
  [40125, SETUP],
  [40164, SETUP],
  [41002, SETUP],
  [41004, SETUP],
  [41008, SETUP],
  [48001, RESTRICTED],
  [50001, RESTRICTED],
  [50002, RESTRICTED],
  [45009, BUSY],
  [45011, BUSY],
]);

/** An unlisted code is treated as busy: the page offers to try again, nothing loops. */
export function oauthFailureOf(errcode: number | null): OAuthFailure {
  return { kind: 'failed', errcode, ...((errcode === null ? undefined : OAUTH_ERRORS.get(errcode)) ?? BUSY) };
}
