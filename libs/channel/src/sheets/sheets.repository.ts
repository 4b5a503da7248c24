import { Injectable } from '@nestjs/common';
import { bulkInsert, isDuplicate, placeholders, textOf, type Reader, type Tx } from '@app/database';
import type { Sheet, SheetLine, SheetSide } from './sheet';

interface Raw {
  id: number;
  distributor_id: number;
  month: Buffer;
  revision: number;
  hq_at: Date | null;
  hq_by: number | null;
  distributor_at: Date | null;
  distributor_by: number | null;
  closed_at: Date | null;
  content_hash: Buffer | null;
}

const COLUMNS =
  'id, distributor_id, month, revision, hq_at, hq_by, distributor_at, distributor_by, closed_at, content_hash';

const AGREES: Readonly<Record<SheetSide, string>> = {
  hq: 'hq_by = ?, hq_at = UTC_TIMESTAMP(6)',
  distributor: 'distributor_by = ?, distributor_at = UTC_TIMESTAMP(6)',
};

/** The tables `redemption_sheets` and `redemption_sheet_lines`. */
@Injectable()
export class SheetsRepository {
  async find(reader: Reader, distributorId: number, month: string): Promise<Sheet | null> {
    return (await this.ofMonth(reader, [distributorId], month))[0] ?? null;
  }

  async ofMonth(reader: Reader, distributorIds: readonly number[], month: string): Promise<Sheet[]> {
    if (distributorIds.length === 0) return [];
    const rows = await reader.query<Raw>(
      `SELECT ${COLUMNS} FROM redemption_sheets WHERE month = ? AND distributor_id IN (${placeholders(distributorIds)})`,
      [month, ...distributorIds],
    );
    return rows.map(sheet);
  }

  /** The sheet, made if it is not there, and locked. */
  async lock(tx: Tx, distributorId: number, month: string): Promise<Sheet> {
    try {
      await tx.execute('INSERT INTO redemption_sheets (distributor_id, month) VALUES (?,?)', [distributorId, month]);
    } catch (error) {
      if (!isDuplicate(error, 'uq_redemption_sheets')) throw error;
    }
    const [raw] = await tx.query<Raw>(
      `SELECT ${COLUMNS} FROM redemption_sheets WHERE distributor_id = ? AND month = ? FOR UPDATE`,
      [distributorId, month],
    );
    return sheet(raw!);
  }

  /** The last closed sheet before a month of each distributor that has one. */
  async closedBefore(reader: Reader, distributorIds: readonly number[], month: string): Promise<Sheet[]> {
    if (distributorIds.length === 0) return [];
    const rows = await reader.query<Raw>(
      `SELECT ${COLUMNS.split(', ')
        .map((name) => `s.${name}`)
        .join(', ')} FROM redemption_sheets s
         JOIN (SELECT distributor_id AS of, MAX(month) AS last FROM redemption_sheets
                WHERE distributor_id IN (${placeholders(distributorIds)}) AND month < ? AND closed_at IS NOT NULL
                GROUP BY distributor_id) x ON x.of = s.distributor_id AND x.last = s.month`,
      [...distributorIds, month],
    );
    return rows.map(sheet);
  }

  async isClosedAfter(reader: Reader, distributorId: number, month: string): Promise<boolean> {
    const sql =
      'SELECT id FROM redemption_sheets WHERE distributor_id = ? AND month > ? AND closed_at IS NOT NULL LIMIT 1';
    return (await reader.query(sql, [distributorId, month])).length > 0;
  }

  /** Something about an open sheet changed: what a side had agreed to is no longer what it says. */
  async changed(tx: Tx, id: number): Promise<void> {
    await tx.execute(
      `UPDATE redemption_sheets SET revision = revision + 1, hq_by = NULL, hq_at = NULL, distributor_by = NULL, distributor_at = NULL
        WHERE id = ? AND closed_at IS NULL`,
      [id],
    );
  }

  /** False when the sheet is at another revision, or closed. */
  async agree(tx: Tx, id: number, revision: number, side: SheetSide, by: number): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `UPDATE redemption_sheets SET ${AGREES[side]} WHERE id = ? AND revision = ? AND closed_at IS NULL`,
      [by, id, revision],
    );
    return affectedRows === 1;
  }

  /** Writes the agreed lines down for good. False unless both sides agreed. */
  async close(tx: Tx, id: number, lines: readonly SheetLine[], contentHash: string): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `UPDATE redemption_sheets SET closed_at = UTC_TIMESTAMP(6), content_hash = ?
        WHERE id = ? AND closed_at IS NULL AND hq_at IS NOT NULL AND distributor_at IS NOT NULL`,
      [contentHash, id],
    );
    if (affectedRows !== 1) return false;
    await bulkInsert(
      tx,
      'redemption_sheet_lines',
      ['sheet_id', ...LINE_COLUMNS],
      lines.map((line) => [id, ...valuesOf(line)]),
    );
    return true;
  }

  /** Lines of closed sheets. */
  async lines(reader: Reader, sheetIds: readonly number[]): Promise<(SheetLine & { readonly sheetId: number })[]> {
    if (sheetIds.length === 0) return [];
    const rows = await reader.query<Record<string, string | number>>(
      `SELECT sheet_id, ${LINE_COLUMNS.join(', ')} FROM redemption_sheet_lines WHERE sheet_id IN (${placeholders(sheetIds)})
        ORDER BY sheet_id, store_id, product_id`,
      sheetIds,
    );
    return rows.map((row) => ({
      sheetId: Number(row['sheet_id']),
      storeId: Number(row['store_id']),
      productId: Number(row['product_id']),
      openingUnits: Number(row['opening_units']),
      redeemedUnits: Number(row['redeemed_units']),
      coPayFen: Number(row['co_pay_fen']),
      goodsUnits: Number(row['goods_units']),
      moneyUnits: Number(row['money_units']),
      moneyFen: Number(row['money_fen']),
      refusedUnits: Number(row['refused_units']),
      owedUnits: Number(row['owed_units']),
    }));
  }
}

const LINE_COLUMNS = [
  ...['store_id', 'product_id', 'opening_units', 'redeemed_units', 'co_pay_fen'],
  ...['goods_units', 'money_units', 'money_fen', 'refused_units', 'owed_units'],
];

function valuesOf(line: SheetLine): number[] {
  return [
    ...[line.storeId, line.productId, line.openingUnits, line.redeemedUnits, line.coPayFen],
    ...[line.goodsUnits, line.moneyUnits, line.moneyFen, line.refusedUnits, line.owedUnits],
  ];
}

function sheet(raw: Raw): Sheet {
  return {
    id: raw.id,
    distributorId: raw.distributor_id,
    month: textOf(raw.month),
    revision: raw.revision,
    hqAt: raw.hq_at,
    hqBy: raw.hq_by,
    distributorAt: raw.distributor_at,
    distributorBy: raw.distributor_by,
    closedAt: raw.closed_at,
    contentHash: raw.content_hash && textOf(raw.content_hash),
  };
}
