import { Injectable } from '@nestjs/common';
import { bulkInsert, placeholders, textOf, type Reader, type SqlValue, type Tx } from '@app/database';
import type { ChannelName } from '../channels/payout-channel';
import { channelName } from '../payout';
import type { FlowRow } from './fund-flow-file';
import type { FileSide } from './judge';
import type { RunKey } from './reconciliation-runs.repository';

/**
 * `matched`: the only row of a bill that we settled on its day; the confirming walk books it. `booked`: fits together with rows or books
 * of other days, and was confirmed when that was found.
 */
export type RowVerdict = 'matched' | 'booked' | 'returned' | 'waiting' | 'differs';

export interface JudgedRow {
  readonly row: FlowRow;
  readonly channel: ChannelName | null;
  readonly verdict: RowVerdict;
}

export interface RowsElsewhere {
  readonly side: FileSide;
  readonly days: readonly string[];
}

const BEIJING_MS = 8 * 3_600_000;
const DELETE_AT_ONCE = 5_000;
const COLUMNS = [
  'mch_id',
  'day',
  'bill_no',
  'line',
  'direction',
  'amount_fen',
  'booked_at',
  'flow_no',
  'channel',
  'verdict',
];

/** The rows of bill files that are about payouts, kept as evidence. */
@Injectable()
export class ChannelRows {
  /** Takes away what an earlier run of this day left, a part at a time. Returns whether anything is left. */
  async forget(tx: Tx, { mchId, day }: RunKey): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `DELETE FROM channel_rows WHERE mch_id = ? AND day = ? LIMIT ${DELETE_AT_ONCE}`,
      [mchId, day],
    );
    return affectedRows === DELETE_AT_ONCE;
  }

  async keep(tx: Tx, { mchId, day }: RunKey, rows: readonly JudgedRow[]): Promise<void> {
    const utc = utcText();
    await bulkInsert(
      tx,
      'channel_rows',
      COLUMNS,
      rows.map(({ row, channel, verdict }): SqlValue[] => [
        mchId,
        day,
        row.billNo,
        row.line,
        row.direction,
        row.fen,
        utc(row.bookedAt),
        row.flowNo,
        channel,
        verdict,
      ]),
    );
  }

  /** What rows of the given days say about bills. A bill without any is not in the answer. */
  async sums(
    reader: Reader,
    mchId: string,
    wanted: ReadonlyMap<string, readonly string[]>,
  ): Promise<Map<string, RowsElsewhere>> {
    const found = new Map<string, { side: FileSide; days: string[] }>();
    for (const [day, billNos] of wanted) {
      const rows = await reader.query<{ bill_no: Buffer; direction: Buffer; count: string; fen: string }>(
        `SELECT bill_no, direction, COUNT(*) AS count, SUM(amount_fen) AS fen FROM channel_rows
         WHERE mch_id = ? AND day = ? AND bill_no IN (${placeholders(billNos)}) GROUP BY bill_no, direction`,
        [mchId, day, ...billNos],
      );
      for (const row of rows) {
        const billNo = textOf(row.bill_no);
        const known = found.get(billNo) ?? { side: { outRows: 0, outFen: 0, inRows: 0, inFen: 0 }, days: [] };
        found.set(billNo, {
          side: plus(known.side, textOf(row.direction), Number(row.count), Number(row.fen)),
          days: known.days.at(-1) === day ? known.days : [...known.days, day],
        });
      }
    }
    return found;
  }

  async judgeAnew(
    tx: Tx,
    mchId: string,
    bills: readonly { billNo: string; days: readonly string[]; channel: ChannelName | null; verdict: RowVerdict }[],
  ): Promise<void> {
    for (const { billNo, days, channel, verdict } of bills) {
      await tx.execute(
        `UPDATE channel_rows SET verdict = ?, channel = ? WHERE mch_id = ? AND day IN (${placeholders(days)}) AND bill_no = ?`,
        [verdict, channel, mchId, ...days, billNo],
      );
    }
  }

  /** Bills to book, in order of their numbers. */
  async toConfirm(
    reader: Reader,
    { mchId, day }: RunKey,
    after: string,
    limit: number,
  ): Promise<{ billNo: string; channel: ChannelName; amountFen: number }[]> {
    const rows = await reader.query<{ bill_no: Buffer; channel: Buffer; amount_fen: string }>(
      `SELECT bill_no, channel, amount_fen FROM channel_rows WHERE mch_id = ? AND day = ? AND bill_no > ? AND verdict = 'matched'
         AND channel IS NOT NULL ORDER BY bill_no LIMIT ${Math.trunc(limit)}`,
      [mchId, day, after],
    );
    return rows.map((row) => ({
      billNo: textOf(row.bill_no),
      channel: channelName(textOf(row.channel)),
      amountFen: Number(row.amount_fen),
    }));
  }
}

/** Beijing time as UTC, both as text: a file knows one day only, so there are 24 hours to work out. */
function utcText(): (beijing: string) => string {
  const hours = new Map<string, string>();
  return (beijing) => {
    const hour = beijing.slice(0, 13);
    let known = hours.get(hour);
    if (known === undefined) {
      const at = new Date(Date.parse(`${hour.replace(' ', 'T')}:00:00Z`) - BEIJING_MS);
      known = at.toISOString().slice(0, 13).replace('T', ' ');
      hours.set(hour, known);
    }
    return known + beijing.slice(13);
  };
}

function plus(side: FileSide, direction: string, count: number, fen: number): FileSide {
  return direction === 'out'
    ? { ...side, outRows: side.outRows + count, outFen: side.outFen + fen }
    : { ...side, inRows: side.inRows + count, inFen: side.inFen + fen };
}
