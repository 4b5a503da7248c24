import { Injectable } from '@nestjs/common';
import type { Condition } from '@app/conditions';
import { bulkInsert, databaseNow, placeholders, type Reader, type SqlValue, textOf, type Tx } from '@app/database';
import { memberId, type MemberId } from '@app/kernel';
import type { Audience, AudienceKind } from './audience';

interface Raw {
  id: number;
  name: string;
  kind: Buffer;
  rule_tree: string | null;
  note: string;
  version: number;
  archived: number;
  created_by: number | null;
  created_at: Date;
  updated_at: Date;
}

const COLUMNS = 'id, name, kind, rule_tree, note, version, archived, created_by, created_at, updated_at';

function audience(raw: Raw): Audience {
  return {
    id: raw.id,
    name: raw.name,
    kind: textOf(raw.kind) as AudienceKind,
    condition: raw.rule_tree === null ? null : (JSON.parse(raw.rule_tree) as Condition),
    note: raw.note,
    version: raw.version,
    archived: raw.archived === 1,
    createdBy: raw.created_by,
    createdAt: raw.created_at,
    updatedAt: raw.updated_at,
  };
}

/** What an audience is made of, once it was checked. */
export interface AudienceDefinition {
  readonly name: string;
  readonly note: string;
  readonly condition: Condition | null;
}

/** The tables `audiences` and `audience_members`. */
@Injectable()
export class AudiencesRepository {
  async find(reader: Reader, id: number): Promise<Audience | null> {
    const [raw] = await reader.query<Raw>(`SELECT ${COLUMNS} FROM audiences WHERE id = ?`, [id]);
    return raw ? audience(raw) : null;
  }

  /** Locks the definition, so that changes of one audience follow each other. */
  async lock(tx: Tx, id: number): Promise<Audience | null> {
    const [raw] = await tx.query<Raw>(`SELECT ${COLUMNS} FROM audiences WHERE id = ? FOR UPDATE`, [id]);
    return raw ? audience(raw) : null;
  }

  async page(reader: Reader, archived: boolean, afterId: number, limit: number): Promise<Audience[]> {
    const rows = await reader.query<Raw>(
      `SELECT ${COLUMNS} FROM audiences WHERE archived = ? AND id > ? ORDER BY id LIMIT ?`,
      [archived, afterId, limit],
    );
    return rows.map(audience);
  }

  /** Definitions as text, for compiling. */
  async trees(
    reader: Reader,
    ids: readonly number[],
  ): Promise<{ id: number; version: number; kind: AudienceKind; tree: string | null }[]> {
    const rows = await reader.query<Pick<Raw, 'id' | 'version' | 'kind' | 'rule_tree'>>(
      `SELECT id, version, kind, rule_tree FROM audiences WHERE id IN (${placeholders(ids)})`,
      ids,
    );
    return rows.map(({ id, version, kind, rule_tree }) => ({
      ...{ id, version, kind: textOf(kind) as AudienceKind, tree: rule_tree },
    }));
  }

  async countOpen(tx: Tx): Promise<number> {
    const [row] = await tx.query<{ n: string }>('SELECT COUNT(*) AS n FROM audiences WHERE archived = 0');
    return Number(row!.n);
  }

  /** Throws a duplicate key error (`uq_audiences_name`) for a name that is taken. */
  async insert(tx: Tx, { name, note, condition }: AudienceDefinition, by: number | null): Promise<number> {
    const tree = condition === null ? null : JSON.stringify(condition);
    const { insertId } = await tx.execute(
      `INSERT INTO audiences (name, kind, rule_tree, note, created_by, created_at, updated_at)
       VALUES (?,?,?,?,?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [name, condition === null ? 'list' : 'rule', tree, note, by],
    );
    return insertId;
  }

  /** False when `version` is not the current one. Throws a duplicate key error for a name that is taken. */
  async change(
    tx: Tx,
    id: number,
    version: number,
    { name, note, condition, archived }: AudienceDefinition & { readonly archived: boolean },
  ): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `UPDATE audiences SET name = ?, note = ?, rule_tree = ?, archived = ?, version = version + 1, updated_at = UTC_TIMESTAMP(6)
        WHERE id = ? AND version = ?`,
      [name, note, condition === null ? null : JSON.stringify(condition), archived, id, version],
    );
    return affectedRows === 1;
  }

  async listed(reader: Reader, audienceId: number): Promise<number> {
    const [row] = await reader.query<{ n: string }>(
      'SELECT COUNT(*) AS n FROM audience_members WHERE audience_id = ?',
      [audienceId],
    );
    return Number(row!.n);
  }

  /** Which of the lists each of the members stands in. */
  async listsOf(
    reader: Reader,
    members: readonly MemberId[],
    audienceIds: readonly number[],
  ): Promise<Map<MemberId, number[]>> {
    const rows = await reader.query<{ member_id: string; audience_id: number }>(
      `SELECT member_id, audience_id FROM audience_members
        WHERE member_id IN (${placeholders(members)}) AND audience_id IN (${placeholders(audienceIds)})`,
      [...members, ...audienceIds],
    );
    const lists = new Map<MemberId, number[]>();
    for (const { member_id, audience_id } of rows) {
      const id = memberId(member_id);
      lists.set(id, [...(lists.get(id) ?? []), audience_id]);
    }
    return lists;
  }

  /** Members of a list after `afterId`, by id. */
  async listedPage(reader: Reader, audienceId: number, afterId: number, limit: number): Promise<MemberId[]> {
    const rows = await reader.query<{ id: string }>(
      'SELECT member_id AS id FROM audience_members WHERE audience_id = ? AND member_id > ? ORDER BY member_id LIMIT ?',
      [audienceId, afterId, limit],
    );
    return rows.map(({ id }) => memberId(id));
  }

  async addListed(tx: Tx, audienceId: number, members: readonly MemberId[]): Promise<void> {
    const at = await databaseNow(tx);
    const rows = members.map((member): SqlValue[] => [member, audienceId, at]);
    await bulkInsert(tx, 'audience_members', ['member_id', 'audience_id', 'added_at'], rows);
  }

  async removeListed(tx: Tx, audienceId: number, members: readonly MemberId[]): Promise<number> {
    const sql = `DELETE FROM audience_members WHERE audience_id = ? AND member_id IN (${placeholders(members)})`;
    return (await tx.execute(sql, [audienceId, ...members])).affectedRows;
  }

  /** Takes a member off every list. */
  async forgetListed(tx: Tx, member: MemberId): Promise<void> {
    await tx.execute('DELETE FROM audience_members WHERE member_id = ?', [member]);
  }

  /** The lists of a member that goes become those of the member that is left. Both rows are locked. */
  async moveListed(tx: Tx, from: MemberId, to: MemberId): Promise<void> {
    await tx.execute(
      `INSERT INTO audience_members (member_id, audience_id, added_at)
       SELECT ?, g.audience_id, g.added_at FROM audience_members g
         LEFT JOIN audience_members l ON l.member_id = ? AND l.audience_id = g.audience_id
        WHERE g.member_id = ? AND l.audience_id IS NULL`,
      [to, to, from],
    );
    await tx.execute('DELETE FROM audience_members WHERE member_id = ?', [from]);
  }
}
