import { Injectable } from '@nestjs/common';
import { placeholders, textOf, type Tx } from '@app/database';

/** For those who decide whether money may still be asked for in another way. */
@Injectable()
export class AskedFor {
  /**
   * Which of these payout keys money was asked for already. The rows are locked: whoever is just being born is waited for, so call it
   * after writing what the other side looks at.
   */
  async among(tx: Tx, payoutKeys: readonly string[]): Promise<ReadonlySet<string>> {
    if (payoutKeys.length === 0) return new Set();
    const rows = await tx.query<{ payout_key: Buffer }>(
      `SELECT payout_key FROM payouts WHERE payout_key IN (${placeholders(payoutKeys)}) ORDER BY payout_key FOR UPDATE`,
      payoutKeys,
    );
    return new Set(rows.map((row) => textOf(row.payout_key)));
  }
}
