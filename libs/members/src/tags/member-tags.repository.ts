import { Injectable } from '@nestjs/common';
import { bulkInsert, databaseNow, placeholders, type Reader, textOf, type Tx } from '@app/database';
import { memberId, type MemberId } from '@app/kernel';

const BETWEEN = '\n';

/** The tags of the column `members.tags`, which `copyToRows` keeps equal to the table. */
export function tagsOfColumn(tags: Buffer | string | null): string[] {
  return tags === null ? [] : textOf(tags).split(BETWEEN);
}

/** A tag somebody has, and how many have it. */
export interface KnownTag {
  readonly tag: string;
  readonly members: number;
}

/** The table `member_tags`. Written only while the rows of the members are locked; whoever writes calls `copyToRows` after it. */
@Injectable()
export class MemberTagsRepository {
  async of(reader: Reader, member: MemberId): Promise<string[]> {
    const rows = await reader.query<{ tag: Buffer }>('SELECT tag FROM member_tags WHERE member_id = ? ORDER BY tag', [
      member,
    ]);
    return rows.map(({ tag }) => textOf(tag));
  }

  /** How many tags each member has; members without any are missing. */
  async counts(tx: Tx, members: readonly MemberId[]): Promise<Map<MemberId, number>> {
    const rows = await tx.query<{ id: string; n: string }>(
      `SELECT member_id AS id, COUNT(*) AS n FROM member_tags WHERE member_id IN (${placeholders(members)}) GROUP BY member_id`,
      members,
    );
    return new Map(rows.map(({ id, n }) => [memberId(id), Number(n)]));
  }

  /** Who of these has the tag. */
  async having(tx: Tx, tag: string, members: readonly MemberId[]): Promise<Set<MemberId>> {
    const rows = await tx.query<{ id: string }>(
      `SELECT member_id AS id FROM member_tags WHERE tag = ? AND member_id IN (${placeholders(members)})`,
      [tag, ...members],
    );
    return new Set(rows.map(({ id }) => memberId(id)));
  }

  async insert(tx: Tx, tag: string, members: readonly MemberId[], by: number | null): Promise<void> {
    const at = await databaseNow(tx);
    const rows = members.map((member) => [member, tag, by, at]);
    await bulkInsert(tx, 'member_tags', ['member_id', 'tag', 'added_by', 'added_at'], rows);
  }

  /** Returns how many had it. */
  async remove(tx: Tx, tag: string, members: readonly MemberId[]): Promise<number> {
    const sql = `DELETE FROM member_tags WHERE tag = ? AND member_id IN (${placeholders(members)})`;
    return (await tx.execute(sql, [tag, ...members])).affectedRows;
  }

  /** Writes the tags of members into their rows, where scans read them. */
  async copyToRows(tx: Tx, members: readonly MemberId[]): Promise<void> {
    await tx.execute(
      `UPDATE members m SET m.tags = (SELECT GROUP_CONCAT(t.tag ORDER BY t.tag SEPARATOR '${BETWEEN}') FROM member_tags t
          WHERE t.member_id = m.id)
        WHERE m.id IN (${placeholders(members)})`,
      members,
    );
  }

  /** Forgets what people wrote on a member. */
  async forget(tx: Tx, member: MemberId): Promise<void> {
    await tx.execute('DELETE FROM member_tags WHERE member_id = ?', [member]);
  }

  /** The tags of a member that goes become those of the member that is left. Both rows are locked. */
  async move(tx: Tx, from: MemberId, to: MemberId): Promise<void> {
    await tx.execute(
      `INSERT INTO member_tags (member_id, tag, added_by, added_at)
       SELECT ?, g.tag, g.added_by, g.added_at FROM member_tags g
         LEFT JOIN member_tags l ON l.member_id = ? AND l.tag = g.tag
        WHERE g.member_id = ? AND l.tag IS NULL`,
      [to, to, from],
    );
    await tx.execute('DELETE FROM member_tags WHERE member_id = ?', [from]);
    await this.copyToRows(tx, [from, to]);
  }

  /** Tags after `after` in byte order. */
  async known(reader: Reader, after: string, limit: number): Promise<KnownTag[]> {
    const rows = await reader.query<{ tag: Buffer; n: string }>(
      'SELECT tag, COUNT(*) AS n FROM member_tags WHERE tag > ? GROUP BY tag ORDER BY tag LIMIT ?',
      [after, limit],
    );
    return rows.map(({ tag, n }) => ({ tag: textOf(tag), members: Number(n) }));
  }
}
