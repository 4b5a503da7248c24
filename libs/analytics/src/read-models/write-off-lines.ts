import { Injectable } from '@nestjs/common';
import { Database, placeholders, textOf, type SqlValue } from '@app/database';
import { Defect, readCursor, Rejected, shanghaiDayStart, writeCursor, type Page } from '@app/kernel';
import type { DayRange } from './rollup-scope';

/** A bottle that was scanned and won, behind a payment. */
export interface WriteOffAward {
  /** `batch:layer:serial:slot` */
  readonly awardKey: string;
  readonly scanId: string;
  readonly memberId: number;
  readonly wonAt: Date;
  /** Where it was scanned; null = unknown. */
  readonly adcode: number | null;
  readonly fen: number;
}

/** 核销明细: fen of one payment charged to a grant, and what proves it: scan → award → payout → bill. */
export interface WriteOffLine {
  /** `refund`: money that came back, fen is negative. */
  readonly act: 'settle' | 'refund';
  readonly at: Date;
  readonly payoutKey: string;
  readonly offerNo: number;
  /** Charged to this grant; a payment may be split over two. */
  readonly fen: number;
  /** The whole payment. */
  readonly payoutFen: number;
  readonly campaignId: number;
  readonly memberId: number;
  /** Null when people proved the payment without a bill of ours. */
  readonly billNo: string | null;
  readonly mchId: string;
  /** More than one when small amounts were paid together. */
  readonly awards: readonly WriteOffAward[];
}

export interface WriteOffQuestion extends DayRange {
  readonly grantId: number;
}

/** What of a grant was used, in all and before the days in question. */
export interface WriteOffSums {
  readonly beforeFen: number;
  readonly settledFen: number;
  readonly refundedFen: number;
}

const LINES_AT_ONCE = 1000;
const FIRST: Place = { at: '2000-01-01 00:00:00.000000', act: '', fen: 0, payoutKey: '', offerNo: 0 };

/**
 * The evidence of write-off sheets. Every table it is read from only grows (of payouts only columns that never change are read), so a
 * period that is over always gives the same lines, byte for byte.
 */
@Injectable()
export class WriteOffLines {
  constructor(private readonly database: Database) {}

  /** All lines of a grant on the Shanghai days `[from, to)`, oldest first, a thousand read at a time. */
  async *read(question: WriteOffQuestion): AsyncGenerator<WriteOffLine> {
    for (let after = FIRST; ;) {
      const rows = await this.rows(question, after, LINES_AT_ONCE);
      yield* await this.lines(rows);
      const last = rows.at(-1);
      if (!last || rows.length < LINES_AT_ONCE) return;
      after = placeOf(last);
    }
  }

  async page(question: WriteOffQuestion, page: { limit: number; cursor?: string | null }): Promise<Page<WriteOffLine>> {
    const rows = await this.rows(question, page.cursor ? readPlace(page.cursor) : FIRST, page.limit + 1);
    const shown = rows.slice(0, page.limit);
    const items = await this.lines(shown);
    if (rows.length <= page.limit) return { items, nextCursor: null };
    const { at, act, fen, payoutKey, offerNo } = placeOf(shown.at(-1)!);
    return { items, nextCursor: writeCursor([at, act, fen, payoutKey, offerNo]) };
  }

  async sums({ grantId, from, to }: WriteOffQuestion): Promise<WriteOffSums> {
    const [start, end] = [shanghaiDayStart(from), shanghaiDayStart(to)];
    const rows = await this.database.query<{ act: Buffer; before: string | null; inside: string | null }>(
      `SELECT act, SUM(CASE WHEN at < ? THEN fen ELSE 0 END) AS \`before\`, SUM(CASE WHEN at >= ? THEN fen ELSE 0 END) AS inside
         FROM grant_uses WHERE grant_id = ? AND at < ? GROUP BY act`,
      [start, start, grantId, end],
    );
    const of = (act: string) => rows.find((row) => textOf(row.act) === act);
    const sum = (value: string | null | undefined): number => Number(value ?? 0);
    return {
      beforeFen: sum(of('settle')?.before) - sum(of('refund')?.before),
      settledFen: sum(of('settle')?.inside),
      refundedFen: sum(of('refund')?.inside),
    };
  }

  /** In the order of the index ix_grant_uses_grant; instants as text, because a Date holds milliseconds only. */
  private rows({ grantId, from, to }: WriteOffQuestion, after: Place, limit: number): Promise<Row[]> {
    const { at, act, fen, payoutKey, offerNo } = after;
    return this.database.query<Row>(
      `SELECT u.act, DATE_FORMAT(u.at, '%Y-%m-%d %H:%i:%s.%f') AS at_text, u.at, u.payout_key, u.offer_no, u.fen,
              p.amount_fen, p.campaign_id, p.member_id, p.mch_id AS payout_mch_id, b.bill_no, b.mch_id
         FROM grant_uses u JOIN payouts p ON p.payout_key = u.payout_key
         LEFT JOIN payout_bills b ON b.payout_key = u.payout_key AND b.offer_no = u.offer_no
        WHERE u.grant_id = ? AND u.at >= ? AND u.at < ? AND u.at >= ?
          AND (u.at > ? OR u.act > ? OR (u.act = ? AND (u.fen > ? OR (u.fen = ? AND (u.payout_key > ?
            OR (u.payout_key = ? AND u.offer_no > ?))))))
        ORDER BY u.at, u.act, u.fen, u.payout_key, u.offer_no LIMIT ?`,
      [
        ...[grantId, shanghaiDayStart(from), shanghaiDayStart(to), at],
        ...[at, act, act, fen, fen, payoutKey, payoutKey, offerNo, limit],
      ],
    );
  }

  private async lines(rows: readonly Row[]): Promise<WriteOffLine[]> {
    const awards = await this.awards([...new Set(rows.map((row) => textOf(row.payout_key)))]);
    return rows.map((row) => {
      const act = textOf(row.act) === 'refund' ? 'refund' : 'settle';
      const payoutKey = textOf(row.payout_key);
      return {
        ...{ act, at: row.at, payoutKey, offerNo: row.offer_no, fen: Number(row.fen) * (act === 'refund' ? -1 : 1) },
        ...{ payoutFen: Number(row.amount_fen), campaignId: row.campaign_id, memberId: Number(row.member_id) },
        billNo: row.bill_no === null ? null : textOf(row.bill_no),
        mchId: textOf(row.mch_id ?? row.payout_mch_id),
        awards: awards.get(payoutKey) ?? [],
      };
    });
  }

  private async awards(payoutKeys: readonly string[]): Promise<ReadonlyMap<string, WriteOffAward[]>> {
    const found = new Map<string, WriteOffAward[]>();
    const add = (key: string, award: WriteOffAward) => found.set(key, [...(found.get(key) ?? []), award]);
    const alone = payoutKeys.filter((key) => !key.startsWith('p'));
    const pooled = payoutKeys.filter((key) => key.startsWith('p'));
    const from = `FROM awards a LEFT JOIN scans s ON s.member_id = a.member_id AND s.scan_id = a.scan_id`;
    if (alone.length > 0) {
      const rows = await this.database.query<AwardRow>(
        `SELECT ${AWARD} ${from} WHERE (a.batch_id, a.layer, a.serial, a.slot) IN (${alone.map(() => '(?,?,?,?)').join(',')})`,
        alone.flatMap(partsOf),
      );
      for (const award of rows.map(awardOf)) add(award.awardKey, award);
    }
    if (pooled.length > 0) {
      const rows = await this.database.query<AwardRow & { payout_key: Buffer }>(
        `SELECT w.payout_key, ${AWARD} ${from} JOIN pooled_awards w
            ON w.batch_id = a.batch_id AND w.layer = a.layer AND w.serial = a.serial AND w.slot = a.slot
          WHERE w.payout_key IN (${placeholders(pooled)}) ORDER BY w.payout_key, a.batch_id, a.layer, a.serial, a.slot`,
        pooled,
      );
      for (const row of rows) add(textOf(row.payout_key), awardOf(row));
    }
    return found;
  }
}

const AWARD = `a.batch_id, a.layer, a.serial, a.slot, a.member_id, a.scan_id, a.won_at, a.amount_fen, s.adcode`;

interface Row {
  act: Buffer;
  at_text: string;
  at: Date;
  payout_key: Buffer;
  offer_no: number;
  fen: string;
  amount_fen: string;
  campaign_id: number;
  member_id: string;
  payout_mch_id: Buffer;
  bill_no: Buffer | null;
  mch_id: Buffer | null;
}

interface AwardRow {
  batch_id: number;
  layer: number;
  serial: number;
  slot: number;
  member_id: string;
  scan_id: Buffer;
  won_at: Date;
  amount_fen: string;
  adcode: number | null;
}

interface Place {
  readonly at: string;
  readonly act: string;
  readonly fen: number;
  readonly payoutKey: string;
  readonly offerNo: number;
}

function awardOf(row: AwardRow): WriteOffAward {
  return {
    awardKey: [row.batch_id, row.layer, row.serial, row.slot].join(':'),
    scanId: textOf(row.scan_id),
    memberId: Number(row.member_id),
    wonAt: row.won_at,
    adcode: row.adcode,
    fen: Number(row.amount_fen),
  };
}

function partsOf(awardKey: string): SqlValue[] {
  const parts = awardKey.split(':').map(Number);
  if (parts.length !== 4 || !parts.every(Number.isSafeInteger)) throw new Defect(`not an award: ${awardKey}`);
  return parts;
}

function placeOf(row: Row): Place {
  const [act, payoutKey] = [textOf(row.act), textOf(row.payout_key)];
  return { at: row.at_text, act, fen: Number(row.fen), payoutKey, offerNo: row.offer_no };
}

function readPlace(cursor: string): Place {
  const [at, act, fen, payoutKey, offerNo] = readCursor(cursor, 5);
  const sound =
    typeof at === 'string' && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/.test(at) && typeof payoutKey === 'string';
  if (!sound || typeof offerNo !== 'number' || typeof fen !== 'number' || typeof act !== 'string') {
    throw new Rejected('bad_cursor', '翻页标记无效，请从第一页重新开始', 400);
  }
  return { at, act, fen, payoutKey, offerNo };
}
