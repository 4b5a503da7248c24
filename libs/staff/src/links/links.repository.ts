import { Injectable } from '@nestjs/common';
import { textOf, type Reader, type Tx } from '@app/database';

export type LinkKind = 'invite' | 'reset';
/** How long a link can be opened: an invitation waits for somebody to start work, a reset for somebody at the phone. */
export const LINK_HOURS = { invite: 72, reset: 24 } as const satisfies Record<LinkKind, number>;

export interface OpenLink {
  readonly operatorId: number;
  readonly kind: LinkKind;
  readonly expiresAt: Date;
}

const OPEN = 'used_at IS NULL AND revoked_at IS NULL AND expires_at > UTC_TIMESTAMP(6)';

/** The table `operator_links`. */
@Injectable()
export class LinksRepository {
  /** Links from before cannot be opened any more. Returns when this one ends. */
  async issue(
    tx: Tx,
    hash: Buffer,
    link: { readonly operatorId: number; readonly kind: LinkKind; readonly madeBy: number | null },
  ): Promise<Date> {
    await this.revokeAllOf(tx, link.operatorId);
    await tx.execute(
      `INSERT INTO operator_links (token_hash, operator_id, kind, made_by, made_at, expires_at)
       VALUES (?,?,?,?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL ${LINK_HOURS[link.kind]} HOUR)`,
      [hash, link.operatorId, link.kind, link.madeBy],
    );
    const found = await this.find(tx, hash);
    return found!.expiresAt;
  }

  async find(reader: Reader, hash: Buffer): Promise<OpenLink | null> {
    const [row] = await reader.query<{ operator_id: number; kind: Buffer; expires_at: Date }>(
      `SELECT operator_id, kind, expires_at FROM operator_links WHERE token_hash = ? AND ${OPEN}`,
      [hash],
    );
    return row ? { operatorId: row.operator_id, kind: textOf(row.kind) as LinkKind, expiresAt: row.expires_at } : null;
  }

  /** False when somebody else was faster. */
  async use(tx: Tx, hash: Buffer): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `UPDATE operator_links SET used_at = UTC_TIMESTAMP(6) WHERE token_hash = ? AND ${OPEN}`,
      [hash],
    );
    return affectedRows === 1;
  }

  async revokeAllOf(tx: Tx, operatorId: number): Promise<void> {
    await tx.execute(
      'UPDATE operator_links SET revoked_at = UTC_TIMESTAMP(6) WHERE operator_id = ? AND used_at IS NULL AND revoked_at IS NULL',
      [operatorId],
    );
  }
}
