import { type Reader, textOf, type Tx } from '@app/database';
import type { DealtSegment, DealtTable } from '../../document/campaign-content';

/** One deal as it is stored. `seed` is null until the deal is opened: it is nowhere in the database before. */
export interface StoredDeal {
  readonly campaignId: number;
  readonly ruleKey: string;
  readonly segment: DealtSegment;
  readonly prizes: DealtTable['prizes'];
  readonly commitment: Buffer;
  readonly publishedAt: Date;
  readonly openedAt: Date | null;
  readonly seed: Buffer | null;
}

interface DealRow {
  campaignId: number;
  ruleKey: Buffer;
  batch: number;
  layer: number;
  from: number;
  to: number;
  prizes: string;
  commitment: Buffer;
  publishedAt: Date;
  openedAt: Date | null;
  seed: Buffer | null;
}

export async function readDeals(reader: Reader, campaignId: number): Promise<StoredDeal[]> {
  const rows = await reader.query<DealRow>(
    `SELECT campaign_id AS campaignId, rule_key AS ruleKey, batch_id AS batch, layer, serial_from AS \`from\`, serial_to AS \`to\`,
            prizes, commitment, published_at AS publishedAt, opened_at AS openedAt, seed
       FROM campaign_deals WHERE campaign_id = ? ORDER BY rule_key`,
    [campaignId],
  );
  return rows.map(({ ruleKey, batch, layer, from, to, prizes, ...rest }) => ({
    ...rest,
    ruleKey: textOf(ruleKey),
    segment: { batch, layer, from, to },
    prizes: JSON.parse(prizes) as StoredDeal['prizes'],
  }));
}

/** Ended campaigns whose deals are still closed, at most `limit`. */
export async function campaignsToOpen(reader: Reader, limit: number): Promise<number[]> {
  const rows = await reader.query<{ id: number }>(
    `SELECT DISTINCT c.id FROM campaign_deals d JOIN campaigns c ON c.id = d.campaign_id
      WHERE d.opened_at IS NULL AND c.status = 'ended' ORDER BY c.id LIMIT ?`,
    [limit],
  );
  return rows.map(({ id }) => id);
}

export async function insertDeal(
  tx: Tx,
  campaignId: number,
  ruleKey: string,
  { segment, prizes }: DealtTable,
  commitment: Buffer,
): Promise<void> {
  await tx.execute(
    `INSERT INTO campaign_deals
       (campaign_id, rule_key, batch_id, layer, serial_from, serial_to, prizes, commitment, published_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6))`,
    [
      campaignId,
      ruleKey,
      segment.batch,
      segment.layer,
      segment.from,
      segment.to,
      JSON.stringify(prizes.map(({ key, count }) => ({ key, count }))),
      commitment,
    ],
  );
}

/** Writes the seed of a deal that is still closed; false when it was open already. */
export async function writeSeed(tx: Tx, { campaignId, ruleKey }: StoredDeal, seed: Buffer): Promise<boolean> {
  const { affectedRows } = await tx.execute(
    `UPDATE campaign_deals SET seed = ?, opened_at = UTC_TIMESTAMP(6)
      WHERE campaign_id = ? AND rule_key = ? AND opened_at IS NULL`,
    [seed, campaignId, ruleKey],
  );
  return affectedRows === 1;
}

/** Under which a deal's range is sealed in `codes`. */
export function sealKey(campaignId: number, ruleKey: string): string {
  return `deal:${campaignId}:${ruleKey}`;
}
