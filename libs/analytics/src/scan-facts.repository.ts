import { Injectable } from '@nestjs/common';
import { bulkInsert, type Reader, textOf, type Tx } from '@app/database';
import type { ScanFact, ScanRow } from './scan-fact';

interface Raw {
  member_id: string;
  scan_id: Buffer;
  at: Date;
  batch_id: number;
  verdict: number;
  counted: number;
  first_of_code: number;
  pays: number;
  new_member: number;
  adcode: number | null;
  product_id: number;
  distributor_id: number | null;
  campaign_id: number | null;
  amount_fen: string;
}

/** Reads `scans`, and keeps the table `scan_facts`. */
@Injectable()
export class ScanFactsRepository {
  async readScans(reader: Reader, scans: readonly (readonly [number, string])[]): Promise<ScanRow[]> {
    const rows = await reader.query<Raw>(
      `SELECT s.member_id, s.scan_id, s.at, s.batch_id, s.verdict, s.counted, s.first_of_code, s.new_member, s.adcode, s.product_id,
              s.distributor_id, s.campaign_id, s.amount_fen, COALESCE(l.purpose, 'prize') = 'prize' AS pays
         FROM scans s LEFT JOIN code_batch_layers l ON l.batch_id = s.batch_id AND l.layer = s.layer
        WHERE (s.member_id, s.scan_id) IN (${scans.map(() => '(?,?)').join(',')})`,
      scans.flat(),
    );
    return rows.map(scanRow);
  }

  /** Those of the facts that are not in the table yet. */
  async absent(tx: Tx, facts: readonly ScanFact[]): Promise<ScanFact[]> {
    if (facts.length === 0) return [];
    const rows = await tx.query<{ member_id: string; scan_id: Buffer }>(
      `SELECT member_id, scan_id FROM scan_facts
        WHERE (day, member_id, scan_id) IN (${facts.map(() => '(?,?,?)').join(',')})`,
      facts.flatMap(({ day, memberId, scanId }) => [day, memberId, scanId]),
    );
    const present = new Set(rows.map((row) => `${row.member_id}/${textOf(row.scan_id)}`));
    return facts.filter((fact) => !present.has(`${fact.memberId}/${fact.scanId}`));
  }

  async insert(tx: Tx, facts: readonly ScanFact[]): Promise<void> {
    await bulkInsert(
      tx,
      'scan_facts',
      [
        'day',
        'member_id',
        'scan_id',
        'at',
        'adcode',
        'city',
        'product_id',
        'batch_id',
        'campaign_id',
        'distributor_id',
        'verdict',
        'first_of_code',
        'opened',
        'new_member',
        'won',
        'amount_fen',
      ],
      facts.map((fact) => [
        fact.day,
        fact.memberId,
        fact.scanId,
        fact.at,
        fact.adcode,
        fact.city,
        fact.productId,
        fact.batchId,
        fact.campaignId,
        fact.distributorId,
        fact.verdict,
        fact.firstOfCode,
        fact.opened,
        fact.newMember,
        fact.won,
        fact.amountFen,
      ]),
    );
  }

  /** Scans of `[from, to)` that have no fact, at most `limit`. */
  async missing(reader: Reader, from: Date, to: Date, limit: number): Promise<[number, string][]> {
    const rows = await reader.query<{ member_id: string; scan_id: Buffer }>(
      `SELECT s.member_id, s.scan_id FROM scans s
         LEFT JOIN scan_facts f
           ON f.day = DATE(s.at + INTERVAL 8 HOUR) AND f.member_id = s.member_id AND f.scan_id = s.scan_id
        WHERE s.at >= ? AND s.at < ? AND f.scan_id IS NULL LIMIT ?`,
      [from, to, limit],
    );
    return rows.map((row) => [Number(row.member_id), textOf(row.scan_id)]);
  }

  /** When the first scan at or after `from` was made; null when there is none. */
  async firstScanFrom(reader: Reader, from: Date): Promise<Date | null> {
    const [row] = await reader.query<{ at: Date | null }>('SELECT MIN(at) AS at FROM scans WHERE at >= ?', [from]);
    return row?.at ?? null;
  }
}

function scanRow(raw: Raw): ScanRow {
  return {
    memberId: Number(raw.member_id),
    scanId: textOf(raw.scan_id),
    at: raw.at,
    batchId: raw.batch_id,
    verdict: raw.verdict,
    counted: raw.counted === 1,
    firstOfCode: raw.first_of_code === 1,
    pays: Number(raw.pays) === 1,
    newMember: raw.new_member === 1,
    adcode: raw.adcode,
    productId: raw.product_id,
    distributorId: raw.distributor_id,
    campaignId: raw.campaign_id,
    amountFen: Number(raw.amount_fen),
  };
}
