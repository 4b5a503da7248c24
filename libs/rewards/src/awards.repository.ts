import { Injectable } from '@nestjs/common';
import { bulkInsert, placeholders, type Reader, type SqlValue, textOf, type Tx } from '@app/database';
import { fenFromColumn, memberId, type CodeTriple, type Fen, type MemberId, type ScanId } from '@app/kernel';
import { payoutKeyOf, type AwardRow } from './award';

interface Row {
  batch_id: number;
  layer: number;
  serial: number;
  slot: number;
  member_id: string;
  scan_id: Buffer;
  campaign_id: number;
  version_id: number;
  rule_key: Buffer;
  prize_key: Buffer;
  prize_kind: Buffer;
  prize_name: string;
  amount_fen: string;
  budget_id: number | null;
  won_at: Date;
}

const COLUMNS = [
  ...[
    'batch_id',
    'layer',
    'serial',
    'slot',
    'member_id',
    'scan_id',
    'campaign_id',
    'version_id',
    'rule_key',
    'prize_key',
  ],
  ...['prize_kind', 'prize_name', 'amount_fen', 'budget_id', 'won_at'],
];

/** A locked packet that a later scan of its owner opens. */
export interface Opening {
  readonly code: CodeTriple;
  readonly slot: number;
  readonly member: MemberId;
  readonly byScanId: ScanId;
  readonly at: Date;
}

const KEY = ['batch_id', 'layer', 'serial', 'slot'];

@Injectable()
export class Awards {
  async insert(tx: Tx, awards: readonly AwardRow[]): Promise<void> {
    await bulkInsert(tx, 'awards', COLUMNS, awards.map(valuesOf));
  }

  /** Opens locked packets; the unique key lets each be opened once. Which ones wait is kept with the member's locked counters. */
  async open(tx: Tx, openings: readonly Opening[]): Promise<void> {
    await bulkInsert(
      tx,
      'award_openings',
      [...KEY, 'member_id', 'by_scan_id', 'opened_at'],
      openings.map((opening) => [...keyOf(opening), opening.member, opening.byScanId, opening.at]),
    );
  }

  /** When these awards were opened, by `payoutKeyOf`; those still shut are missing. */
  async openedAt(reader: Reader, awards: readonly Pick<AwardRow, 'code' | 'slot'>[]): Promise<Map<string, Date>> {
    if (awards.length === 0) return new Map();
    const rows = await reader.query<{ batch: number; layer: number; serial: number; slot: number; at: Date }>(
      `SELECT batch_id AS batch, layer, serial, slot, opened_at AS at FROM award_openings
        WHERE (${KEY.join(', ')}) IN (${awards.map(() => '(?,?,?,?)').join(',')})`,
      awards.flatMap(keyOf),
    );
    return new Map(
      rows.map(({ batch, layer, serial, slot, at }) => [payoutKeyOf({ code: { batch, layer, serial }, slot }), at]),
    );
  }

  /** Consumer prizes (slot 0) of these codes; codes without one are missing. */
  async ofCodes(reader: Reader, codes: readonly CodeTriple[]): Promise<AwardRow[]> {
    if (codes.length === 0) return [];
    const rows = await reader.query<Row>(
      `SELECT ${COLUMNS.join(',')} FROM awards
       WHERE (batch_id, layer, serial, slot) IN (${codes.map(() => '(?,?,?,0)').join(',')})`,
      codes.flatMap(({ batch, layer, serial }) => [batch, layer, serial]),
    );
    return rows.map(awardOf);
  }

  /**
   * Money of these members below an amount that nobody asked for, that is in no pool and was not given back, oldest first; of locked packets
   * the opened ones. All of it is said here: what is filtered out afterwards would hide what comes after the limit.
   */
  async unpooledBelow(
    reader: Reader,
    members: readonly MemberId[],
    belowFen: number,
    limit: number,
  ): Promise<AwardRow[]> {
    const rows = await reader.query<Row>(
      `SELECT ${COLUMNS.map((column) => `a.${column}`).join(',')} FROM awards a
         LEFT JOIN pooled_awards p
           ON p.batch_id = a.batch_id AND p.layer = a.layer AND p.serial = a.serial AND p.slot = a.slot
         LEFT JOIN award_openings o
           ON o.batch_id = a.batch_id AND o.layer = a.layer AND o.serial = a.serial AND o.slot = a.slot
         LEFT JOIN award_releases r
           ON r.award_key = CAST(CONCAT_WS(':', a.batch_id, a.layer, a.serial, a.slot) AS BINARY)
         LEFT JOIN payouts m
           ON m.payout_key = CAST(CONCAT_WS(':', a.batch_id, a.layer, a.serial, a.slot) AS BINARY)
        WHERE a.member_id IN (${placeholders(members)}) AND a.amount_fen > 0 AND a.amount_fen < ?
          AND (a.prize_kind = 'cash' OR (a.prize_kind = 'locked' AND o.opened_at IS NOT NULL))
          AND p.payout_key IS NULL AND r.award_key IS NULL AND m.payout_key IS NULL
        ORDER BY a.won_at, a.batch_id, a.layer, a.serial LIMIT ?`,
      [...members, belowFen, limit],
    );
    return rows.map(awardOf);
  }

  /** All money that these members won and can see, without what was given back to its budget. Of locked packets the opened ones. */
  async wonMoney(reader: Reader, members: readonly MemberId[]): Promise<Fen> {
    const [row] = await reader.query<{ fen: string }>(
      `SELECT COALESCE(SUM(a.amount_fen), 0) AS fen FROM awards a
         LEFT JOIN award_openings o
           ON o.batch_id = a.batch_id AND o.layer = a.layer AND o.serial = a.serial AND o.slot = a.slot
        WHERE a.member_id IN (${placeholders(members)}) AND a.amount_fen > 0
          AND NOT EXISTS (SELECT 1 FROM award_releases r LEFT JOIN undone_releases u ON u.award_key = r.award_key AND u.nth = r.nth
            WHERE r.award_key = CAST(CONCAT_WS(':', a.batch_id, a.layer, a.serial, a.slot) AS BINARY) AND u.award_key IS NULL)
          AND (a.prize_kind = 'cash' OR (a.prize_kind = 'locked' AND o.opened_at IS NOT NULL))`,
      members,
    );
    return fenFromColumn(row?.fen);
  }

  /** Wins of these members that are no plain money, newest first. */
  async otherThanCash(reader: Reader, members: readonly MemberId[], limit: number): Promise<AwardRow[]> {
    const rows = await reader.query<Row>(
      `SELECT ${COLUMNS.join(',')} FROM awards
        WHERE member_id IN (${placeholders(members)}) AND prize_kind NOT IN ('cash', 'nothing')
        ORDER BY won_at DESC, batch_id, layer, serial LIMIT ?`,
      [...members, limit],
    );
    return rows.map(awardOf);
  }

  /** Wins of these members, newest first, before the given position. */
  async ofMembers(
    reader: Reader,
    members: readonly MemberId[],
    limit: number,
    before: { wonAt: Date; code: CodeTriple } | null,
  ): Promise<AwardRow[]> {
    const rows = await reader.query<Row>(
      `SELECT ${COLUMNS.join(',')} FROM awards WHERE member_id IN (${placeholders(members)})
       ${before ? 'AND (won_at < ? OR (won_at = ? AND (batch_id, layer, serial) > (?, ?, ?)))' : ''}
       ORDER BY won_at DESC, batch_id, layer, serial LIMIT ?`,
      before
        ? [...members, before.wonAt, before.wonAt, before.code.batch, before.code.layer, before.code.serial, limit]
        : [...members, limit],
    );
    return rows.map(awardOf);
  }

  /** What these members won in one campaign, newest first. */
  async ofCampaign(
    reader: Reader,
    members: readonly MemberId[],
    campaignId: number,
    limit: number,
  ): Promise<AwardRow[]> {
    const rows = await reader.query<Row>(
      `SELECT ${COLUMNS.join(',')} FROM awards WHERE member_id IN (${placeholders(members)}) AND campaign_id = ?
       ORDER BY won_at DESC, batch_id, layer, serial LIMIT ?`,
      [...members, campaignId, limit],
    );
    return rows.map(awardOf);
  }
}

function keyOf({ code, slot }: Pick<AwardRow, 'code' | 'slot'>): [number, number, number, number] {
  return [code.batch, code.layer, code.serial, slot];
}

function awardOf(row: Row): AwardRow {
  return {
    code: { batch: row.batch_id, layer: row.layer, serial: row.serial },
    slot: row.slot,
    member: memberId(row.member_id),
    scanId: textOf(row.scan_id) as ScanId,
    campaignId: row.campaign_id,
    versionId: row.version_id,
    ruleKey: textOf(row.rule_key),
    prizeKey: textOf(row.prize_key),
    prizeKind: textOf(row.prize_kind) as AwardRow['prizeKind'],
    prizeName: row.prize_name,
    amountFen: fenFromColumn(row.amount_fen),
    budgetId: row.budget_id,
    wonAt: row.won_at,
  };
}

function valuesOf(award: AwardRow): SqlValue[] {
  const { code } = award;
  return [
    ...[code.batch, code.layer, code.serial, award.slot, award.member, award.scanId, award.campaignId, award.versionId],
    ...[award.ruleKey, award.prizeKey, award.prizeKind, award.prizeName, award.amountFen, award.budgetId, award.wonAt],
  ];
}
