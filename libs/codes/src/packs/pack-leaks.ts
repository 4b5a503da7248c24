import { Inject, Injectable } from '@nestjs/common';
import { Database, isDuplicate, textOf, type SqlValue, type Tx } from '@app/database';
import { readCursor, Rejected, writeCursor, type CodeTriple, type MemberId, type Page, type ScanId } from '@app/kernel';
import { LOGGER, type Logger } from '@app/observability';
import { AuditLog, type Operator } from '@app/staff';
import { CodePacksRepository, noSuchPack, type PackState } from './code-packs.repository';
import { fileOfHoney } from './pack-files';

/** A scan of a honey code, as it was recorded. */
export interface HoneyScan {
  readonly member: MemberId;
  readonly scanId: ScanId;
  readonly code: CodeTriple;
  readonly at: Date;
  /** Null = unknown place. */
  readonly adcode: number | null;
}

/** 泄露: a pack whose honey codes were scanned. */
export interface PackLeak {
  readonly packId: number;
  readonly batchId: number;
  readonly batchName: string;
  readonly layer: number;
  readonly from: number;
  readonly to: number;
  readonly receiver: string;
  readonly state: PackState;
  readonly downloads: number;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly scans: number;
  readonly members: number;
  /** Distinct honey codes, and the rolls they stand on, ascending, at most 12; empty for a pack that is not cut. */
  readonly codes: number;
  readonly rolls: readonly number[];
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** Somebody looked into it, and no scan was recorded since. */
  readonly closed: { readonly at: Date; readonly by: string; readonly note: string } | null;
}

export interface LeakScan {
  /** Of the scan, as lists of scans have it. */
  readonly id: string;
  readonly memberId: number;
  readonly roll: number | null;
  readonly at: Date;
  readonly adcode: number | null;
}

interface Row {
  packId: number;
  batchId: number;
  batchName: string;
  layer: number;
  from: number;
  to: number;
  receiver: string;
  state: Buffer;
  downloads: number;
  requestedBy: string | null;
  requestedAt: Date;
  scans: number;
  firstAt: Date;
  lastAt: Date;
  closedAt: Date | null;
  closedBy: string | null;
  closeNote: string | null;
}

const SELECT = `SELECT l.pack_id AS packId, k.batch_id AS batchId, b.name AS batchName, k.layer, k.serial_from AS \`from\`,
    k.serial_to AS \`to\`, k.receiver, k.state, k.downloads, q.name AS requestedBy, k.requested_at AS requestedAt, l.scans,
    l.first_at AS firstAt, l.last_at AS lastAt, l.closed_at AS closedAt, c.name AS closedBy, l.close_note AS closeNote
  FROM pack_leaks l JOIN code_packs k ON k.id = l.pack_id JOIN code_batches b ON b.id = k.batch_id
    LEFT JOIN operators q ON q.id = k.requested_by LEFT JOIN operators c ON c.id = l.closed_by`;
const SHOWN_ROLLS = 12;
const MOST_SERIALS = 10_000;

/** Packs whose honey codes were scanned: who has got the file, since when and where. */
@Injectable()
export class PackLeaks {
  constructor(
    @Inject(LOGGER) private readonly log: Logger,
    private readonly database: Database,
    private readonly packs: CodePacksRepository,
    private readonly audit: AuditLog,
  ) {}

  /** Writes down scans of honey codes; others, and those it has, are passed over. The first of a pack goes into the audit log. */
  async record(tx: Tx, scans: readonly HoneyScan[]): Promise<void> {
    const leaked: { packId: number; receiver: string; scan: HoneyScan }[] = [];
    for (const scan of scans) {
      const pack = await packOf(tx, scan.code);
      if (!pack || !(await insertScan(tx, pack.id, scan))) continue;
      this.log.error({ pack: pack.id, scanId: scan.scanId, at: scan.at }, 'a honey code was scanned');
      if (await raise(tx, pack.id, scan.at)) leaked.push({ packId: pack.id, receiver: pack.receiver, scan });
    }
    // The chain's head is held to the commit: last.
    for (const { packId, receiver, scan } of leaked) {
      const after = { receiver, scan: `${scan.member}-${scan.scanId}`, adcode: scan.adcode };
      await this.audit.append(tx, { actorId: null, act: 'codes.pack-leaked', object: `code-pack:${packId}`, after });
    }
  }

  /** Latest first. */
  async page(query: { limit: number; cursor?: string | null; closed?: boolean }): Promise<Page<PackLeak>> {
    const where = query.closed === undefined ? [] : [`l.closed_at IS ${query.closed ? 'NOT ' : ''}NULL`];
    const params: SqlValue[] = [];
    if (query.cursor) {
      const [at, id] = readCursor(query.cursor, 2);
      where.push('(l.last_at, l.pack_id) < (?, ?)');
      params.push(new Date(String(at)), Number(id));
    }
    const rows = await this.database.query<Row>(
      `${SELECT} ${where.length ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY l.last_at DESC, l.pack_id DESC LIMIT ?`,
      [...params, query.limit + 1],
    );
    const items: PackLeak[] = [];
    for (const row of rows.slice(0, query.limit)) items.push(await this.whole(row));
    const last = rows.length > query.limit ? items.at(-1)! : null;
    return { items, nextCursor: last && writeCursor([last.lastAt.toISOString(), last.packId]) };
  }

  /** The scans of one, latest first. Rejected 404. */
  async scans(packId: number, query: { limit: number; cursor?: string | null }): Promise<Page<LeakScan>> {
    const plan = await this.packs.plan(this.database, packId);
    if (!plan) throw noSuchPack();
    const [at, member, scan] = query.cursor ? readCursor(query.cursor, 3) : [];
    const before = query.cursor ? 'AND (at, member_id, scan_id) < (?, ?, ?)' : '';
    const rows = await this.database.query<{
      member: string;
      scan: Buffer;
      serial: number;
      at: Date;
      adcode: number | null;
    }>(
      `SELECT member_id AS member, scan_id AS scan, serial, at, adcode FROM honey_scans WHERE pack_id = ? ${before}
        ORDER BY at DESC, member_id DESC, scan_id DESC LIMIT ?`,
      [packId, ...(query.cursor ? [new Date(String(at)), Number(member), String(scan)] : []), query.limit + 1],
    );
    const shown = rows.slice(0, query.limit);
    const items = shown.map((row) => ({
      id: `${row.member}-${textOf(row.scan)}`,
      memberId: Number(row.member),
      roll: fileOfHoney(plan, row.serial)?.roll ?? null,
      at: row.at,
      adcode: row.adcode,
    }));
    const last = rows.length > query.limit ? shown.at(-1)! : null;
    return { items, nextCursor: last && writeCursor([last.at.toISOString(), Number(last.member), textOf(last.scan)]) };
  }

  /** Somebody looked into it. Rejected 404, 409 closed before, 422 without saying what was found. */
  async close(tx: Tx, operator: Operator, packId: number, said: string): Promise<void> {
    const note = said.trim();
    if (note === '' || [...note].length > 200) {
      throw new Rejected('bad_note', '写明查到了什么，1 到 200 个字', 422, { field: 'note' });
    }
    const { affectedRows } = await tx.execute(
      `UPDATE pack_leaks SET closed_at = UTC_TIMESTAMP(6), closed_by = ?, close_note = ?
        WHERE pack_id = ? AND closed_at IS NULL`,
      [operator.id, note, packId],
    );
    if (affectedRows === 0) {
      const [leak] = await tx.query('SELECT pack_id FROM pack_leaks WHERE pack_id = ?', [packId]);
      throw leak ? new Rejected('closed', '这条线索已经处理过了', 409) : noSuchPack();
    }
    const entry = { actorId: operator.id, act: 'codes.close-leak', object: `code-pack:${packId}` };
    await this.audit.append(tx, { ...entry, reason: note });
  }

  private async whole({ state, requestedBy, closedAt, closedBy, closeNote, ...row }: Row): Promise<PackLeak> {
    const plan = (await this.packs.plan(this.database, row.packId))!;
    const [{ members } = { members: 0 }] = await this.database.query<{ members: number }>(
      'SELECT COUNT(DISTINCT member_id) AS members FROM honey_scans WHERE pack_id = ?',
      [row.packId],
    );
    const serials = await this.database.query<{ serial: number }>(
      'SELECT DISTINCT serial FROM honey_scans WHERE pack_id = ? ORDER BY serial LIMIT ?',
      [row.packId, MOST_SERIALS],
    );
    const rolls = [...new Set(serials.flatMap(({ serial }) => fileOfHoney(plan, serial)?.roll ?? []))];
    return {
      ...row,
      state: textOf(state) as PackState,
      requestedBy: requestedBy ?? '—',
      members: Number(members),
      codes: serials.length,
      rolls: rolls.slice(0, SHOWN_ROLLS),
      closed: closedAt && { at: closedAt, by: closedBy ?? '—', note: closeNote ?? '' },
    };
  }
}

async function packOf(tx: Tx, { batch, layer, serial }: CodeTriple): Promise<{ id: number; receiver: string } | null> {
  const [pack] = await tx.query<{ id: number; receiver: string }>(
    'SELECT id, receiver FROM code_packs WHERE batch_id = ? AND layer = ? AND honey_from <= ? AND honey_to > ?',
    [batch, layer, serial, serial],
  );
  return pack ?? null;
}

/** False when it is there. */
async function insertScan(tx: Tx, packId: number, { member, scanId, code, at, adcode }: HoneyScan): Promise<boolean> {
  try {
    await tx.execute(
      'INSERT INTO honey_scans (member_id, scan_id, pack_id, serial, at, adcode) VALUES (?, ?, ?, ?, ?, ?)',
      [member, scanId, packId, code.serial, at, adcode],
    );
    return true;
  } catch (error) {
    if (!isDuplicate(error, 'PRIMARY')) throw error;
    return false;
  }
}

/**
 * True for the first scan of a pack. Another one opens it again, also one that was made before somebody closed it: they did not know of it.
 */
async function raise(tx: Tx, packId: number, at: Date): Promise<boolean> {
  try {
    await tx.execute('INSERT INTO pack_leaks (pack_id, scans, first_at, last_at) VALUES (?, 1, ?, ?)', [
      packId,
      at,
      at,
    ]);
    return true;
  } catch (error) {
    if (!isDuplicate(error, 'PRIMARY')) throw error;
  }
  await tx.execute(
    `UPDATE pack_leaks SET scans = scans + 1, first_at = LEAST(first_at, ?), last_at = GREATEST(last_at, ?),
            closed_at = NULL, closed_by = NULL, close_note = NULL WHERE pack_id = ?`,
    [at, at, packId],
  );
  return false;
}
