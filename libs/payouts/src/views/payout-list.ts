import { Injectable } from '@nestjs/common';
import { Database, type SqlValue } from '@app/database';
import { checkLimit, readCursor, Rejected, writeCursor, type Fen, type Page } from '@app/kernel';
import type { ChannelName } from '../channels/payout-channel';
import { payoutOf, PAYOUT_COLUMNS, type PayoutRow } from '../payout';
import type { PayoutState } from '../payout-state';

/** A payout as the console shows it. */
export interface PayoutItem {
  readonly payoutKey: string;
  readonly memberId: number;
  readonly campaignId: number;
  readonly budgetId: number;
  readonly amountFen: Fen;
  readonly channel: ChannelName;
  readonly state: PayoutState;
  readonly offerNo: number;
  readonly billNo: string | null;
  readonly failReason: string | null;
  readonly offeredAt: Date;
  readonly settledAt: Date | null;
}

/** Payouts for the console: of one state or one member or of all, ordered by their key. */
@Injectable()
export class PayoutList {
  constructor(private readonly database: Database) {}

  async page(query: {
    limit: number;
    cursor?: string | null;
    state?: PayoutState;
    memberId?: number;
  }): Promise<Page<PayoutItem>> {
    const limit = checkLimit(query.limit);
    const where = ['payout_key > ?'];
    const params: SqlValue[] = [query.cursor ? keyOf(query.cursor) : ''];
    if (query.state) {
      where.push('state = ?');
      params.push(query.state);
    }
    if (query.memberId !== undefined) {
      where.push('member_id = ?');
      params.push(query.memberId);
    }
    const rows = await this.database.query<PayoutRow>(
      `SELECT ${PAYOUT_COLUMNS} FROM payouts WHERE ${where.join(' AND ')} ORDER BY payout_key LIMIT ?`,
      [...params, limit + 1],
    );
    const items = rows.slice(0, limit).map(itemOf);
    return { items, nextCursor: rows.length > limit ? writeCursor([items.at(-1)!.payoutKey]) : null };
  }
}

function itemOf(row: PayoutRow): PayoutItem {
  const { payoutKey, memberId, campaignId, budgetId, amountFen, channel, state, ...rest } = payoutOf(row);
  const { offerNo, billNo, failReason, offeredAt, settledAt } = rest;
  const which = { payoutKey, memberId, campaignId, budgetId, amountFen, channel, state };
  return { ...which, offerNo, billNo, failReason, offeredAt, settledAt };
}

function keyOf(cursor: string): string {
  const [key] = readCursor(cursor, 1);
  if (typeof key !== 'string') throw new Rejected('bad_cursor', '翻页标记无效，请从第一页重新开始', 400);
  return key;
}
