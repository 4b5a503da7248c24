import { placeholders, textOf, type Reader } from '@app/database';
import type { CampaignStatus } from '../decision';
import type { StoredStatus } from './campaign.entity';
import { readStock, type StockRow } from './prize-stock.repository';

interface CampaignRow {
  readonly id: number;
  readonly status: Buffer;
  readonly epoch: number;
  readonly startsAt: Date | null;
  readonly runFrom: Date | null;
  readonly runUntil: Date | null;
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

  constructor(campaigns: readonly CampaignRow[], stock: readonly StockRow[], now: Date) {
    this.statuses = new Map(campaigns.map((row) => [row.id, statusAt(row, now)]));
    this.epochs = new Map(campaigns.map((row) => [row.id, row.epoch]));
    this.left = new Map(
      stock.map((row) => [keyOf(row.campaignId, row.prizeKey), row.stock === null ? null : row.stock - row.issued]),
    );
  }

  /** `ended` for a campaign that does not exist, one that was never published, and a burst whose run is over. */
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
 * Reads status, epoch and stock fresh; call it after the locks are held. `now` is the time of the scans, by which a burst's run begins
 * and ends. `lockStock` takes the stock rows too: for the second try of a group whose `issueStock` failed, which then sees exact
 * remainders.
 */
export async function readCampaignStates(
  tx: Reader,
  campaignIds: readonly number[],
  now: Date,
  options: { readonly lockStock?: boolean } = {},
): Promise<CampaignStates> {
  if (campaignIds.length === 0) return new CampaignStates([], [], now);
  const ids = [...new Set(campaignIds)].sort((a, b) => a - b);
  const campaigns = await tx.query<CampaignRow>(
    `SELECT id, status, epoch, starts_at AS startsAt, run_from AS runFrom, run_until AS runUntil
       FROM campaigns WHERE id IN (${placeholders(ids)})`,
    ids,
  );
  return new CampaignStates(campaigns, await readStock(tx, ids, options.lockStock), now);
}

function statusAt({ status, startsAt, runFrom, runUntil }: CampaignRow, now: Date): CampaignStatus {
  const stored = textOf(status) as StoredStatus;
  if (stored === 'draft' || stored === 'ended') return 'ended';
  if (runUntil !== null && now >= runUntil) return 'ended';
  if (stored === 'armed' || (runFrom !== null && now < runFrom)) return 'armed';
  if (stored === 'live' && startsAt !== null && now < startsAt) return 'scheduled';
  return stored;
}

function keyOf(campaignId: number, prizeKey: string): string {
  return `${campaignId}:${prizeKey}`;
}
