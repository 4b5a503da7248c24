import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Database, sealedAt, Sealer, UnitOfWork } from '@app/database';
import { Leases } from '@app/jobs';
import { Transient } from '@app/kernel';
import { counter, LOGGER, type Logger } from '@app/observability';
import { ApiClient, type ApiReply } from './api-client';

export type CredentialKind = 'access_token' | 'jsapi_ticket';

/** A fresh one is fetched this long before the old one ends; WeChat lets both live for five minutes. */
const REFRESH_BEFORE_MS = 300_000;
/** A process trusts its own copy this long before it looks whether another process has replaced it. */
const MEMORY_MS = 30_000;
const LEASE_MS = 15_000;
const WAIT_STEP_MS = 100;
const WAIT_STEPS = 50;
/** After one of these a token is dropped once and fetched anew: bad, invalid, expired. */
const TOKEN_IS_DEAD = new Set([40001, 40014, 42001]);

const fetches = counter('wechat_credential_fetches_total', 'Tokens and tickets fetched', ['kind', 'outcome'] as const);

interface Held {
  readonly value: string;
  readonly refreshAt: number;
  readonly readAt: number;
  readonly usable: boolean;
}

/**
 * The one holder of access_token and jsapi_ticket of this account. They live sealed in MySQL; a lease lets one process at a time
 * fetch, because every fetch elsewhere would invalidate the other's.
 */
@Injectable()
export class CredentialHolder {
  private readonly memory = new Map<CredentialKind, Held>();
  private readonly pending = new Map<CredentialKind, Promise<string>>();
  private readonly appId: string;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly sealer: Sealer,
    private readonly leases: Leases,
    private readonly client: ApiClient,
  ) {
    this.appId = config.wechat.appId;
  }

  /** A value that is good for at least some minutes. Throws Transient when WeChat gives none now. */
  async current(kind: CredentialKind): Promise<string> {
    const held = this.memory.get(kind);
    const now = performance.now();
    if (held?.usable && now < held.refreshAt && now - held.readAt < MEMORY_MS) return held.value;
    let pending = this.pending.get(kind);
    if (!pending) {
      pending = this.obtain(kind).finally(() => this.pending.delete(kind));
      this.pending.set(kind, pending);
    }
    return pending;
  }

  /** Calls with the token; when WeChat says it is dead, drops it once, fetches anew and calls once more. */
  async withToken(call: (accessToken: string) => Promise<ApiReply>): Promise<ApiReply> {
    const token = await this.current('access_token');
    const reply = await call(token);
    if (reply.noReply || !TOKEN_IS_DEAD.has(reply.errcode)) return reply;
    await this.drop('access_token', token);
    return call(await this.current('access_token'));
  }

  /** Forgets a value that WeChat refused, unless somebody has replaced it already. */
  async drop(kind: CredentialKind, value: string): Promise<void> {
    this.memory.delete(kind);
    const stored = await this.stored(kind);
    if (stored?.value !== value) return;
    await this.unitOfWork.run((tx) =>
      tx.execute('UPDATE wechat_credentials SET expires_at = UTC_TIMESTAMP(6) WHERE app_id = ? AND kind = ?', [
        this.appId,
        kind,
      ]),
    );
  }

  private async obtain(kind: CredentialKind): Promise<string> {
    const lease = `wechat.${kind}.${this.appId}`;
    for (let step = 0; step < WAIT_STEPS; step++) {
      const stored = await this.stored(kind);
      if (stored && performance.now() < stored.refreshAt) return stored.value;
      if (await this.leases.acquire(lease, LEASE_MS)) return this.fetchUnderLease(kind, lease);
      if (stored?.usable) return stored.value;
      await sleep(WAIT_STEP_MS);
    }
    throw new Transient(`no ${kind} became available in time`, 2);
  }

  private async fetchUnderLease(kind: CredentialKind, lease: string): Promise<string> {
    try {
      const stored = await this.stored(kind);
      if (stored && performance.now() < stored.refreshAt) return stored.value;
      try {
        return await this.fetch(kind);
      } catch (error) {
        if (stored?.usable) return stored.value;
        throw error;
      }
    } finally {
      await this.leases.release(lease);
    }
  }

  private async fetch(kind: CredentialKind): Promise<string> {
    const reply = kind === 'access_token' ? await this.fetchToken() : await this.fetchTicket();
    const value = reply.noReply ? undefined : reply.body[kind === 'access_token' ? 'access_token' : 'ticket'];
    const expiresIn = reply.noReply ? undefined : reply.body.expires_in;
    if (typeof value !== 'string' || value === '' || typeof expiresIn !== 'number') {
      fetches.inc({ kind, outcome: 'failed' });
      const errcode = reply.noReply ? reply.cause : reply.errcode;
      this.logger.warn({ kind, errcode }, 'wechat.credential.refused');
      throw new Transient(`WeChat gave no ${kind} (${errcode})`, 5);
    }
    fetches.inc({ kind, outcome: 'done' });
    await this.store(kind, value, expiresIn);
    return (await this.stored(kind))?.value ?? value;
  }

  private fetchToken(): Promise<ApiReply> {
    const { appId, appSecret } = this.config.wechat;
    return this.client.post('/cgi-bin/stable_token', {
      grant_type: 'client_credential',
      appid: appId,
      secret: appSecret,
    });
  }

  private fetchTicket(): Promise<ApiReply> {
    return this.withToken((token) =>
      this.client.get('/cgi-bin/ticket/getticket', { access_token: token, type: 'jsapi' }),
    );
  }

  private async store(kind: CredentialKind, value: string, expiresInSeconds: number): Promise<void> {
    const sealed = this.sealer.seal(value, this.aad(kind));
    await this.unitOfWork.run((tx) =>
      tx.execute(
        `INSERT INTO wechat_credentials (app_id, kind, value_sealed, expires_at)
         VALUES (?, ?, ?, UTC_TIMESTAMP(6) + INTERVAL ? SECOND)
         ON DUPLICATE KEY UPDATE value_sealed = VALUES(value_sealed), expires_at = VALUES(expires_at)`,
        [this.appId, kind, sealed, Math.floor(expiresInSeconds)],
      ),
    );
  }

  /** Ages are counted by the database, waiting by this process's monotonic clock: a jump of the wall clock changes nothing. */
  private async stored(kind: CredentialKind): Promise<Held | null> {
    const [row] = await this.database.query<{ value_sealed: Buffer; left_ms: string }>(
      `SELECT value_sealed, TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(6), expires_at) DIV 1000 AS left_ms
       FROM wechat_credentials WHERE app_id = ? AND kind = ?`,
      [this.appId, kind],
    );
    if (!row) return null;
    const leftMs = Number(row.left_ms);
    const now = performance.now();
    const held: Held = {
      value: this.sealer.open(row.value_sealed, this.aad(kind)),
      refreshAt: now + leftMs - REFRESH_BEFORE_MS,
      readAt: now,
      usable: leftMs > 0,
    };
    if (held.usable) this.memory.set(kind, held);
    return held;
  }

  private aad(kind: CredentialKind): string {
    return sealedAt('wechat_credentials', 'value_sealed', `${this.appId}:${kind}`);
  }
}
