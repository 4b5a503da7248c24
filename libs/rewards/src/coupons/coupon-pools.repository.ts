import { Injectable } from '@nestjs/common';
import { bulkInsert, placeholders, type Reader, type SqlValue, type Tx } from '@app/database';
import { Defect, type CodeTriple, type MemberId } from '@app/kernel';
import { payoutKeyOf, type AwardRow } from '../award';
import { validUntil } from '../validity';
import { CouponVault } from './coupon-vault';

/** An award that takes the next code of a pool. */
export interface CouponTake {
  readonly code: CodeTriple;
  /** Claim slot of the award. */
  readonly slot: number;
  readonly poolId: number;
  readonly member: MemberId;
  readonly wonAt: Date;
  readonly validDays: number;
}

interface Stock {
  readonly poolId: number;
  readonly total: number;
  readonly taken: number;
}

const AWARD_COUPON = [
  'batch_id',
  'layer',
  'serial',
  'slot',
  'pool_id',
  'position',
  'member_id',
  'won_at',
  'valid_until',
];

/**
 * Imported coupon codes, given away in the order of their import. How many are gone is one number per pool, so an award names its code
 * without searching for it, and a transaction that rolls back puts nothing out of order.
 */
@Injectable()
export class CouponPools {
  constructor(private readonly vault: CouponVault) {}

  /** Codes left by pool; a pool that does not exist has 0. With `lock` the counts stay true until the transaction ends. */
  async left(
    reader: Reader,
    poolIds: readonly number[],
    { lock = false }: { lock?: boolean } = {},
  ): Promise<Map<number, number>> {
    const rows = await this.stock(reader, poolIds, lock);
    const known = new Map(rows.map(({ poolId, total, taken }) => [poolId, total - taken]));
    return new Map(poolIds.map((poolId) => [poolId, known.get(poolId) ?? 0]));
  }

  /**
   * Gives each award the next code of its pool. False when one of the pools does not have enough: then nothing was taken. Pools are
   * locked in the order of their ids; call it with all awards of a transaction at once, near its end.
   */
  async take(tx: Tx, awards: readonly CouponTake[]): Promise<boolean> {
    if (awards.length === 0) return true;
    const byPool = new Map<number, CouponTake[]>();
    for (const award of awards) byPool.set(award.poolId, [...(byPool.get(award.poolId) ?? []), award]);
    const stock = new Map((await this.stock(tx, [...byPool.keys()], true)).map((row) => [row.poolId, row]));
    const wanted = [...byPool].sort(([one], [other]) => one - other);
    for (const [poolId, list] of wanted) {
      const pool = stock.get(poolId);
      if (!pool || pool.total - pool.taken < list.length) return false;
    }
    const rows: SqlValue[][] = [];
    for (const [poolId, list] of wanted) {
      const { taken } = stock.get(poolId)!;
      const { affectedRows } = await tx.execute(
        'UPDATE coupon_stock SET taken = taken + ? WHERE pool_id = ? AND taken = ? AND taken + ? <= total',
        [list.length, poolId, taken, list.length],
      );
      if (affectedRows !== 1) throw new Defect('a coupon pool moved while it was locked');
      list.forEach((award, index) => rows.push(rowOf(award, taken + index)));
    }
    await bulkInsert(tx, 'award_coupons', AWARD_COUPON, rows);
    return true;
  }

  /** The imported codes of these awards, by `payoutKeyOf`; awards that took none are missing. Opens seals: never log the result. */
  async codesOf(
    reader: Reader,
    awards: readonly Pick<AwardRow, 'code' | 'slot'>[],
  ): Promise<Map<string, { readonly code: string; readonly validUntil: Date }>> {
    if (awards.length === 0) return new Map();
    const rows = await reader.query<{
      batch: number;
      layer: number;
      serial: number;
      slot: number;
      poolId: number;
      position: number;
      validUntil: Date;
      sealed: Buffer;
    }>(
      `SELECT a.batch_id AS batch, a.layer, a.serial, a.slot, a.pool_id AS poolId, a.position, a.valid_until AS validUntil,
              c.code_sealed AS sealed
         FROM award_coupons a JOIN coupon_codes c ON c.pool_id = a.pool_id AND c.position = a.position
        WHERE (a.batch_id, a.layer, a.serial, a.slot) IN (${awards.map(() => '(?,?,?,?)').join(',')})`,
      awards.flatMap(({ code, slot }) => [code.batch, code.layer, code.serial, slot]),
    );
    return new Map(
      rows.map(({ batch, layer, serial, slot, poolId, position, sealed, ...row }) => [
        payoutKeyOf({ code: { batch, layer, serial }, slot }),
        { code: this.vault.open(sealed, poolId, position), validUntil: row.validUntil },
      ]),
    );
  }

  private async stock(reader: Reader, poolIds: readonly number[], lock: boolean): Promise<Stock[]> {
    if (poolIds.length === 0) return [];
    return reader.query<Stock>(
      `SELECT pool_id AS poolId, total, taken FROM coupon_stock WHERE pool_id IN (${placeholders(poolIds)})
        ORDER BY pool_id${lock ? ' FOR UPDATE' : ''}`,
      poolIds,
    );
  }
}

function rowOf({ code, slot, poolId, member, wonAt, validDays }: CouponTake, position: number): SqlValue[] {
  const end = validUntil(wonAt, validDays);
  return [code.batch, code.layer, code.serial, slot, poolId, position, member, wonAt, end];
}
