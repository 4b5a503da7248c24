import { Injectable } from '@nestjs/common';
import { isDuplicate, type Tx } from '@app/database';
import { Rejected } from '@app/kernel';

export interface NewCouponPool {
  /** Unique among pools, at most 64 characters. */
  readonly name: string;
  /** At or below this many codes the pool is shown as low. */
  readonly lowMark: number;
  /** The operator, null for the system. */
  readonly by: number | null;
}

/** An empty pool of coupon codes. */
@Injectable()
export class CreateCouponPool {
  /** Returns its id. Rejected `pool_name_taken` (409). */
  async run(tx: Tx, { name, lowMark, by }: NewCouponPool): Promise<number> {
    try {
      const { insertId } = await tx.execute(
        'INSERT INTO coupon_pools (name, low_mark, created_by, created_at) VALUES (?, ?, ?, UTC_TIMESTAMP(6))',
        [name, lowMark, by],
      );
      await tx.execute('INSERT INTO coupon_stock (pool_id) VALUES (?)', [insertId]);
      return insertId;
    } catch (error) {
      if (!isDuplicate(error, 'uq_coupon_pools_name')) throw error;
      throw new Rejected('pool_name_taken', `已经有一个叫「${name}」的券码库了`, 409);
    }
  }
}
