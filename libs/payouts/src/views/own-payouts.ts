import { Injectable } from '@nestjs/common';
import { Database, placeholders, textOf } from '@app/database';
import {
  checkLimit,
  fenFromColumn,
  readCursor,
  Rejected,
  writeCursor,
  type Fen,
  type MemberId,
  type Page,
  type PageRequest,
} from '@app/kernel';
import { payoutState, type PayoutState } from '../payout-state';

/** Money of a person as the books have it, for that person. */
export interface OwnPayout {
  readonly amountFen: Fen;
  readonly state: PayoutState;
  /** Number of the bill at WeChat's side, to ask there; null while there is none. */
  readonly billNo: string | null;
  readonly askedAt: Date;
  readonly settledAt: Date | null;
}

/** Oldest first. */
@Injectable()
export class OwnPayouts {
  constructor(private readonly database: Database) {}

  async page(numbers: readonly MemberId[], { limit, cursor }: PageRequest): Promise<Page<OwnPayout>> {
    checkLimit(limit);
    const after = cursor ? positionOf(cursor) : null;
    const rows = await this.database.query<{
      payout_key: Buffer;
      amount_fen: string;
      state: Buffer;
      bill_no: Buffer | null;
      created_at: Date;
      settled_at: Date | null;
    }>(
      `SELECT payout_key, amount_fen, state, bill_no, created_at, settled_at FROM payouts
        WHERE member_id IN (${placeholders(numbers)}) ${after ? 'AND (created_at > ? OR (created_at = ? AND payout_key > ?))' : ''}
        ORDER BY created_at, payout_key LIMIT ?`,
      [...numbers, ...(after ? [after.at, after.at, after.key] : []), limit + 1],
    );
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: shown.map((row) => ({
        amountFen: fenFromColumn(row.amount_fen),
        state: payoutState(textOf(row.state)),
        billNo: row.bill_no === null ? null : textOf(row.bill_no),
        askedAt: row.created_at,
        settledAt: row.settled_at,
      })),
      nextCursor:
        rows.length > limit && last ? writeCursor([last.created_at.toISOString(), textOf(last.payout_key)]) : null,
    };
  }
}

function positionOf(cursor: string): { at: Date; key: string } {
  const [time, key] = readCursor(cursor, 2);
  const at = new Date(String(time));
  if (Number.isNaN(at.getTime()) || typeof key !== 'string') {
    throw new Rejected('bad_cursor', '翻页标记无效，请从第一页重新开始', 400);
  }
  return { at, key };
}
