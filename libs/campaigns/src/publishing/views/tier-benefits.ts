import { Injectable } from '@nestjs/common';
import { leavesOf } from '@app/conditions';
import { Database, databaseNow, placeholders } from '@app/database';
import type { CompiledVersion } from '../../decision';
import { noticeCondition } from '../../document/notice-words';
import { tierRules, type Tier } from '../../document/tier-rules';
import { CampaignCatalog } from '../campaign-catalog';
import { readCampaignStates } from '../campaign-states';

/** What a running campaign gives to some tiers and not to others, in the words of its own public notice. */
export interface TierBenefit {
  readonly campaignId: number;
  readonly campaign: string;
  readonly rule: string;
  /** Everything the rule asks for: 「所在地 是 安徽省，等级 是 金卡、白金卡」. */
  readonly condition: string;
  readonly prizes: readonly string[];
  readonly tiers: readonly Tier[];
  /** Not included. */
  readonly until: Date;
}

/** More would not be read. */
const MOST = 20;

/** What tiers are good for now: nothing but rules in force. */
@Injectable()
export class TierBenefits {
  constructor(
    private readonly database: Database,
    private readonly campaigns: CampaignCatalog,
  ) {}

  /** Of campaigns that are running at this instant, in the order in which they are asked. */
  async now(): Promise<TierBenefit[]> {
    const versions = (await this.campaigns.live()).map((version) => ({ version, rules: tierRules(version.content) }));
    const telling = versions.filter(({ rules }) => rules.length > 0);
    if (telling.length === 0) return [];
    const now = await databaseNow(this.database);
    const states = await readCampaignStates(
      this.database,
      telling.map(({ version }) => version.campaignId),
      now,
    );
    const running = telling.filter(
      ({ version }) => states.status(version.campaignId) === 'live' && version.from <= now && now < version.to,
    );
    const names = await this.productNames(running.map(({ version }) => version));
    return running
      .flatMap(({ version: { campaignId, content, to }, rules }) =>
        rules.map(({ rule, tiers, prizes }): TierBenefit => ({
          campaignId,
          campaign: content.copy.title,
          rule: rule.name,
          condition: noticeCondition(rule.when, (field, value) =>
            field === 'product' ? names.get(Number(value)) : undefined,
          ),
          ...{ prizes, tiers, until: to },
        })),
      )
      .slice(0, MOST);
  }

  private async productNames(versions: readonly CompiledVersion[]): Promise<ReadonlyMap<number, string>> {
    const asked = versions.flatMap(({ content }) =>
      content.rules.flatMap(({ when }) =>
        leavesOf(when).flatMap(({ leaf }) => (leaf.field === 'product' ? [leaf.value].flat().map(Number) : [])),
      ),
    );
    const ids = [...new Set(asked)].filter(Number.isSafeInteger);
    if (ids.length === 0) return new Map();
    const rows = await this.database.query<{ id: number; name: string }>(
      `SELECT id, name FROM products WHERE id IN (${placeholders(ids)})`,
      ids,
    );
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}
