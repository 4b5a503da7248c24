import { Inject, Injectable } from '@nestjs/common';
import { CodeSeals } from '@app/codes';
import { CONFIG, type Config } from '@app/config';
import type { Tx } from '@app/database';
import { Rejected } from '@app/kernel';
import { dealCommitment, dealSeed, dealText } from '../../deal';
import type { CampaignContent, DealtTable, Rule } from '../../document/campaign-content';
import { insertDeal, readDeals, sealKey } from './deals.repository';

type DealtRule = Rule & { readonly then: DealtTable };

/** The deals of a campaign belong to it and not to a version: whatever is published later, what a code was dealt stays. */
@Injectable()
export class CampaignDeals {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly seals: CodeSeals,
  ) {}

  /**
   * Commits to every deal that is new in this content, and seals its range: until the deal is opened nobody is told the serials of its
   * codes. Rejected `deal_fixed` (409) when a deal of an earlier version is missing or has another segment or other counts. The
   * campaign's row is locked.
   */
  async commit(tx: Tx, campaignId: number, { rules }: CampaignContent): Promise<void> {
    const dealt = rules.filter((rule): rule is DealtRule => rule.then.mode === 'dealt');
    const known = new Map((await readDeals(tx, campaignId)).map((deal) => [deal.ruleKey, deal]));
    for (const deal of known.values()) {
      const rule = dealt.find(({ key }) => key === deal.ruleKey);
      if (!rule || dealText(rule.then) !== dealText(deal)) throw fixed(deal.ruleKey);
    }
    for (const { key, then } of dealt.filter((rule) => !known.has(rule.key))) {
      const seed = dealSeed(this.config.keys.draw, campaignId, key, then.segment);
      await insertDeal(tx, campaignId, key, then, dealCommitment(seed, then));
      const { batch, ...range } = then.segment;
      await this.seals.seal(tx, sealKey(campaignId, key), { batchId: batch, ...range });
    }
  }
}

function fixed(ruleKey: string): Rejected {
  const words = `规则「${ruleKey}」的奖项已经按数量埋好并公示，码段、奖项和数量都不能再改，也不能删；要停就结束活动`;
  return new Rejected('deal_fixed', words, 409, { ruleKey });
}
