import { Injectable } from '@nestjs/common';
import { isDuplicate, textOf, type Reader, type SqlValue, type Tx } from '@app/database';
import { codeKey, fenFromColumn, memberId, shanghaiDay } from '@app/kernel';
import type { AwardKey, DayTotal, Redemption, RedemptionItem } from './redemption';

interface Raw {
  batch_id: number;
  layer: number;
  serial: number;
  slot: number;
  store_id: number;
  distributor_id: number;
  clerk_id: string;
  member_id: string;
  product_id: number;
  campaign_id: number;
  prize_name: string;
  value_fen: string;
  co_pay_fen: string;
  request_id: Buffer;
  redeemed_at: Date;
}

/** What a list is narrowed to; times half-open. */
export interface RedemptionFilter {
  readonly distributorId?: number | undefined;
  readonly storeId?: number | undefined;
  readonly productId?: number | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** The last redemption of a page: lists go from the newest to the oldest. */
export interface RedemptionPosition {
  readonly at: Date;
  readonly key: AwardKey;
}

const KEY = ['batch_id', 'layer', 'serial', 'slot'];
const FIELDS = [
  ...KEY,
  ...['store_id', 'distributor_id', 'clerk_id', 'member_id', 'product_id', 'campaign_id', 'prize_name'],
  ...['value_fen', 'co_pay_fen', 'request_id', 'redeemed_at'],
];

/** The tables `store_redemptions` and `store_redemption_days`. */
@Injectable()
export class RedemptionsRepository {
  /**
   * Records one, and counts it into its store's day. Of two at the same moment the primary key lets one through: false for the other, and
   * nothing is written.
   */
  async insert(tx: Tx, redemption: Redemption): Promise<boolean> {
    const { storeId, distributorId, productId, coPayFen, redeemedAt } = redemption;
    const day = shanghaiDay(redeemedAt);
    try {
      await tx.execute(
        `INSERT INTO store_redemptions (${FIELDS.join(', ')}, day) VALUES (${FIELDS.map(() => '?').join(',')}, ?)`,
        [...valuesOf(redemption), day],
      );
    } catch (error) {
      if (!isDuplicate(error, 'PRIMARY')) throw error;
      return false;
    }
    await tx.execute(
      `INSERT INTO store_redemption_days (store_id, day, product_id, distributor_id, units, co_pay_fen) VALUES (?,?,?,?,1,?)
       ON DUPLICATE KEY UPDATE units = units + 1, co_pay_fen = co_pay_fen + VALUES(co_pay_fen)`,
      [storeId, day, productId, distributorId, coPayFen],
    );
    return true;
  }

  /** Those of the awards that were handed over. */
  async ofAwards(reader: Reader, awards: readonly AwardKey[]): Promise<RedemptionItem[]> {
    if (awards.length === 0) return [];
    const rows = await reader.query<Raw & Names>(
      `${SELECT} WHERE (${KEY.map((name) => `r.${name}`).join(', ')}) IN (${awards.map(() => '(?,?,?,?)').join(',')})`,
      awards.flatMap(keyOf),
    );
    return rows.map(item);
  }

  async page(
    reader: Reader,
    filter: RedemptionFilter,
    after: RedemptionPosition | null,
    limit: number,
  ): Promise<RedemptionItem[]> {
    const { where, params } = narrowed(filter);
    if (after) {
      where.push(
        `(r.redeemed_at < ? OR (r.redeemed_at = ? AND (${KEY.map((name) => `r.${name}`).join(', ')}) < (?,?,?,?)))`,
      );
      params.push(after.at, after.at, ...keyOf(after.key));
    }
    const sql = `${SELECT} WHERE ${where.length > 0 ? where.join(' AND ') : '1 = 1'}
      ORDER BY r.redeemed_at DESC, ${KEY.map((name) => `r.${name} DESC`).join(', ')} LIMIT ?`;
    return (await reader.query<Raw & Names>(sql, [...params, limit])).map(item);
  }

  async dayOf(reader: Reader, storeId: number, day: string): Promise<DayTotal> {
    const [row] = await reader.query<{ units: string; fen: string }>(
      `SELECT COALESCE(SUM(units), 0) AS units, COALESCE(SUM(co_pay_fen), 0) AS fen FROM store_redemption_days
        WHERE store_id = ? AND day = ?`,
      [storeId, day],
    );
    return { units: Number(row!.units), coPayFen: Number(row!.fen) };
  }
}

interface Names {
  store_name: string;
  product_name: string | null;
}

const SELECT = `SELECT ${FIELDS.map((name) => `r.${name}`).join(', ')}, s.name AS store_name, p.name AS product_name
  FROM store_redemptions r JOIN stores s ON s.id = r.store_id LEFT JOIN products p ON p.id = r.product_id`;

function keyOf({ code, slot }: AwardKey): [number, number, number, number] {
  return [code.batch, code.layer, code.serial, slot];
}

function valuesOf(redemption: Redemption): SqlValue[] {
  const { storeId, distributorId, clerkId, member, productId, campaignId, prizeName } = redemption;
  const { valueFen, coPayFen, requestId, redeemedAt } = redemption;
  return [
    ...keyOf(redemption),
    ...[storeId, distributorId, clerkId, member, productId, campaignId, prizeName],
    ...[valueFen, coPayFen, requestId, redeemedAt],
  ];
}

function item(raw: Raw & Names): RedemptionItem {
  const code = { batch: raw.batch_id, layer: raw.layer, serial: raw.serial };
  return {
    code,
    slot: raw.slot,
    storeId: raw.store_id,
    storeName: raw.store_name,
    distributorId: raw.distributor_id,
    clerkId: Number(raw.clerk_id),
    member: memberId(raw.member_id),
    productId: raw.product_id,
    productName: raw.product_name ?? raw.prize_name,
    campaignId: raw.campaign_id,
    prizeName: raw.prize_name,
    valueFen: fenFromColumn(raw.value_fen),
    coPayFen: fenFromColumn(raw.co_pay_fen),
    requestId: textOf(raw.request_id),
    redeemedAt: raw.redeemed_at,
  };
}

function narrowed({ distributorId, storeId, productId, from, to }: RedemptionFilter): {
  where: string[];
  params: SqlValue[];
} {
  const where: string[] = [];
  const params: SqlValue[] = [];
  const add = (sql: string, value: SqlValue | undefined): void => {
    if (value === undefined) return;
    where.push(sql);
    params.push(value);
  };
  add('r.distributor_id = ?', distributorId);
  add('r.store_id = ?', storeId);
  add('r.product_id = ?', productId);
  add('r.redeemed_at >= ?', from);
  add('r.redeemed_at < ?', to);
  return { where, params };
}

/** Names an award in maps: `batch:layer:serial:slot`. */
export function awardKeyText({ code, slot }: AwardKey): string {
  return `${codeKey(code)}:${slot}`;
}
