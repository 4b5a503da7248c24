import { Injectable } from '@nestjs/common';
import { placeholders, type Reader, type SqlValue, textOf, type Tx } from '@app/database';
import { memberId, type MemberId } from '@app/kernel';
import type { MemberTotals } from './member-totals';
import type { TierKey, TierStanding } from './tier';

/** A member's row as the folds use it. */
export interface MemberRow {
  readonly id: MemberId;
  readonly createdAt: Date;
  readonly mergedInto: MemberId | null;
  /** The person asked to be forgotten; nothing tells any more who it was. */
  readonly erasedAt: Date | null;
  readonly standing: TierStanding;
  readonly totals: MemberTotals;
  readonly phoneBound: boolean;
  /** Follows the official account; null = WeChat never told. */
  readonly follows: boolean | null;
}

/** A row as it comes from the database. */
export interface RawMember {
  id: string;
  created_at: Date;
  merged_into: string | null;
  erased_at: Date | null;
  tier: Buffer;
  tier_until: string | null;
  scans: number;
  codes: number;
  wins: number;
  awarded_fen: string;
  received_fen: string;
  spend_fen: string;
  last_adcode: number | null;
  last_place_at: Date | null;
  last_scan_at: Date | null;
  phone_bound: number;
  follows: number | null;
}

const PLAIN_COLUMNS = [
  ...['id', 'created_at', 'merged_into', 'tier', 'scans', 'codes', 'wins', 'awarded_fen', 'received_fen', 'spend_fen'],
  ...['last_adcode', 'last_place_at', 'last_scan_at', 'phone_bound', 'follows', 'erased_at'],
];

/** The columns that `memberRow` reads, of the table or of an alias of it. */
export function memberColumns(table: string): string {
  const plain = PLAIN_COLUMNS.map((column) => `${table}.${column}`).join(', ');
  return `${plain}, DATE_FORMAT(${table}.tier_until, '%Y-%m-%d') AS tier_until`;
}

export const MEMBER_COLUMNS = memberColumns('members');

export function memberRow(raw: RawMember): MemberRow {
  return {
    id: memberId(raw.id),
    createdAt: raw.created_at,
    mergedInto: raw.merged_into === null ? null : memberId(raw.merged_into),
    erasedAt: raw.erased_at,
    standing: { tier: textOf(raw.tier) as TierKey, until: raw.tier_until },
    totals: {
      scans: raw.scans,
      codes: raw.codes,
      wins: raw.wins,
      awardedFen: Number(raw.awarded_fen),
      receivedFen: Number(raw.received_fen),
      spendFen: Number(raw.spend_fen),
      lastAdcode: raw.last_adcode,
      lastPlaceAt: raw.last_place_at,
      lastScanAt: raw.last_scan_at,
    },
    phoneBound: raw.phone_bound === 1,
    follows: raw.follows === null ? null : raw.follows === 1,
  };
}

/** The table `members`. Rows are locked in the order of their ids, so that two folds never wait for each other in a circle. */
@Injectable()
export class MembersRepository {
  async find(reader: Reader, ids: readonly MemberId[]): Promise<MemberRow[]> {
    if (ids.length === 0) return [];
    const sql = `SELECT ${MEMBER_COLUMNS} FROM members WHERE id IN (${placeholders(ids)})`;
    return (await reader.query<RawMember>(sql, ids)).map(memberRow);
  }

  async lock(tx: Tx, ids: readonly MemberId[]): Promise<MemberRow[]> {
    if (ids.length === 0) return [];
    const sorted = [...new Set(ids)].sort((a, b) => a - b);
    const sql = `SELECT ${MEMBER_COLUMNS} FROM members WHERE id IN (${placeholders(sorted)}) ORDER BY id FOR UPDATE`;
    return (await tx.query<RawMember>(sql, sorted)).map(memberRow);
  }

  /**
   * Locks the members and, where one was merged, the member that is left. Returns a map from each known id to the row that its
   * events count for. Unknown ids are missing.
   */
  async lockEffective(tx: Tx, ids: readonly MemberId[]): Promise<Map<MemberId, MemberRow>> {
    const rows = await this.lock(tx, ids);
    const byId = new Map(rows.map((row) => [row.id, row]));
    const absent = rows.flatMap(({ mergedInto }) => (mergedInto && !byId.has(mergedInto) ? [mergedInto] : []));
    for (const row of await this.lock(tx, absent)) byId.set(row.id, row);
    const effective = new Map<MemberId, MemberRow>();
    for (const { id, mergedInto } of rows) {
      const row = byId.get(mergedInto ?? id);
      if (row) effective.set(id, row);
    }
    return effective;
  }

  /** All ids whose events count for the member: itself and everybody merged into it. */
  async idsCountingFor(reader: Reader, id: MemberId): Promise<MemberId[]> {
    const rows = await reader.query<{ id: string }>('SELECT id FROM members WHERE merged_into = ?', [id]);
    return [id, ...rows.map((row) => memberId(row.id))];
  }

  /** Writes the totals of rows that the transaction holds locked. */
  async writeTotals(tx: Tx, rows: readonly { id: MemberId; createdAt: Date; totals: MemberTotals }[]): Promise<void> {
    if (rows.length === 0) return;
    const columns = [
      'scans',
      'codes',
      'wins',
      'awarded_fen',
      'received_fen',
      'spend_fen',
      'last_adcode',
      'last_place_at',
      'last_scan_at',
    ];
    const values = [...rows]
      .sort((a, b) => a.id - b.id)
      .flatMap(({ id, createdAt, totals }): SqlValue[] => [
        id,
        createdAt,
        totals.scans,
        totals.codes,
        totals.wins,
        totals.awardedFen,
        totals.receivedFen,
        totals.spendFen,
        totals.lastAdcode,
        totals.lastPlaceAt,
        totals.lastScanAt,
      ]);
    const tuple = `(${placeholders(['id', 'created_at', ...columns])})`;
    // The rows exist and are locked, so this is one multi-row UPDATE.
    await tx.execute(
      `INSERT INTO members (id, created_at, ${columns.join(', ')}) VALUES ${rows.map(() => tuple).join(',')}
       ON DUPLICATE KEY UPDATE ${columns.map((column) => `${column} = VALUES(${column})`).join(', ')}`,
      values,
    );
  }
}
