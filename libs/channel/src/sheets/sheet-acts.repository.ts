import { Injectable } from '@nestjs/common';
import { isDuplicate, textOf, type Reader, type Tx } from '@app/database';
import type { CreditKind, SheetSide } from './sheet';

export interface CreditWish {
  readonly storeId: number;
  readonly productId: number;
  readonly kind: CreditKind;
  /** How many owed units this settles. */
  readonly units: number;
  /** 0 unless money. */
  readonly amountFen: number;
  /** Number of the credit note or delivery. */
  readonly noteNo: string;
  readonly note: string | null;
  /** UUID: the same one again is the same credit. */
  readonly requestId: string;
}

export interface SheetCredit extends CreditWish {
  readonly id: number;
  readonly madeBy: number;
  readonly madeAt: Date;
  readonly voidedAt: Date | null;
}

export interface DisputeWish {
  readonly storeId: number;
  readonly productId: number;
  readonly units: number;
  readonly words: string;
}

export interface SheetDispute extends DisputeWish {
  readonly id: number;
  readonly side: SheetSide;
  readonly raisedBy: number;
  readonly raisedAt: Date;
  readonly answer: string | null;
  readonly answeredAt: Date | null;
  readonly closedAt: Date | null;
}

interface RawCredit {
  id: number;
  store_id: number;
  product_id: number;
  kind: Buffer;
  units: number;
  amount_fen: string;
  note_no: string;
  note: string | null;
  request_id: Buffer;
  made_by: number;
  made_at: Date;
  voided_at: Date | null;
}

interface RawDispute {
  id: number;
  store_id: number;
  product_id: number;
  units: number;
  side: Buffer;
  words: string;
  raised_by: number;
  raised_at: Date;
  answer: string | null;
  answered_at: Date | null;
  closed_at: Date | null;
}

const MOST = 500;

/** The tables `redemption_credits` and `redemption_disputes`. */
@Injectable()
export class SheetActsRepository {
  /** Credits of a sheet, the latest first, five hundred at most. */
  async credits(reader: Reader, sheetId: number): Promise<SheetCredit[]> {
    const rows = await reader.query<RawCredit>(
      `SELECT id, store_id, product_id, kind, units, amount_fen, note_no, note, request_id, made_by, made_at, voided_at
         FROM redemption_credits WHERE sheet_id = ? ORDER BY id DESC LIMIT ${MOST}`,
      [sheetId],
    );
    return rows.map((raw) => ({
      ...{ id: raw.id, storeId: raw.store_id, productId: raw.product_id, kind: textOf(raw.kind) as CreditKind },
      ...{ units: raw.units, amountFen: Number(raw.amount_fen), noteNo: raw.note_no, note: raw.note },
      ...{ requestId: textOf(raw.request_id), madeBy: raw.made_by, madeAt: raw.made_at, voidedAt: raw.voided_at },
    }));
  }

  /** The new id; null when this request was recorded before. */
  async insertCredit(tx: Tx, sheetId: number, wish: CreditWish, by: number): Promise<number | null> {
    const { storeId, productId, kind, units, amountFen, noteNo, note, requestId } = wish;
    try {
      const { insertId } = await tx.execute(
        `INSERT INTO redemption_credits (sheet_id, store_id, product_id, kind, units, amount_fen, note_no, note, request_id, made_by, made_at)
         VALUES (?,?,?,?,?,?,?,?,?,?, UTC_TIMESTAMP(6))`,
        [sheetId, storeId, productId, kind, units, amountFen, noteNo, note, requestId, by],
      );
      return insertId;
    } catch (error) {
      if (!isDuplicate(error, 'uq_redemption_credits_request')) throw error;
      return null;
    }
  }

  async creditOf(reader: Reader, requestId: string): Promise<{ id: number; sheetId: number } | null> {
    const sql = 'SELECT id, sheet_id AS sheetId FROM redemption_credits WHERE request_id = ?';
    return (await reader.query<{ id: number; sheetId: number }>(sql, [requestId]))[0] ?? null;
  }

  /** False when it is not of this sheet, or void already. */
  async voidCredit(tx: Tx, sheetId: number, id: number, by: number): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `UPDATE redemption_credits SET voided_by = ?, voided_at = UTC_TIMESTAMP(6) WHERE id = ? AND sheet_id = ? AND voided_at IS NULL`,
      [by, id, sheetId],
    );
    return affectedRows === 1;
  }

  /** Disputes of a sheet, open ones first, five hundred at most. */
  async disputes(reader: Reader, sheetId: number): Promise<SheetDispute[]> {
    const rows = await reader.query<RawDispute>(
      `SELECT id, store_id, product_id, units, side, words, raised_by, raised_at, answer, answered_at, closed_at
         FROM redemption_disputes WHERE sheet_id = ? ORDER BY closed_at IS NOT NULL, id DESC LIMIT ${MOST}`,
      [sheetId],
    );
    return rows.map((raw) => ({
      ...{ id: raw.id, storeId: raw.store_id, productId: raw.product_id, units: raw.units, words: raw.words },
      ...{ side: textOf(raw.side) as SheetSide, raisedBy: raw.raised_by, raisedAt: raw.raised_at },
      ...{ answer: raw.answer, answeredAt: raw.answered_at, closedAt: raw.closed_at },
    }));
  }

  async openDisputes(reader: Reader, sheetId: number): Promise<number> {
    const sql = 'SELECT COUNT(*) AS n FROM redemption_disputes WHERE sheet_id = ? AND closed_at IS NULL';
    return Number((await reader.query<{ n: string }>(sql, [sheetId]))[0]!.n);
  }

  async insertDispute(tx: Tx, sheetId: number, wish: DisputeWish, side: SheetSide, by: number): Promise<number> {
    const { storeId, productId, units, words } = wish;
    const { insertId } = await tx.execute(
      `INSERT INTO redemption_disputes (sheet_id, store_id, product_id, units, side, words, raised_by, raised_at)
       VALUES (?,?,?,?,?,?,?, UTC_TIMESTAMP(6))`,
      [sheetId, storeId, productId, units, side, words, by],
    );
    return insertId;
  }

  /** Only the other side answers. False when there is no such open dispute for it. */
  async answerDispute(
    tx: Tx,
    sheetId: number,
    id: number,
    side: SheetSide,
    answer: string,
    by: number,
  ): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `UPDATE redemption_disputes SET answer = ?, answered_by = ?, answered_at = UTC_TIMESTAMP(6)
        WHERE id = ? AND sheet_id = ? AND side <> ? AND closed_at IS NULL`,
      [answer, by, id, sheetId, side],
    );
    return affectedRows === 1;
  }

  /** Only the side that raised it closes it. False when there is no such open dispute of it. */
  async closeDispute(tx: Tx, sheetId: number, id: number, side: SheetSide, by: number): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `UPDATE redemption_disputes SET closed_by = ?, closed_at = UTC_TIMESTAMP(6)
        WHERE id = ? AND sheet_id = ? AND side = ? AND closed_at IS NULL`,
      [by, id, sheetId, side],
    );
    return affectedRows === 1;
  }
}
