import { Injectable } from '@nestjs/common';
import type { Reader } from '@app/database';
import { COUNTS } from './releases';

/** For those who hold money ready for prizes: what was paid, or on its way, and is theirs to hold again. */
@Injectable()
export class CameBack {
  /**
   * Campaigns of which money came back at `since` or later, by a refund or a proven failure, and was neither asked for again nor released.
   * What was written by a transaction that is still open is missing: ask again for some time before.
   */
  async campaignsSince(reader: Reader, since: Date): Promise<ReadonlySet<number>> {
    const rows = await reader.query<{ id: number }>(
      `SELECT DISTINCT p.campaign_id AS id FROM payout_moves m JOIN payouts p ON p.payout_key = m.payout_key
        WHERE m.to_state IN ('FAILED', 'REFUNDED') AND m.at >= ? AND p.state IN ('FAILED', 'REFUNDED')
          AND NOT EXISTS (SELECT 1 FROM award_releases r WHERE r.payout_key = p.payout_key AND ${COUNTS})`,
      [since],
    );
    return new Set(rows.map(({ id }) => id));
  }
}
