import { Injectable } from '@nestjs/common';
import { bulkUpsert, type Tx } from '@app/database';

/** Fen of the bills that were sent at a merchant account on a Shanghai day, each once: what its daily ceiling is held against. */
@Injectable()
export class MerchantDaysRepository {
  /** Fen used so far. The row is held until the transaction ends. */
  async lock(tx: Tx, mchId: string, day: string): Promise<number> {
    const [row] = await tx.query<{ born_fen: string }>(
      'SELECT born_fen FROM merchant_days WHERE mch_id = ? AND day = ? FOR UPDATE',
      [mchId, day],
    );
    if (row) return Number(row.born_fen);
    await bulkUpsert(tx, 'merchant_days', ['mch_id', 'day', 'born_fen'], [[mchId, day, 0]], { update: ['mch_id'] });
    return this.lock(tx, mchId, day);
  }

  async add(tx: Tx, mchId: string, day: string, fen: number): Promise<void> {
    await tx.execute('UPDATE merchant_days SET born_fen = born_fen + ? WHERE mch_id = ? AND day = ?', [
      fen,
      mchId,
      day,
    ]);
  }
}
