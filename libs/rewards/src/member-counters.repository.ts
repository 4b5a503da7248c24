import { Injectable } from '@nestjs/common';
import { placeholders, type Tx } from '@app/database';
import type { MemberId } from '@app/kernel';
import { MemberCounts } from './member-counts';

const EMPTY = MemberCounts.none.toText();

/** One row per member: the lock that puts the scans of one member in line, whatever they count. */
@Injectable()
export class MemberCounters {
  /** Locks the members' rows in the order of their ids, making missing ones, and reads them. */
  async lock(tx: Tx, members: Iterable<MemberId>): Promise<Map<MemberId, MemberCounts>> {
    const ids = [...new Set(members)].sort((one, other) => one - other);
    if (ids.length === 0) return new Map();
    await tx.execute(
      `INSERT INTO member_counters (member_id, counts) VALUES ${ids.map(() => '(?, ?)').join(',')}
       ON DUPLICATE KEY UPDATE member_id = VALUES(member_id)`,
      ids.flatMap((id) => [id, EMPTY]),
    );
    const rows = await tx.query<{ member_id: string; counts: string }>(
      `SELECT member_id, counts FROM member_counters WHERE member_id IN (${placeholders(ids)})`,
      ids,
    );
    return new Map(rows.map((row) => [Number(row.member_id) as MemberId, MemberCounts.fromText(row.counts)]));
  }

  /** Writes rows that `lock` holds. */
  async save(tx: Tx, changed: ReadonlyMap<MemberId, MemberCounts>): Promise<void> {
    if (changed.size === 0) return;
    const rows = [...changed].sort(([one], [other]) => one - other);
    await tx.execute(
      `INSERT INTO member_counters (member_id, counts) VALUES ${rows.map(() => '(?, ?)').join(',')}
       ON DUPLICATE KEY UPDATE counts = VALUES(counts)`,
      rows.flatMap(([id, counts]) => [id, counts.toText()]),
    );
  }
}
