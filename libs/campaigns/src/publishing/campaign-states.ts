import { placeholders, textOf, type Tx } from '@app/database';
import type { CampaignStatus } from '../decision';
import type { StoredStatus } from './campaign.entity';
import { readStock, type StockRow } from './prize-stock.repository';

interface CampaignRow {
  readonly id: number;
  readonly status: Buffer;
  readonly epoch: number;
}

/**
 * Status, epoch and stock of some campaigns as one transaction read them: the part of DecisionState that belongs to campaigns. A group of
 * scans takes its awards from it one by one, so that the second scan of the group sees what the first one left.
 */
export class CampaignStates {
  private readonly statuses: ReadonlyMap<number, CampaignStatus>;
  private readonly left: Map<string, number | null>;
  /** By campaign; campaigns that do not exist are missing. */
  readonly epochs: ReadonlyMap<number, number>;

  constructor(campaigns: readonly CampaignRow[], stock: readonly StockRow[]) {
    this.statuses = new Map(campaigns.map((row) => [row.id, statusOf(textOf(row.status) as StoredStatus)]));
    this.epochs = new Map(campaigns.map((row) => [row.id, row.epoch]));
    this.left = new Map(
      stock.map((row) => [keyOf(row.campaignId, row.prizeKey), row.stock === null ? null : row.stock - row.issued]),
    );
  }

  /** `live` also for a campaign whose period is still to begin; `ended` for one that does not exist. */
  status(campaignId: number): CampaignStatus {
    return this.statuses.get(campaignId) ?? 'ended';
  }

  /** null = unlimited; 0 for a prize without a row, because doubt never pays. */
  stockLeft(campaignId: number, prizeKey: string): number | null {
    const left = this.left.get(keyOf(campaignId, prizeKey));
    return left === undefined ? 0 : left;
  }

  /** Takes one prize in memory; `issueStock` does it in the database. */
  take(campaignId: number, prizeKey: string): void {
    const left = this.left.get(keyOf(campaignId, prizeKey));
    if (typeof left === 'number') this.left.set(keyOf(campaignId, prizeKey), left - 1);
  }
}

/**
 * Reads status, epoch and stock fresh; call it after the locks are held. `lockStock` takes the stock rows too: for the second try of a
 * group whose `issueStock` failed, which then sees exact remainders.
 */
export async function readCampaignStates(
  tx: Tx,
  campaignIds: readonly number[],
  options: { readonly lockStock?: boolean } = {},
): Promise<CampaignStates> {
  if (campaignIds.length === 0) return new CampaignStates([], []);
  const ids = [...new Set(campaignIds)].sort((a, b) => a - b);
  const campaigns = await tx.query<CampaignRow>(
    `SELECT id, status, epoch FROM campaigns WHERE id IN (${placeholders(ids)})`,
    ids,
  );
  return new CampaignStates(campaigns, await readStock(tx, ids, options.lockStock));
}

function statusOf(stored: StoredStatus): CampaignStatus {
  return stored === 'live' || stored === 'paused' ? stored : 'ended';
}

function keyOf(campaignId: number, prizeKey: string): string {
  return `${campaignId}:${prizeKey}`;
}
