import { Injectable } from '@nestjs/common';
import type { Tx } from '@app/database';
import { Rejected } from '@app/kernel';

/** Sets the mark at or below which a pool is shown as low. */
@Injectable()
export class MarkCouponPool {
  /** Returns the mark before. Throws Rejected 404. */
  async run(tx: Tx, { poolId, lowMark }: { poolId: number; lowMark: number }): Promise<number> {
    const [row] = await tx.query<{ mark: number }>(
      'SELECT low_mark AS mark FROM coupon_pools WHERE id = ? FOR UPDATE',
      [poolId],
    );
    if (!row) throw new Rejected('no_such_pool', '没有这个券码库', 404);
    await tx.execute('UPDATE coupon_pools SET low_mark = ? WHERE id = ?', [lowMark, poolId]);
    return row.mark;
  }
}
