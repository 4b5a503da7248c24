import { randomBytes } from 'node:crypto';
import type { Limits } from '../limits';
import type { IssuedToken } from '../world/event';
import type { Store } from '../world/store';

const LIFE_MS = 7_200_000;
const OVERLAP_MS = 5 * 60_000;
const DAY_MS = 86_400_000;

export type TokenCheck = 'ok' | 'invalid' | 'expired';

/** The access tokens and the jsapi ticket of the app. They are stored: a caller may hold one across our restart. */
export class AppTokens {
  constructor(
    private readonly store: Store,
    private readonly appId: string,
    private readonly limits: Limits,
  ) {}

  /** cgi-bin/token: a new one each time, the one before is dead at once. */
  fresh(): IssuedToken {
    return this.issue('access');
  }

  /** stable_token in normal mode: the current one until five minutes before its end, then a new one; both work for the rest. */
  stable(): IssuedToken {
    const current = this.newest('stable');
    const now = this.store.wallNow();
    return current !== undefined && current.expiresAt - now > OVERLAP_MS ? current : this.issue('stable');
  }

  /** stable_token with force_refresh: a new one, the old ones are dead. Undefined when it was asked for too often. */
  forced(): IssuedToken | undefined {
    const now = this.store.wallNow();
    const forced = this.ofKind('stable').filter((token) => token.forced === true && now - token.issuedAt < DAY_MS);
    const last = forced.at(-1);
    if (forced.length >= this.limits.forcedTokensPerDay) return undefined;
    if (last !== undefined && now - last.issuedAt < this.limits.forcedTokenGapMs) return undefined;
    return this.issue('stable', true);
  }

  /** A new jsapi ticket; fetching one kills the one before. */
  ticket(): IssuedToken {
    return this.issue('ticket');
  }

  currentTicket(): string | undefined {
    const ticket = this.newest('ticket');
    return ticket !== undefined && ticket.expiresAt > this.store.wallNow() ? ticket.value : undefined;
  }

  check(value: string): TokenCheck {
    const now = this.store.wallNow();
    const newest = this.newest('access');
    if (newest?.value === value) return newest.expiresAt > now ? 'ok' : 'expired';
    const stable = this.ofKind('stable');
    const at = stable.findIndex((token) => token.value === value);
    const token = stable[at];
    if (token === undefined) return 'invalid';
    if (stable.slice(at + 1).some((later) => later.forced === true)) return 'invalid';
    return token.expiresAt > now ? 'ok' : 'expired';
  }

  private issue(kind: IssuedToken['kind'], forced?: boolean): IssuedToken {
    const issuedAt = this.store.wallNow();
    const value = `${kind === 'ticket' ? '' : '93_'}${randomBytes(kind === 'ticket' ? 48 : 96).toString('base64url')}`;
    const token = { kind, appId: this.appId, value, issuedAt, expiresAt: issuedAt + LIFE_MS, forced };
    this.store.commit({ t: 'token', token });
    return token;
  }

  private newest(kind: IssuedToken['kind']): IssuedToken | undefined {
    return this.ofKind(kind).at(-1);
  }

  private ofKind(kind: IssuedToken['kind']): IssuedToken[] {
    return this.store.world.tokens.filter((token) => token.kind === kind && token.appId === this.appId);
  }
}
