import { Injectable } from '@nestjs/common';
import { Database, placeholders, textOf, type SqlValue } from '@app/database';
import { checkLimit, readCursor, Rejected, writeCursor, type Fen, type Page } from '@app/kernel';
import { PayoutsRepository } from '../../driving/payouts.repository';
import type { Payout } from '../../payout';
import type { PayoutState } from '../../payout-state';
import { ReadCircumstances } from '../circumstances';
import { whatNext, type WhatNext } from '../what-next';

export interface StuckPayout extends WhatNext {
  readonly payoutKey: string;
  readonly memberId: number;
  readonly amountFen: Fen;
  readonly channel: string;
  readonly mchId: string;
  readonly state: PayoutState;
  readonly offerNo: number;
  readonly billNo: string | null;
  /** When the running offer began; its age counts from here. */
  readonly offeredAt: Date;
  /** A case keeps its next offer from beginning. */
  readonly frozen: boolean;
}

/** A waiting person is not a stuck payout: that state is shown only when asked for. */
const STUCK_STATES: readonly PayoutState[] = ['PENDING', 'SENDING', 'UNKNOWN', 'MANUAL'];
const OLD_AFTER_MINUTES = 10;

/** Payouts that should have ended by now, the oldest first, each with why and what happens next. */
@Injectable()
export class StuckPayouts {
  constructor(
    private readonly database: Database,
    private readonly payouts: PayoutsRepository,
    private readonly circumstances: ReadCircumstances,
  ) {}

  async page(query: {
    limit: number;
    cursor?: string | null | undefined;
    state?: PayoutState | undefined;
    olderThanMinutes?: number | undefined;
  }): Promise<Page<StuckPayout>> {
    const limit = checkLimit(query.limit);
    const states = query.state ? [query.state] : STUCK_STATES;
    const values: SqlValue[] = [...states, query.olderThanMinutes ?? OLD_AFTER_MINUTES];
    const after = query.cursor ? positionOf(query.cursor) : null;
    if (after) values.push(after.at, after.at, after.key);
    const keys = await this.database.query<{ payout_key: Buffer; at: string }>(
      `SELECT payout_key, CAST(offered_at AS CHAR) AS at FROM payouts
        WHERE state IN (${placeholders(states)}) AND offered_at <= UTC_TIMESTAMP(6) - INTERVAL ? MINUTE
          ${after ? 'AND (offered_at > ? OR (offered_at = ? AND payout_key > ?))' : ''}
        ORDER BY offered_at, payout_key LIMIT ?`,
      [...values, limit + 1],
    );
    const shown = keys.slice(0, limit).map((row) => textOf(row.payout_key));
    const found = new Map((await this.payouts.many(this.database, shown)).map((each) => [each.payoutKey, each]));
    const rows = shown.flatMap((key) => found.get(key) ?? []);
    const around = await this.circumstances.of(rows);
    const items = rows.map((payout) => {
      const circumstances = around.get(payout.payoutKey)!;
      return { ...itemOf(payout), frozen: circumstances.frozen, ...whatNext(payout, circumstances) };
    });
    const last = keys[limit - 1];
    return { items, nextCursor: keys.length > limit && last ? writeCursor([last.at, textOf(last.payout_key)]) : null };
  }
}

function itemOf(payout: Payout): Omit<StuckPayout, 'frozen' | keyof WhatNext> {
  const { payoutKey, memberId, amountFen, channel, mchId, state, offerNo, billNo, offeredAt } = payout;
  return { payoutKey, memberId, amountFen, channel, mchId, state, offerNo, billNo, offeredAt };
}

function positionOf(cursor: string): { at: string; key: string } {
  const [at, key] = readCursor(cursor, 2);
  if (typeof at === 'string' && /^\d{4}-\d{2}-\d{2} [\d:.]{8,15}$/.test(at) && typeof key === 'string')
    return { at, key };
  throw new Rejected('bad_cursor', '翻页标记无效，请从第一页重新开始', 400);
}
