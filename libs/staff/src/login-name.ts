/** Logins do not distinguish case or spaces around them. */
export function normaliseLogin(login: string): string {
  return login.trim().toLowerCase().slice(0, 64);
}
