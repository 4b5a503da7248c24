import { Injectable } from '@nestjs/common';
import { Database, UnitOfWork } from '@app/database';
import { Rejected } from '@app/kernel';
import { AuditLog } from './audit-log';
import type { Operator } from './operator';
import { SessionsRepository, tokenHash, type OpenSession } from './sessions.repository';

const TOKEN_PATTERN = /^[A-Za-z0-9_-]{43}$/;
const TRUST_MS = 3000;
const MAX_REMEMBERED = 2000;

/** Who a token belongs to. A node remembers an answer for 3 s, so a revoked session ends everywhere within that time. */
@Injectable()
export class Sessions {
  private readonly remembered = new Map<string, { operator: Operator; until: number; stale: boolean }>();

  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly sessions: SessionsRepository,
    private readonly audit: AuditLog,
  ) {}

  /** Null for a token that is malformed, unknown, revoked, over (12 h) or idle (60 min), or whose operator was disabled. */
  authenticate(token: string): Promise<Operator | null> {
    return this.find(token, { visit: true });
  }

  /** The same for a page that is only open and watches: it does not keep a session from becoming idle. */
  stillOpen(token: string): Promise<Operator | null> {
    return this.find(token, { visit: false });
  }

  /** Ends a session. An unknown token is no error: the wish is granted. */
  async logout(token: string): Promise<void> {
    const hash = tokenHash(token);
    this.remembered.delete(hash.toString('hex'));
    await this.unitOfWork.run(async (tx) => {
      const actorId = await this.sessions.revoke(tx, hash);
      if (actorId !== null)
        await this.audit.append(tx, { actorId, act: 'staff.logout', object: `operator:${actorId}` });
    });
  }

  /** Open sessions of somebody; `current` is the one that holds this token. */
  async listOf(operatorId: number, token: string | null): Promise<(OpenSession & { readonly current: boolean })[]> {
    const mine = token === null ? null : tokenHash(token).toString('base64url');
    const open = await this.sessions.openOf(this.database, operatorId);
    return open.map((session) => ({ ...session, current: session.id === mine }));
  }

  /** Ends one of one's own sessions. Throws Rejected `no_session_row` (404) for any other. */
  async revokeOwn(operator: Operator, sessionId: string): Promise<void> {
    const hash = TOKEN_PATTERN.test(sessionId) ? Buffer.from(sessionId, 'base64url') : Buffer.alloc(0);
    await this.unitOfWork.run(async (tx) => {
      const ended = await this.sessions.revokeOf(tx, operator.id, hash);
      if (!ended) throw new Rejected('no_session_row', '没有这个登录会话，可能已经结束', 404);
      const object = `operator:${operator.id}`;
      await this.audit.append(tx, { actorId: operator.id, act: 'staff.session-ended', object });
    });
    this.forget(operator.id);
  }

  /** Drops what this node remembers of an operator whose rights changed. */
  forget(operatorId: number): void {
    for (const [key, { operator }] of this.remembered) if (operator.id === operatorId) this.remembered.delete(key);
  }

  private async find(token: string, { visit }: { visit: boolean }): Promise<Operator | null> {
    if (!TOKEN_PATTERN.test(token)) return null;
    const hash = tokenHash(token);
    const key = hash.toString('hex');
    const known = this.remembered.get(key);
    if (known && known.until > performance.now() && !(visit && known.stale)) return known.operator;
    this.remembered.delete(key);
    const found = await this.sessions.find(this.database, hash);
    if (!found) return null;
    if (found.stale && visit) await this.unitOfWork.run((tx) => this.sessions.touch(tx, hash));
    this.remember(key, found.operator, found.stale && !visit);
    return found.operator;
  }

  private remember(key: string, operator: Operator, stale: boolean): void {
    if (this.remembered.size >= MAX_REMEMBERED) this.remembered.clear();
    this.remembered.set(key, { operator, until: performance.now() + TRUST_MS, stale });
  }
}
