import { placeholders, textOf, type Reader } from '@app/database';
import { FREEZING_KINDS } from './incident-kinds';

/** Which of these payouts begin no new offer until people have closed an incident. */
export async function frozenAmong(reader: Reader, payoutKeys: readonly string[]): Promise<ReadonlySet<string>> {
  if (payoutKeys.length === 0) return new Set();
  const rows = await reader.query<{ payout_key: Buffer }>(
    `SELECT DISTINCT payout_key FROM payout_incidents
      WHERE payout_key IN (${placeholders(payoutKeys)}) AND resolved_at IS NULL AND kind IN (${placeholders(FREEZING_KINDS)})`,
    [...payoutKeys, ...FREEZING_KINDS],
  );
  return new Set(rows.map((row) => textOf(row.payout_key)));
}
