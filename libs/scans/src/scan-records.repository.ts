import { Injectable } from '@nestjs/common';
import { bulkInsert, placeholders, type Reader, type SqlValue, textOf, type Tx } from '@app/database';
import { codeKey, type CodeTriple, type MemberId, type ScanId } from '@app/kernel';
import type { PlaceTrust } from '@app/regions';
import { VERDICTS, type Verdict } from './scan-outcome';

/** Numbers as they stand in `scans.trust`; never renumber. */
export const TRUSTS: readonly PlaceTrust[] = ['unknown', 'disputed', 'claimed', 'ip', 'agreed'];

/** One scan as it is kept. Written once. */
export interface ScanRecord {
  readonly member: MemberId;
  readonly scanId: ScanId;
  readonly at: Date;
  readonly code: CodeTriple;
  readonly verdict: Verdict;
  /** This scan used the code up. */
  readonly counted: boolean;
  readonly firstOfCode: boolean;
  readonly newMember: boolean;
  readonly adcode: number | null;
  readonly trust: PlaceTrust;
  readonly productId: number;
  readonly distributorId: number | null;
  readonly campaignId: number | null;
  readonly versionId: number | null;
  readonly amountFen: number;
  readonly priceFen: number;
  readonly refusal: string | null;
  readonly facts: string;
  readonly answer: string;
}

const COLUMNS = [
  ...['member_id', 'scan_id', 'at', 'batch_id', 'layer', 'serial', 'verdict', 'counted', 'first_of_code', 'new_member'],
  ...['adcode', 'trust', 'product_id', 'distributor_id', 'campaign_id', 'version_id', 'amount_fen', 'price_fen'],
  ...['refusal', 'facts', 'answer'],
];

export function recordKey(member: MemberId, scanId: string): string {
  return `${member}-${scanId}`;
}

@Injectable()
export class ScanRecords {
  async insert(tx: Tx, records: readonly ScanRecord[]): Promise<void> {
    await bulkInsert(tx, 'scans', COLUMNS, records.map(valuesOf));
  }

  /** Answers already given, by `recordKey`, with the code they were given for. */
  async answers(
    reader: Reader,
    scans: readonly { member: MemberId; scanId: ScanId }[],
  ): Promise<Map<string, { code: string; answer: string }>> {
    if (scans.length === 0) return new Map();
    const rows = await reader.query<{
      member_id: string;
      scan_id: Buffer;
      batch_id: number;
      layer: number;
      serial: number;
      answer: string;
    }>(
      `SELECT member_id, scan_id, batch_id, layer, serial, answer FROM scans
       WHERE (member_id, scan_id) IN (${scans.map(() => '(?, ?)').join(',')})`,
      scans.flatMap(({ member, scanId }) => [member, scanId]),
    );
    return new Map(
      rows.map((row) => [
        `${row.member_id}-${textOf(row.scan_id)}`,
        { code: codeKey({ batch: row.batch_id, layer: row.layer, serial: row.serial }), answer: row.answer },
      ]),
    );
  }

  async find(reader: Reader, member: MemberId, scanId: ScanId): Promise<ScanRecord | null> {
    const [row] = await reader.query<Row>(
      `SELECT ${COLUMNS.join(',')} FROM scans WHERE member_id = ? AND scan_id = ?`,
      [member, scanId],
    );
    return row ? recordOf(row) : null;
  }

  /** These scans in the order of their keys; what is not there is left out. */
  async many(reader: Reader, keys: readonly { member: MemberId; scanId: string }[]): Promise<ScanRecord[]> {
    if (keys.length === 0) return [];
    const rows = await reader.query<Row>(
      `SELECT ${COLUMNS.join(',')} FROM scans WHERE (member_id, scan_id) IN (${keys.map(() => '(?, ?)').join(',')})`,
      keys.flatMap(({ member, scanId }) => [member, scanId]),
    );
    const found = new Map(rows.map(recordOf).map((record) => [recordKey(record.member, record.scanId), record]));
    return keys.flatMap(({ member, scanId }) => found.get(recordKey(member, scanId)) ?? []);
  }

  /** Newest first. At least one of member and code keeps the read on an index; otherwise time does. */
  async page(
    reader: Reader,
    filter: {
      member?: MemberId;
      code?: CodeTriple;
      from?: Date;
      to?: Date;
      verdicts?: readonly Verdict[];
      /** 0 = unknown place. */
      adcodes?: readonly number[];
      productId?: number;
      batchId?: number;
    },
    limit: number,
    before: { at: Date; member: number; scanId: string } | null,
  ): Promise<ScanRecord[]> {
    const where: string[] = [];
    const params: SqlValue[] = [];
    const add = (sql: string, ...values: SqlValue[]): void => void (where.push(sql), params.push(...values));
    if (filter.member !== undefined) add('member_id = ?', filter.member);
    if (filter.code)
      add('batch_id = ? AND layer = ? AND serial = ?', filter.code.batch, filter.code.layer, filter.code.serial);
    if (filter.from) add('at >= ?', filter.from);
    if (filter.to) add('at < ?', filter.to);
    if (filter.verdicts?.length) {
      add(
        `verdict IN (${placeholders(filter.verdicts)})`,
        ...filter.verdicts.map((verdict) => VERDICTS.indexOf(verdict)),
      );
    }
    if (filter.productId !== undefined) add('product_id = ?', filter.productId);
    if (filter.batchId !== undefined) add('batch_id = ?', filter.batchId);
    if (filter.adcodes) add(`COALESCE(adcode, 0) IN (${placeholders(filter.adcodes)})`, ...filter.adcodes);
    if (before) {
      add(
        'at <= ? AND (at < ? OR (member_id, scan_id) < (?, ?))',
        ...[before.at, before.at, before.member, before.scanId],
      );
    }
    const rows = await reader.query<Row>(
      `SELECT ${COLUMNS.join(',')} FROM scans ${where.length ? `WHERE ${where.join(' AND ')}` : ''}
       ORDER BY at DESC, member_id DESC, scan_id DESC LIMIT ?`,
      [...params, limit],
    );
    return rows.map(recordOf);
  }
}

interface Row {
  member_id: string;
  scan_id: Buffer;
  at: Date;
  batch_id: number;
  layer: number;
  serial: number;
  verdict: number;
  counted: number;
  first_of_code: number;
  new_member: number;
  adcode: number | null;
  trust: number;
  product_id: number;
  distributor_id: number | null;
  campaign_id: number | null;
  version_id: number | null;
  amount_fen: string;
  price_fen: string;
  refusal: Buffer | null;
  facts: string;
  answer: string;
}

function recordOf(row: Row): ScanRecord {
  return {
    member: Number(row.member_id) as MemberId,
    scanId: textOf(row.scan_id) as ScanId,
    at: row.at,
    code: { batch: row.batch_id, layer: row.layer, serial: row.serial },
    verdict: VERDICTS[row.verdict]!,
    counted: row.counted === 1,
    firstOfCode: row.first_of_code === 1,
    newMember: row.new_member === 1,
    adcode: row.adcode,
    trust: TRUSTS[row.trust]!,
    productId: row.product_id,
    distributorId: row.distributor_id,
    campaignId: row.campaign_id,
    versionId: row.version_id,
    amountFen: Number(row.amount_fen),
    priceFen: Number(row.price_fen),
    refusal: row.refusal === null ? null : textOf(row.refusal),
    facts: row.facts,
    answer: row.answer,
  };
}

function valuesOf(record: ScanRecord): SqlValue[] {
  const { code } = record;
  return [
    ...[record.member, record.scanId, record.at, code.batch, code.layer, code.serial, VERDICTS.indexOf(record.verdict)],
    ...[Number(record.counted), Number(record.firstOfCode), Number(record.newMember), record.adcode],
    ...[TRUSTS.indexOf(record.trust), record.productId, record.distributorId, record.campaignId, record.versionId],
    ...[record.amountFen, record.priceFen, record.refusal, record.facts, record.answer],
  ];
}
