import { Injectable } from '@nestjs/common';
import { Rejected } from '@app/kernel';
import { bulkInsert, isDuplicate, textOf, type Reader, type SqlValue, type Tx } from '@app/database';
import { honeyTo, type PackFile, type PackPlan } from './pack-files';
import type { ArchivedFile } from './pack-archive';

export const PACK_STATES = ['requested', 'approved', 'refused', 'withdrawn'] as const;
export type PackState = (typeof PACK_STATES)[number];

/** `zip`: AES-256, the password goes another way. `csv`: as it is, for a machine that takes nothing else. */
export const PACK_FORMS = ['zip', 'csv'] as const;
export type PackForm = (typeof PACK_FORMS)[number];

/** A range of codes for one printing house. Nothing of it changes after it was asked for, so an approval is of exactly this. */
export interface CodePack extends Omit<PackPlan, 'honeyFrom'> {
  readonly id: number;
  readonly batchId: number;
  readonly batchName: string;
  readonly layer: number;
  readonly withSerial: boolean;
  readonly form: PackForm;
  readonly receiver: string;
  readonly note: string;
  readonly state: PackState;
  readonly requestedBy: { readonly id: number; readonly name: string };
  readonly requestedAt: Date;
  readonly decidedBy: { readonly id: number; readonly name: string } | null;
  readonly decidedAt: Date | null;
  readonly decisionNote: string | null;
  /** Of an approved one: downloads end then. */
  readonly usableUntil: Date | null;
  readonly downloads: number;
  /** SHA-256 over its files one after the other, hexadecimal; known once it was downloaded as a zip. */
  readonly sha256: string | null;
}

interface Row {
  id: number;
  batchId: number;
  batchName: string;
  layer: number;
  from: number;
  to: number;
  withSerial: number;
  rollSize: number | null;
  firstRoll: number;
  honeyPerFile: number;
  form: Buffer;
  receiver: string;
  note: string;
  state: Buffer;
  requestedBy: number;
  requesterName: string | null;
  requestedAt: Date;
  decidedBy: number | null;
  deciderName: string | null;
  decidedAt: Date | null;
  decisionNote: string | null;
  usableUntil: Date | null;
  downloads: number;
  sha256: string | null;
}

const SELECT = `SELECT k.id, k.batch_id AS batchId, b.name AS batchName, k.layer, k.serial_from AS \`from\`, k.serial_to AS \`to\`,
    k.with_serial AS withSerial, k.roll_size AS rollSize, k.first_roll AS firstRoll, k.honey_per_file AS honeyPerFile, k.form, k.receiver, k.note, k.state, k.requested_by AS requestedBy, q.name AS requesterName,
    k.requested_at AS requestedAt, k.decided_by AS decidedBy, d.name AS deciderName, k.decided_at AS decidedAt,
    k.decision_note AS decisionNote, k.usable_until AS usableUntil, k.downloads, HEX(k.content_sha256) AS sha256
  FROM code_packs k JOIN code_batches b ON b.id = k.batch_id
    LEFT JOIN operators q ON q.id = k.requested_by LEFT JOIN operators d ON d.id = k.decided_by`;

export interface NewPack extends PackPlan {
  readonly batchId: number;
  readonly layer: number;
  readonly withSerial: boolean;
  readonly form: PackForm;
  readonly receiver: string;
  readonly note: string;
}

/** The tables `code_packs` and `code_pack_files`. */
@Injectable()
export class CodePacksRepository {
  async insert(tx: Tx, pack: NewPack, by: number): Promise<number> {
    const { batchId, layer, from, to, withSerial, form, receiver, note } = pack;
    const { insertId } = await tx.execute(
      `INSERT INTO code_packs (batch_id, layer, serial_from, serial_to, with_serial, form, receiver, note, roll_size, first_roll,
                               honey_per_file, honey_from, honey_to, state, requested_by, requested_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'requested', ?, UTC_TIMESTAMP(6))`,
      [
        ...[batchId, layer, from, to, withSerial ? 1 : 0, form, receiver, note],
        ...[pack.rollSize, pack.firstRoll, pack.honeyPerFile, pack.honeyFrom, honeyTo(pack), by],
      ],
    );
    return insertId;
  }

  /** How the files of a pack are cut; null for none. */
  async plan(reader: Reader, id: number): Promise<PackPlan | null> {
    const [row] = await reader.query<PackPlan>(
      `SELECT serial_from AS \`from\`, serial_to AS \`to\`, roll_size AS rollSize, first_roll AS firstRoll,
              honey_per_file AS honeyPerFile, honey_from AS honeyFrom FROM code_packs WHERE id = ?`,
      [id],
    );
    return row ?? null;
  }

  async find(reader: Reader, id: number): Promise<CodePack | null> {
    const [row] = await reader.query<Row>(`${SELECT} WHERE k.id = ?`, [id]);
    return row ? packOf(row) : null;
  }

  /** Newest first. */
  async page(
    reader: Reader,
    { batchId, state }: { batchId?: number | undefined; state?: PackState | undefined },
    before: number,
    limit: number,
  ): Promise<CodePack[]> {
    const where = ['k.id < ?'];
    const params: SqlValue[] = [before];
    if (batchId !== undefined) {
      where.push('k.batch_id = ?');
      params.push(batchId);
    }
    if (state !== undefined) {
      where.push('k.state = ?');
      params.push(state);
    }
    const rows = await reader.query<Row>(`${SELECT} WHERE ${where.join(' AND ')} ORDER BY k.id DESC LIMIT ?`, [
      ...params,
      limit,
    ]);
    return rows.map(packOf);
  }

  /** False when it was decided before. */
  async decide(
    tx: Tx,
    id: number,
    decision: {
      state: Exclude<PackState, 'requested'>;
      by: number;
      note: string;
      usableDays: number | null;
      passwordSealed: Buffer | null;
    },
  ): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `UPDATE code_packs SET state = ?, decided_by = ?, decided_at = UTC_TIMESTAMP(6), decision_note = ?,
              usable_until = UTC_TIMESTAMP(6) + INTERVAL ? DAY, password_sealed = ?
        WHERE id = ? AND state = 'requested'`,
      [decision.state, decision.by, decision.note, decision.usableDays, decision.passwordSealed, id],
    );
    return affectedRows === 1;
  }

  /** Null for a pack that has none. */
  async passwordSealed(reader: Reader, id: number): Promise<Buffer | null> {
    const [row] = await reader.query<{ sealed: Buffer | null }>(
      'SELECT password_sealed AS sealed FROM code_packs WHERE id = ?',
      [id],
    );
    return row?.sealed ?? null;
  }

  /** Codes are computed: every download has the same content. */
  async keepChecksum(tx: Tx, id: number, sha256: string): Promise<void> {
    await tx.execute('UPDATE code_packs SET content_sha256 = UNHEX(?) WHERE id = ? AND content_sha256 IS NULL', [
      sha256,
      id,
    ]);
  }

  /** The same for the files of a pack that is cut into rolls. False when another download has told them meanwhile. */
  async keepFiles(tx: Tx, id: number, files: readonly (ArchivedFile & { readonly roll: number })[]): Promise<boolean> {
    const rows = files.map(({ roll, bytes, sha256 }) => [id, roll, bytes, Buffer.from(sha256, 'hex')]);
    try {
      await bulkInsert(tx, 'code_pack_files', ['pack_id', 'roll_no', 'bytes', 'sha256'], rows);
      return true;
    } catch (error) {
      if (!isDuplicate(error, 'PRIMARY')) throw error;
      return false;
    }
  }

  /** SHA-256 by roll, hexadecimal, of those that were downloaded. */
  async checksums(reader: Reader, id: number, rolls: readonly PackFile[]): Promise<Map<number, string>> {
    const numbers = rolls.flatMap(({ roll }) => roll ?? []);
    if (numbers.length === 0) return new Map();
    const rows = await reader.query<{ roll: number; sha256: Buffer }>(
      'SELECT roll_no AS roll, sha256 FROM code_pack_files WHERE pack_id = ? AND roll_no >= ? AND roll_no <= ?',
      [id, numbers[0]!, numbers.at(-1)!],
    );
    return new Map(rows.map(({ roll, sha256 }) => [roll, sha256.toString('hex')]));
  }

  /** Counts one download of an approved pack; false when its time or its downloads are used up. */
  async take(tx: Tx, id: number, most: number): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `UPDATE code_packs SET downloads = downloads + 1
        WHERE id = ? AND state = 'approved' AND downloads < ? AND usable_until > UTC_TIMESTAMP(6)`,
      [id, most],
    );
    return affectedRows === 1;
  }
}

function packOf({ requesterName, deciderName, requestedBy, decidedBy, state, form, sha256, ...row }: Row): CodePack {
  return {
    ...row,
    withSerial: row.withSerial === 1,
    form: textOf(form) as PackForm,
    sha256: sha256?.toLowerCase() ?? null,
    state: textOf(state) as PackState,
    requestedBy: { id: requestedBy, name: requesterName ?? `账号 ${requestedBy}` },
    decidedBy: decidedBy === null ? null : { id: decidedBy, name: deciderName ?? `账号 ${decidedBy}` },
  };
}

export function noSuchPack(): Rejected {
  return new Rejected('no_such_pack', '没有这个码包', 404);
}
