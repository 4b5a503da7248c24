import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { placeholders, sealedAt, Sealer, textOf, type Reader, type SqlValue, type Tx } from '@app/database';
import { memberId, type MemberId } from '@app/kernel';
import type { ComplaintKind, ComplaintState } from './complaint-state';
import type { Photo } from './photo';

export interface ComplaintRow {
  readonly id: number;
  readonly member: MemberId;
  /** `memberId-scanId`; null when it is about no scan. */
  readonly scan: string | null;
  readonly kind: ComplaintKind;
  readonly state: ComplaintState;
  readonly messages: number;
  readonly photos: number;
  readonly openedAt: Date;
  readonly changedAt: Date;
  readonly handledBy: string | null;
}

export interface ComplaintMessage {
  /** Null = the member. */
  readonly operatorId: number | null;
  readonly operatorName: string | null;
  readonly text: string;
  readonly at: Date;
}

interface Raw {
  id: number;
  member_id: string;
  scan_member_id: string | null;
  scan_id: Buffer | null;
  kind: Buffer;
  state: Buffer;
  messages: number;
  photos: number;
  opened_at: Date;
  changed_at: Date;
  handled_by: string | null;
}

const SELECT = `SELECT c.id, c.member_id, c.scan_member_id, c.scan_id, c.kind, c.state, c.messages, c.photos, c.opened_at, c.changed_at,
    o.name AS handled_by FROM complaints c LEFT JOIN operators o ON o.id = c.handled_by`;

/** The tables `complaints`, `complaint_messages` and `complaint_photos`. Words are sealed: people write down more than they should. */
@Injectable()
export class ComplaintsRepository {
  private readonly sealer: Sealer;

  constructor(@Inject(CONFIG) config: Config) {
    this.sealer = Sealer.fromConfig(config);
  }

  /** Throws a duplicate key error on `uq_complaints_request`. */
  async insert(
    tx: Tx,
    complaint: {
      member: MemberId;
      requestId: string;
      scan: { member: MemberId; scanId: string } | null;
      kind: ComplaintKind;
      at: Date;
    },
  ): Promise<number> {
    const { member, requestId, scan, kind, at } = complaint;
    const { insertId } = await tx.execute(
      `INSERT INTO complaints (member_id, request_id, scan_member_id, scan_id, kind, state, opened_at, changed_at)
       VALUES (?, ?, ?, ?, ?, 'open', ?, ?)`,
      [member, requestId, scan?.member ?? null, scan?.scanId ?? null, kind, at, at],
    );
    return insertId;
  }

  async ofRequest(reader: Reader, member: MemberId, requestId: string): Promise<number | null> {
    const [row] = await reader.query<{ id: number }>(
      'SELECT id FROM complaints WHERE member_id = ? AND request_id = ?',
      [member, requestId],
    );
    return row?.id ?? null;
  }

  async openedSince(reader: Reader, members: readonly MemberId[], from: Date): Promise<number> {
    const [row] = await reader.query<{ n: string }>(
      `SELECT COUNT(*) AS n FROM complaints WHERE member_id IN (${placeholders(members)}) AND opened_at >= ?`,
      [...members, from],
    );
    return Number(row!.n);
  }

  async find(reader: Reader, id: number): Promise<ComplaintRow | null> {
    const [raw] = await reader.query<Raw>(`${SELECT} WHERE c.id = ?`, [id]);
    return raw ? rowOf(raw) : null;
  }

  /** Everything that is written about one complaint follows each other behind this lock. */
  async lock(tx: Tx, id: number): Promise<ComplaintRow | null> {
    const [found] = await tx.query('SELECT id FROM complaints WHERE id = ? FOR UPDATE', [id]);
    return found ? this.find(tx, id) : null;
  }

  /** Newest first. */
  async page(
    reader: Reader,
    filter: { state?: ComplaintState | undefined; members?: readonly MemberId[] | undefined },
    before: number,
    limit: number,
  ): Promise<ComplaintRow[]> {
    const where = ['c.id < ?'];
    const params: SqlValue[] = [before];
    if (filter.state) {
      where.push('c.state = ?');
      params.push(filter.state);
    }
    if (filter.members) {
      where.push(`c.member_id IN (${placeholders(filter.members)})`);
      params.push(...filter.members);
    }
    const sql = `${SELECT} WHERE ${where.join(' AND ')} ORDER BY c.id DESC LIMIT ?`;
    return (await reader.query<Raw>(sql, [...params, limit])).map(rowOf);
  }

  /** The first message of each, by complaint. */
  async beginnings(reader: Reader, ids: readonly number[]): Promise<Map<number, string>> {
    if (ids.length === 0) return new Map();
    const rows = await reader.query<{ id: number; sealed: Buffer }>(
      `SELECT complaint_id AS id, text_sealed AS sealed FROM complaint_messages
        WHERE position = 0 AND complaint_id IN (${placeholders(ids)})`,
      ids,
    );
    return new Map(rows.map(({ id, sealed }) => [id, this.sealer.open(sealed, placeOf(id, 0))]));
  }

  async messages(reader: Reader, id: number): Promise<ComplaintMessage[]> {
    const rows = await reader.query<{
      position: number;
      operatorId: number | null;
      operatorName: string | null;
      sealed: Buffer;
      at: Date;
    }>(
      `SELECT m.position, m.operator_id AS operatorId, o.name AS operatorName, m.text_sealed AS sealed, m.at
         FROM complaint_messages m LEFT JOIN operators o ON o.id = m.operator_id
        WHERE m.complaint_id = ? ORDER BY m.position`,
      [id],
    );
    return rows.map(({ position, sealed, ...row }) => ({
      ...row,
      text: this.sealer.open(sealed, placeOf(id, position)),
    }));
  }

  /** Adds a message and moves the state; the row is locked. */
  async write(
    tx: Tx,
    { id, messages }: Pick<ComplaintRow, 'id' | 'messages'>,
    message: { operatorId: number | null; text: string; state: ComplaintState; at: Date },
  ): Promise<void> {
    const { operatorId, text, state, at } = message;
    await tx.execute(
      'INSERT INTO complaint_messages (complaint_id, position, operator_id, text_sealed, at) VALUES (?, ?, ?, ?, ?)',
      [id, messages, operatorId, this.sealer.seal(text, placeOf(id, messages)), at],
    );
    await tx.execute(
      `UPDATE complaints SET state = ?, messages = messages + 1, changed_at = ?, handled_by = COALESCE(?, handled_by) WHERE id = ?`,
      [state, at, operatorId, id],
    );
  }

  async close(tx: Tx, id: number, operatorId: number): Promise<void> {
    await tx.execute(
      "UPDATE complaints SET state = 'closed', changed_at = UTC_TIMESTAMP(6), handled_by = ? WHERE id = ?",
      [operatorId, id],
    );
  }

  /** Adds a photo; the row is locked. */
  async addPhoto(tx: Tx, { id, photos }: Pick<ComplaintRow, 'id' | 'photos'>, photo: Photo, at: Date): Promise<void> {
    await tx.execute('INSERT INTO complaint_photos (complaint_id, position, media, bytes, at) VALUES (?, ?, ?, ?, ?)', [
      ...[id, photos, photo.media, photo.bytes, at],
    ]);
    await tx.execute('UPDATE complaints SET photos = photos + 1 WHERE id = ?', [id]);
  }

  async hasPhoto(reader: Reader, id: number, { bytes }: Photo): Promise<boolean> {
    const rows = await reader.query('SELECT position FROM complaint_photos WHERE complaint_id = ? AND bytes = ?', [
      id,
      bytes,
    ]);
    return rows.length > 0;
  }

  async countsOf(
    reader: Reader,
    members: readonly MemberId[],
  ): Promise<{ complaints: number; open: number; photos: number }> {
    const [row] = await reader.query<{ n: string; open: string | null; photos: string | null }>(
      `SELECT COUNT(*) AS n, SUM(state <> 'closed') AS open, SUM(photos) AS photos FROM complaints
        WHERE member_id IN (${placeholders(members)})`,
      members,
    );
    return { complaints: Number(row!.n), open: Number(row!.open ?? 0), photos: Number(row!.photos ?? 0) };
  }

  /** Words and photos of these members' complaints go; the complaints are closed. */
  async forget(tx: Tx, members: readonly MemberId[], at: Date): Promise<void> {
    const rows = await tx.query<{ id: number }>(
      `SELECT id FROM complaints WHERE member_id IN (${placeholders(members)}) ORDER BY id FOR UPDATE`,
      members,
    );
    if (rows.length === 0) return;
    const ids = rows.map(({ id }) => id);
    await tx.execute(`DELETE FROM complaint_photos WHERE complaint_id IN (${placeholders(ids)})`, ids);
    await tx.execute(`DELETE FROM complaint_messages WHERE complaint_id IN (${placeholders(ids)})`, ids);
    await tx.execute(
      `UPDATE complaints SET changed_at = IF(state = 'closed', changed_at, ?), state = 'closed', photos = 0 WHERE id IN (${placeholders(ids)})`,
      [at, ...ids],
    );
  }

  async photo(reader: Reader, id: number, position: number): Promise<Photo | null> {
    const [row] = await reader.query<{ media: Buffer; bytes: Buffer }>(
      'SELECT media, bytes FROM complaint_photos WHERE complaint_id = ? AND position = ?',
      [id, position],
    );
    return row ? { media: textOf(row.media) as Photo['media'], bytes: row.bytes } : null;
  }
}

function placeOf(id: number, position: number): string {
  return sealedAt('complaint_messages', 'text_sealed', `${id}:${position}`);
}

function rowOf(raw: Raw): ComplaintRow {
  return {
    id: raw.id,
    member: memberId(raw.member_id),
    scan: raw.scan_id === null ? null : `${raw.scan_member_id}-${textOf(raw.scan_id)}`,
    kind: textOf(raw.kind) as ComplaintKind,
    state: textOf(raw.state) as ComplaintState,
    messages: raw.messages,
    photos: raw.photos,
    openedAt: raw.opened_at,
    changedAt: raw.changed_at,
    handledBy: raw.handled_by,
  };
}
