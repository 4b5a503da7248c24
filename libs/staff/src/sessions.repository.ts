import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { textOf, type Reader, type Tx } from '@app/database';
import type { Operator } from './operator';
import { OPERATOR_COLUMNS, operatorOf, type OperatorRaw } from './operators.repository';

export const SESSION_HOURS = 12;
export const IDLE_MINUTES = 60;

/** What the database keeps of a token: nobody who reads it can log in. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}

/** One browser that is signed in. */
export interface OpenSession {
  /** Names it; what the browser holds cannot be told from it. */
  readonly id: string;
  readonly openedAt: Date;
  readonly lastSeenAt: Date;
  /** Whatever happens, not later than this. */
  readonly endsAt: Date;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

interface SessionRaw {
  token_hash: Buffer;
  created_at: Date;
  last_seen_at: Date;
  expires_at: Date;
  ip: Buffer | null;
  user_agent: string | null;
}

const MOST_LISTED = 50;

/** The table `operator_sessions`. */
@Injectable()
export class SessionsRepository {
  async open(tx: Tx, token: string, operatorId: number, ip: string | null, userAgent: string | null): Promise<void> {
    await tx.execute(
      `INSERT INTO operator_sessions (token_hash, operator_id, created_at, last_seen_at, expires_at, ip, user_agent)
       VALUES (?,?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL ${SESSION_HOURS} HOUR, ?, ?)`,
      [tokenHash(token), operatorId, ip?.slice(0, 45) ?? null, userAgent?.slice(0, 255) ?? null],
    );
  }

  /** The active operator of a session that is neither revoked, nor over, nor idle; `stale` when its last visit should be noted. */
  async find(reader: Reader, hash: Buffer): Promise<{ operator: Operator; stale: boolean } | null> {
    const [raw] = await reader.query<OperatorRaw & { stale: number }>(
      `SELECT ${OPERATOR_COLUMNS}, s.last_seen_at < UTC_TIMESTAMP(6) - INTERVAL 1 MINUTE AS stale
         FROM operator_sessions s JOIN operators o ON o.id = s.operator_id
        WHERE s.token_hash = ? AND s.revoked_at IS NULL AND s.expires_at > UTC_TIMESTAMP(6)
          AND s.last_seen_at > UTC_TIMESTAMP(6) - INTERVAL ${IDLE_MINUTES} MINUTE AND o.status = 'active'`,
      [hash],
    );
    return raw ? { operator: operatorOf(raw), stale: Number(raw.stale) === 1 } : null;
  }

  async touch(tx: Tx, hash: Buffer): Promise<void> {
    await tx.execute('UPDATE operator_sessions SET last_seen_at = UTC_TIMESTAMP(6) WHERE token_hash = ?', [hash]);
  }

  /** Returns whose session it was, or null when it was not open. */
  async revoke(tx: Tx, hash: Buffer): Promise<number | null> {
    const [row] = await tx.query<{ operator_id: number }>(
      'SELECT operator_id FROM operator_sessions WHERE token_hash = ? AND revoked_at IS NULL FOR UPDATE',
      [hash],
    );
    if (!row) return null;
    await tx.execute('UPDATE operator_sessions SET revoked_at = UTC_TIMESTAMP(6) WHERE token_hash = ?', [hash]);
    return row.operator_id;
  }

  /** Open ones, latest visit first. */
  async openOf(reader: Reader, operatorId: number): Promise<OpenSession[]> {
    const rows = await reader.query<SessionRaw>(
      `SELECT token_hash, created_at, last_seen_at, expires_at, ip, user_agent FROM operator_sessions
        WHERE operator_id = ? AND revoked_at IS NULL AND expires_at > UTC_TIMESTAMP(6)
          AND last_seen_at > UTC_TIMESTAMP(6) - INTERVAL ${IDLE_MINUTES} MINUTE
        ORDER BY last_seen_at DESC LIMIT ${MOST_LISTED}`,
      [operatorId],
    );
    return rows.map((row) => ({
      ...{ id: row.token_hash.toString('base64url'), openedAt: row.created_at, lastSeenAt: row.last_seen_at },
      ...{ endsAt: row.expires_at, ip: row.ip && textOf(row.ip), userAgent: row.user_agent },
    }));
  }

  /** False when it is not open or somebody else's. */
  async revokeOf(tx: Tx, operatorId: number, hash: Buffer): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      'UPDATE operator_sessions SET revoked_at = UTC_TIMESTAMP(6) WHERE token_hash = ? AND operator_id = ? AND revoked_at IS NULL',
      [hash, operatorId],
    );
    return affectedRows === 1;
  }

  async revokeAllOf(tx: Tx, operatorId: number): Promise<void> {
    await tx.execute(
      'UPDATE operator_sessions SET revoked_at = UTC_TIMESTAMP(6) WHERE operator_id = ? AND revoked_at IS NULL',
      [operatorId],
    );
  }
}
