import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import {
  isDuplicate,
  placeholders,
  sealedAt,
  Sealer,
  textOf,
  type Reader,
  type SqlValue,
  type Tx,
} from '@app/database';
import { memberId, type MemberId } from '@app/kernel';
import type { StoreStatus } from '../stores/store';
import { CLERK_CONSENT, type Clerk, type ClerkState } from './clerk';

interface Raw {
  id: string;
  store_id: number;
  store_name: string;
  distributor_id: number;
  member_id: string;
  name_sealed: Buffer | null;
  state: Buffer;
  asked_at: Date;
  decided_at: Date | null;
  decided_by: number | null;
  reason: string | null;
}

/** What a list is narrowed to; what is left out does not matter. */
export interface ClerkFilter {
  readonly state?: ClerkState | undefined;
  readonly storeId?: number | undefined;
  readonly distributorId?: number | undefined;
}

/** A clerk's store as a redemption needs it, read under lock. */
export interface ClerkPost {
  readonly clerkId: number;
  readonly storeId: number;
  readonly storeName: string;
  readonly distributorId: number;
  readonly redeemsAll: boolean;
  readonly storeStatus: StoreStatus;
  readonly now: Date;
}

const SELECT = `SELECT c.id, c.store_id, s.name AS store_name, s.distributor_id, c.member_id, c.name_sealed, c.state, c.asked_at,
    c.decided_at, c.decided_by, c.reason FROM store_clerks c JOIN stores s ON s.id = c.store_id`;

/** The table `store_clerks`. */
@Injectable()
export class ClerksRepository {
  private readonly sealer: Sealer;

  constructor(@Inject(CONFIG) config: Config) {
    this.sealer = Sealer.fromConfig(config);
  }

  async page(reader: Reader, filter: ClerkFilter, afterId: number, limit: number): Promise<Clerk[]> {
    const where = ['c.id > ?'];
    const params: SqlValue[] = [afterId];
    const add = (sql: string, value: SqlValue | undefined): void => {
      if (value === undefined) return;
      where.push(sql);
      params.push(value);
    };
    add('c.state = ?', filter.state);
    add('c.store_id = ?', filter.storeId);
    add('s.distributor_id = ?', filter.distributorId);
    const sql = `${SELECT} WHERE ${where.join(' AND ')} ORDER BY c.id LIMIT ?`;
    return (await reader.query<Raw>(sql, [...params, limit])).map((raw) => this.clerk(raw));
  }

  async lock(tx: Tx, id: number): Promise<Clerk | null> {
    const [raw] = await tx.query<Raw>(`${SELECT} WHERE c.id = ? FOR UPDATE`, [id]);
    return raw ? this.clerk(raw) : null;
  }

  /** Every store that these members asked at, the latest first. */
  async ofMembers(reader: Reader, members: readonly MemberId[]): Promise<Clerk[]> {
    const sql = `${SELECT} WHERE c.member_id IN (${placeholders(members)}) ORDER BY c.id DESC LIMIT 50`;
    return (await reader.query<Raw>(sql, members)).map((raw) => this.clerk(raw));
  }

  /** Asks, or asks again after a refusal or removal. False when the person waits or works there already. */
  async ask(tx: Tx, storeId: number, member: MemberId, name: string): Promise<boolean> {
    const sealed = this.sealer.seal(name, placeOf(storeId, member));
    try {
      await tx.execute(
        `INSERT INTO store_clerks (store_id, member_id, name_sealed, consent, state, asked_at)
         VALUES (?,?,?,?, 'waiting', UTC_TIMESTAMP(6))`,
        [storeId, member, sealed, CLERK_CONSENT.version],
      );
      return true;
    } catch (error) {
      if (!isDuplicate(error, 'uq_store_clerks')) throw error;
    }
    const { affectedRows } = await tx.execute(
      `UPDATE store_clerks SET name_sealed = ?, consent = ?, state = 'waiting', asked_at = UTC_TIMESTAMP(6), decided_by = NULL,
              decided_at = NULL, reason = NULL
        WHERE store_id = ? AND member_id = ? AND state IN ('refused', 'removed')`,
      [sealed, CLERK_CONSENT.version, storeId, member],
    );
    return affectedRows === 1;
  }

  /** False when the clerk is not in the state that the act starts from. */
  async decide(
    tx: Tx,
    id: number,
    { from, to }: { from: ClerkState; to: ClerkState },
    by: number | null,
    reason: string | null,
  ): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `UPDATE store_clerks SET state = ?, decided_by = ?, decided_at = UTC_TIMESTAMP(6), reason = ? WHERE id = ? AND state = ?`,
      [to, by, reason, id, from],
    );
    return affectedRows === 1;
  }

  /** The names of these members go, and their posts end. */
  async forget(tx: Tx, members: readonly MemberId[], at: Date): Promise<void> {
    await tx.execute(
      `UPDATE store_clerks SET name_sealed = NULL, reason = IF(state IN ('waiting', 'active'), '本人注销了会员', reason),
              decided_at = IF(state IN ('waiting', 'active'), ?, decided_at), decided_by = IF(state IN ('waiting', 'active'), NULL, decided_by),
              state = IF(state IN ('waiting', 'active'), 'removed', state)
        WHERE member_id IN (${placeholders(members)})`,
      [at, ...members],
    );
  }

  /** The post of an active clerk, locked with its store: what closes the store or removes the clerk comes before or after, never between. */
  async lockPost(tx: Tx, storeId: number, members: readonly MemberId[]): Promise<ClerkPost | null> {
    const [row] = await tx.query<Omit<ClerkPost, 'redeemsAll' | 'storeStatus' | 'clerkId'> & RawPost>(
      `SELECT c.id AS clerkId, s.id AS storeId, s.name AS storeName, s.distributor_id AS distributorId, s.redeems_all AS redeemsAll,
              s.status AS storeStatus, UTC_TIMESTAMP(6) AS now
         FROM store_clerks c JOIN stores s ON s.id = c.store_id
        WHERE c.store_id = ? AND c.member_id IN (${placeholders(members)}) AND c.state = 'active' ORDER BY c.id LIMIT 1 FOR UPDATE`,
      [storeId, ...members],
    );
    if (!row) return null;
    const { clerkId, redeemsAll, storeStatus, ...rest } = row;
    return {
      ...rest,
      clerkId: Number(clerkId),
      redeemsAll: redeemsAll === 1,
      storeStatus: textOf(storeStatus) as StoreStatus,
    };
  }

  private clerk(raw: Raw): Clerk {
    const member = memberId(raw.member_id);
    return {
      id: Number(raw.id),
      storeId: raw.store_id,
      storeName: raw.store_name,
      distributorId: raw.distributor_id,
      member,
      name: raw.name_sealed && this.sealer.open(raw.name_sealed, placeOf(raw.store_id, member)),
      state: textOf(raw.state) as ClerkState,
      askedAt: raw.asked_at,
      decidedAt: raw.decided_at,
      decidedBy: raw.decided_by,
      reason: raw.reason,
    };
  }
}

interface RawPost {
  clerkId: string;
  redeemsAll: number;
  storeStatus: Buffer;
}

function placeOf(storeId: number, member: MemberId): string {
  return sealedAt('store_clerks', 'name_sealed', `${storeId}:${member}`);
}
