import { Injectable } from '@nestjs/common';
import { bulkInsert, bulkUpsert, placeholders, type SqlValue, type Tx } from '@app/database';
import type { MemberId } from '@app/kernel';
import { MemberCounts } from './member-counts';

const COLUMNS = ['member_id', 'counts'];

/** One row per member: the lock that puts the scans of one member in line, whatever they count. */
@Injectable()
export class MemberCounters {
  /**
   * Locks the members' rows in the order of their ids and reads them. Members without a row are missing: `add` makes it, and fails on
   * the primary key when somebody else did meanwhile.
   */
  async lock(tx: Tx, members: Iterable<MemberId>): Promise<Map<MemberId, MemberCounts>> {
    const ids = [...new Set(members)].sort((one, other) => one - other);
    if (ids.length === 0) return new Map();
    const rows = await tx.query<{ member_id: string; counts: string }>(
      `SELECT member_id, counts FROM member_counters WHERE member_id IN (${placeholders(ids)}) ORDER BY member_id FOR UPDATE`,
      ids,
    );
    return new Map(rows.map((row) => [Number(row.member_id) as MemberId, MemberCounts.fromText(row.counts)]));
  }

  /** Writes rows of members that had none. */
  async add(tx: Tx, counts: ReadonlyMap<MemberId, MemberCounts>): Promise<void> {
    await bulkInsert(tx, 'member_counters', COLUMNS, rowsOf(counts));
  }

  /** Writes rows that `lock` holds. */
  async save(tx: Tx, counts: ReadonlyMap<MemberId, MemberCounts>): Promise<void> {
    await bulkUpsert(tx, 'member_counters', COLUMNS, rowsOf(counts), { update: ['counts'] });
  }
}

function rowsOf(counts: ReadonlyMap<MemberId, MemberCounts>): SqlValue[][] {
  return [...counts].sort(([one], [other]) => one - other).map(([id, text]) => [id, text.toText()]);
}
