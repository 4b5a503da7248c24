import type { Tx } from '@app/database';

/** One privileged act on a campaign. `details` is plain data for the audit row: what was before and after, and why. */
export interface CampaignAct {
  readonly act: 'campaign.save' | 'campaign.publish' | 'campaign.pause' | 'campaign.resume' | 'campaign.end';
  readonly campaignId: number;
  /** The operator; null for the system itself. */
  readonly by: number | null;
  readonly details: Readonly<Record<string, string | number | null>>;
}

/** Writes the audit row in the transaction of the act. Every use case here demands one, so that none can be forgotten. */
export type RecordAct = (tx: Tx, act: CampaignAct) => Promise<void>;
