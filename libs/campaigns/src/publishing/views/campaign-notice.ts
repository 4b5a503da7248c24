import { Injectable } from '@nestjs/common';
import { Database, placeholders } from '@app/database';
import { Rejected } from '@app/kernel';
import { publicNotice, type Notice } from '../../document/public-notice';
import { versionInForce } from '../campaigns.repository';
import { readDeals } from '../deals/deals.repository';
import { namesIn } from '../surrounded-lint';

/** 规则公示 of the version in force. */
@Injectable()
export class CampaignNotices {
  constructor(private readonly database: Database) {}

  /**
   * Throws Rejected `no_campaign` (404) for a campaign that was never published, and for a burst that waits for its start: a rival should
   * not read of it beforehand. What has ended stays readable. `dealt`: there is a proof to read too.
   */
  async of(campaignId: number): Promise<Notice & { readonly dealt: boolean }> {
    const [row] = await this.database.query<{ currentVersionId: number }>(
      `SELECT current_version_id AS currentVersionId FROM campaigns
        WHERE id = ? AND current_version_id IS NOT NULL AND status <> 'armed' AND (lane <> 'burst' OR run_from IS NOT NULL)`,
      [campaignId],
    );
    const version = row && (await versionInForce(this.database, row));
    if (!version) throw new Rejected('no_campaign', '没有这个活动', 404);
    const deals = await readDeals(this.database, campaignId);
    const { scope, products, redeemed } = namesIn(version.content);
    const names = await this.productNames([...scope.products, ...products, ...redeemed]);
    const notice = publicNotice(version, {
      deals: deals.map(({ ruleKey, commitment, seed }) => ({
        ...{ ruleKey, commitment: commitment.toString('hex'), seed: seed?.toString('hex') ?? null },
      })),
      nameOf: (field, value) => (field === 'product' ? names.get(Number(value)) : undefined),
    });
    return { ...notice, dealt: deals.length > 0 };
  }

  private async productNames(ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const wanted = [...new Set(ids)];
    if (wanted.length === 0) return new Map();
    const rows = await this.database.query<{ id: number; name: string }>(
      `SELECT id, name FROM products WHERE id IN (${placeholders(wanted)})`,
      wanted,
    );
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}
