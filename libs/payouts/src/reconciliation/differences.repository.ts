import { Injectable } from '@nestjs/common';
import { bulkUpsert, placeholders, textOf, type Reader, type Tx } from '@app/database';
import { addDays } from '@app/kernel';
import { DIFFERENCE_KINDS, type DifferenceKind, type FileSide, type OurBill } from './judge';
import type { ClaimedRun, RunKey } from './reconciliation-runs.repository';

/** A difference that nobody has found gone yet. */
export interface OpenDifference {
  readonly id: number;
  readonly day: string;
  readonly kind: DifferenceKind;
  readonly billNo: string;
  readonly since: string;
}

export interface FoundDifference {
  readonly kind: DifferenceKind;
  readonly billNo: string;
  readonly since: string;
  readonly ours: Pick<OurBill, 'payoutKey' | 'state' | 'amountFen'> | null;
  readonly file: FileSide;
}

/** More than this cannot be looked at one by one: then the file or our reading of it is wrong as a whole. */
export const MAX_OPEN_DIFFERENCES = 10_000;

/** What the two sides do not agree on, and bills whose other side is still awaited. */
@Injectable()
export class Differences {
  async open(reader: Reader, mchId: string): Promise<OpenDifference[]> {
    const rows = await reader.query<{ id: string; day: string; kind: Buffer; bill_no: Buffer; since: string }>(
      `SELECT id, CAST(day AS CHAR) AS day, kind, bill_no, CAST(since AS CHAR) AS since FROM reconciliation_differences
       WHERE mch_id = ? AND gone_at IS NULL ORDER BY bill_no LIMIT ${2 * MAX_OPEN_DIFFERENCES}`,
      [mchId],
    );
    return rows.flatMap((row) => {
      const kind = DIFFERENCE_KINDS.find((known) => known === textOf(row.kind));
      const { day, since } = row;
      return kind ? [{ id: Number(row.id), day, since, kind, billNo: textOf(row.bill_no) }] : [];
    });
  }

  /** Writes them, or sees them again. */
  async found(tx: Tx, run: ClaimedRun, found: readonly FoundDifference[]): Promise<void> {
    const now = (await tx.query<{ now: Date }>('SELECT UTC_TIMESTAMP(6) AS now'))[0]!.now;
    await bulkUpsert(
      tx,
      'reconciliation_differences',
      [
        ...['mch_id', 'day', 'kind', 'bill_no', 'since', 'payout_key', 'our_state', 'our_fen', 'paid_fen'],
        ...['returned_fen', 'file_rows', 'seen_run', 'found_at'],
      ],
      found.map(({ kind, billNo, since, ours, file }) => [
        ...[run.mchId, run.day, kind, billNo, since, ours?.payoutKey ?? null, ours?.state ?? null],
        ...[ours?.amountFen ?? null, file.outFen, file.inFen, file.outRows + file.inRows, run.runNo, now],
      ]),
      {
        update: [
          ...['our_state', 'our_fen', 'paid_fen', 'returned_fen', 'file_rows', 'seen_run'],
          ...['found_at = IF(gone_at IS NULL, found_at, VALUES(found_at))', 'gone_at = NULL'],
        ],
      },
    );
  }

  async gone(tx: Tx, ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    await tx.execute(
      `UPDATE reconciliation_differences SET gone_at = UTC_TIMESTAMP(6) WHERE id IN (${placeholders(ids)}) AND gone_at IS NULL`,
      ids,
    );
  }

  async countOpen(reader: Reader, { mchId, day }: RunKey): Promise<number> {
    const [row] = await reader.query<{ count: string }>(
      'SELECT COUNT(*) AS count FROM reconciliation_differences WHERE mch_id = ? AND day = ? AND gone_at IS NULL',
      [mchId, day],
    );
    return Number(row?.count ?? 0);
  }

  /** Bills whose other side was awaited before, in order of their numbers, as lines `bill number, since`. */
  async *awaited(reader: Reader, mchId: string): AsyncGenerator<readonly string[]> {
    const page = 5_000;
    for (let after = ''; ;) {
      const rows = await reader.query<{ bill_no: Buffer; since: string }>(
        `SELECT bill_no, CAST(since AS CHAR) AS since FROM reconciliation_awaited WHERE mch_id = ? AND bill_no > ?
         ORDER BY bill_no LIMIT ${page}`,
        [mchId, after],
      );
      yield rows.map((row) => `${textOf(row.bill_no)}\t${row.since}`);
      const last = rows.at(-1);
      if (!last || rows.length < page) return;
      after = textOf(last.bill_no);
    }
  }

  async await(tx: Tx, mchId: string, bills: readonly { billNo: string; since: string }[]): Promise<void> {
    await bulkUpsert(
      tx,
      'reconciliation_awaited',
      ['mch_id', 'bill_no', 'since'],
      bills.map(({ billNo, since }) => [mchId, billNo, since]),
      { update: ['since = LEAST(since, VALUES(since))'] },
    );
  }

  async awaitNoMore(tx: Tx, mchId: string, billNos: readonly string[]): Promise<void> {
    if (billNos.length === 0) return;
    await tx.execute(`DELETE FROM reconciliation_awaited WHERE mch_id = ? AND bill_no IN (${placeholders(billNos)})`, [
      mchId,
      ...billNos,
    ]);
  }
}

/** Whole days from one Shanghai day to another; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${addDays(to, 0)}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}
