import { forget, recall, remember } from './session-memory';

const ROUNDS = 'yima.signin.rounds';
const MOST_ROUNDS = 2;

let leaving = false;

/** Leaves for WeChat's silent sign-in and comes back to this path. Two rounds without a session end on a page that says so. */
export function signIn(): void {
  if (leaving) return; // Several calls of one page may find the session missing; the person leaves once.
  leaving = true;
  const rounds = Number(recall(ROUNDS) ?? '0');
  const back = encodeURIComponent(location.pathname);
  if (rounds >= MOST_ROUNDS) {
    forget(ROUNDS);
    location.replace(`/h5/sorry?reason=oauth_loop&return=${back}`);
    return;
  }
  remember(ROUNDS, String(rounds + 1));
  location.replace(`/v1/h5/oauth/start?return=${back}`);
}

export function signedIn(): void {
  forget(ROUNDS);
}
