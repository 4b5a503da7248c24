import { Injectable } from '@nestjs/common';
import { Database, databaseNow, textOf, type Tx } from '@app/database';
import { checkLimit, Defect, readCursor, writeCursor, type Page, type PageRequest } from '@app/kernel';
import { CHAIN_START, chainHash, type ChainEntry } from './audit-chain';

/** One privileged act. `before`, `after` and `reason` are kept as JSON; never put personal data or secrets in them. */
export interface AuditEntry {
  /** The operator; null when the system itself acted. */
  readonly actorId: number | null;
  /** `library.verb`, at most 64 bytes. */
  readonly act: string;
  /** `kind:id`, at most 96 bytes. */
  readonly object: string;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly reason?: string;
}

export interface AuditedAct {
  readonly id: number;
  readonly at: Date;
  readonly actorId: number | null;
  readonly act: string;
  readonly object: string;
  readonly details: unknown;
}

/** Whatever is given must hold. */
export interface AuditFilter {
  /** `kind:id` exactly. */
  readonly object?: string | undefined;
  readonly actorId?: number | undefined;
  /** The library whose acts are meant: `payouts` for `payouts.approve-grant`. */
  readonly area?: string | undefined;
  /** `[from, to)` */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** `brokenAt` is the first entry that does not fit; `entries` counts those that were checked. */
export type ChainVerdict =
  | { readonly intact: true; readonly entries: number }
  | { readonly intact: false; readonly entries: number; readonly brokenAt: number; readonly why: ChainBreak };
export type ChainBreak = 'missing' | 'changed' | 'cut_off';

interface Raw {
  id: string;
  at: Date;
  actor_id: number | null;
  act: Buffer;
  object: Buffer;
  details: string;
  previous_hash: Buffer;
  hash: Buffer;
}

const HEAD = 'main';
const PAGE = 1000;
const COLUMNS = 'id, at, actor_id, act, object, details, previous_hash, hash';

/** The append-only record of privileged acts, one hash chain. */
@Injectable()
export class AuditLog {
  constructor(private readonly database: Database) {}

  /**
   * Appends in the transaction of the act. It holds the chain's head until the commit, so call it as late as possible.
   */
  async append(tx: Tx, { actorId, act, object, before, after, reason }: AuditEntry): Promise<void> {
    if (Buffer.byteLength(act) > 64 || Buffer.byteLength(object) > 96)
      throw new Defect('an audit entry too long to keep');
    const [head] = await tx.query<{ last_id: string; last_hash: Buffer }>(
      'SELECT last_id, last_hash FROM audit_head WHERE name = ? FOR UPDATE',
      [HEAD],
    );
    if (!head) throw new Defect('the audit chain has no head');
    const entry: ChainEntry = {
      id: Number(head.last_id) + 1,
      at: await databaseNow(tx),
      actorId,
      act,
      object,
      details: JSON.stringify({ before, after, reason }),
    };
    const hash = chainHash(head.last_hash, entry);
    await tx.execute(`INSERT INTO audit_log (${COLUMNS}) VALUES (?,?,?,?,?,?,?,?)`, [
      entry.id,
      entry.at,
      actorId,
      act,
      object,
      entry.details,
      head.last_hash,
      hash,
    ]);
    await tx.execute('UPDATE audit_head SET last_id = ?, last_hash = ? WHERE name = ?', [entry.id, hash, HEAD]);
  }

  /** Reads the whole chain, 1,000 entries at a time, and holds it against its head. */
  async verify(): Promise<ChainVerdict> {
    // The head first: entries that are appended while we read lie beyond it.
    const [head] = await this.database.query<{ last_id: string; last_hash: Buffer }>(
      'SELECT last_id, last_hash FROM audit_head WHERE name = ?',
      [HEAD],
    );
    if (!head) throw new Defect('the audit chain has no head');
    const last = Number(head.last_id);
    let checked = 0;
    let previous: Buffer = CHAIN_START;
    while (checked < last) {
      const rows = await this.rows('id > ? AND id <= ? ORDER BY id LIMIT ?', [checked, last, PAGE]);
      if (rows.length === 0) return { intact: false, entries: checked, brokenAt: checked + 1, why: 'cut_off' };
      for (const row of rows) {
        const entry = chainEntry(row);
        const why = entry.id !== checked + 1 ? 'missing' : fits(previous, entry, row) ? null : 'changed';
        if (why) return { intact: false, entries: checked, brokenAt: checked + 1, why };
        previous = row.hash;
        checked++;
      }
    }
    if (!previous.equals(head.last_hash)) return { intact: false, entries: checked, brokenAt: checked, why: 'changed' };
    return { intact: true, entries: checked };
  }

  /** Acts, latest first. */
  async list({ limit, cursor, ...filter }: PageRequest & AuditFilter): Promise<Page<AuditedAct>> {
    checkLimit(limit);
    const before = cursor ? Number(readCursor(cursor, 1)[0]) : Number.MAX_SAFE_INTEGER;
    const conditions = [...conditionsOf(filter), ['id < ?', before] as const];
    const where = `${conditions.map(([sql]) => sql).join(' AND ')} ORDER BY id DESC LIMIT ?`;
    const rows = await this.rows(where, [...conditions.map(([, value]) => value), limit + 1]);
    const items = rows.slice(0, limit).map((row) => {
      const { details, ...entry } = chainEntry(row);
      return { ...entry, details: JSON.parse(details) as unknown };
    });
    return { items, nextCursor: rows.length > limit ? writeCursor([items.at(-1)!.id]) : null };
  }

  private rows(where: string, params: readonly (string | number | Date)[]): Promise<Raw[]> {
    return this.database.query<Raw>(`SELECT ${COLUMNS} FROM audit_log WHERE ${where}`, params);
  }
}

function conditionsOf({ object, actorId, area, from, to }: AuditFilter): (readonly [string, string | number | Date])[] {
  return [
    ...(object === undefined ? [] : [['object = ?', object] as const]),
    ...(actorId === undefined ? [] : [['actor_id = ?', actorId] as const]),
    ...(area === undefined ? [] : [["act LIKE CONCAT(?, '.%')", area] as const]),
    ...(from === undefined ? [] : [['at >= ?', from] as const]),
    ...(to === undefined ? [] : [['at < ?', to] as const]),
  ];
}

function fits(previous: Buffer, entry: ChainEntry, row: Raw): boolean {
  return row.previous_hash.equals(previous) && row.hash.equals(chainHash(previous, entry));
}

function chainEntry(row: Raw): ChainEntry {
  return {
    id: Number(row.id),
    at: row.at,
    actorId: row.actor_id,
    act: textOf(row.act),
    object: textOf(row.object),
    details: row.details,
  };
}
