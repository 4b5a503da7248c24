import { randomBytes } from 'node:crypto';

export type OauthScope = 'snsapi_base' | 'snsapi_userinfo';

interface IssuedCode {
  appId: string;
  userId: string;
  scope: OauthScope;
  issuedAt: number;
  used: boolean;
}

export type Redemption =
  { kind: 'ok'; userId: string; scope: OauthScope } | { kind: 'invalid' } | { kind: 'used' } | { kind: 'expired' };

const VALID_MS = 5 * 60_000;
const REMEMBERED_MS = 60 * 60_000;
const MOST = 200_000;

/** OAuth codes: good for one use within five minutes. Kept in memory only; after a restart an old code is simply invalid. */
export class OauthCodes {
  private readonly codes = new Map<string, IssuedCode>();

  issue(appId: string, userId: string, scope: OauthScope, now: number): string {
    this.forgetOld(now);
    const code = randomBytes(16).toString('hex');
    this.codes.set(code, { appId, userId, scope, issuedAt: now, used: false });
    return code;
  }

  redeem(code: string, appId: string, now: number): Redemption {
    const issued = this.codes.get(code);
    if (issued === undefined || issued.appId !== appId) return { kind: 'invalid' };
    if (issued.used) return { kind: 'used' };
    if (now - issued.issuedAt > VALID_MS) return { kind: 'expired' };
    issued.used = true;
    return { kind: 'ok', userId: issued.userId, scope: issued.scope };
  }

  private forgetOld(now: number): void {
    for (const [code, { issuedAt }] of this.codes) {
      if (now - issuedAt < REMEMBERED_MS && this.codes.size < MOST) return;
      this.codes.delete(code);
    }
  }
}
