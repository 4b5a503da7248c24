import type { Reader } from '@app/database';
import { Injectable } from '@nestjs/common';
import { readCampaignNames, type CampaignNames } from '@app/analytics';
import { leavesOf } from '@app/conditions';
import { Rejected } from '@app/kernel';
import { readPictureSizes } from '@app/pictures';
import type { CampaignContent } from '../document/campaign-content';
import type { Finding } from '../document/finding';
import { lintInSurroundings } from '../document/lint-in-surroundings';
import type { Surroundings } from '../document/surroundings';
import { otherVersions } from './campaigns.repository';

/** 扫码率 that is assumed for the expected cost while a brand has no better figure: on the high side of what prize caps reach. */
const ASSUMED_SCAN_RATE = 0.35;

/** Lints a document against what exists around it: its budget, products, batches, pools, audiences, stores and the other campaigns. */
@Injectable()
export class SurroundedLint {
  /** `campaignId` is null for a document that is no campaign yet. Reads only; inside a transaction it sees what the transaction sees. */
  async run(reader: Reader, campaignId: number | null, content: CampaignContent): Promise<Finding[]> {
    return lintInSurroundings(content, await this.surroundings(reader, campaignId, content));
  }

  async surroundings(reader: Reader, campaignId: number | null, content: CampaignContent): Promise<Surroundings> {
    const found = await readCampaignNames(reader, namesIn(content));
    const pictures = await readPictureSizes(reader, picturesIn(content));
    return { ...found, pictures, scanRate: ASSUMED_SCAN_RATE, others: await otherVersions(reader, campaignId) };
  }
}

/** Throws Rejected `campaign_invalid` (422, details = the findings) when one of them is an error. */
export function refuseErrors(findings: readonly Finding[]): void {
  if (findings.every(({ severity }) => severity !== 'error')) return;
  throw new Rejected('campaign_invalid', '活动还不能提交，请按提示修改', 422, findings);
}

/** Everything a document names by its number. */
export function namesIn({ scope, rules, prizes, budgetId }: CampaignContent): CampaignNames {
  const inConditions = (field: string): number[] =>
    rules.flatMap(({ when }) =>
      leavesOf(when).flatMap(({ leaf }) => (leaf.field === field ? [leaf.value].flat() : []).filter(isId)),
    );
  return {
    scope,
    budgetId,
    products: inConditions('product'),
    batches: [
      ...inConditions('batch'),
      ...rules.flatMap(({ then }) => (then.mode === 'dealt' ? [then.segment.batch] : [])),
    ],
    redeemed: prizes.flatMap((prize) => (prize.kind === 'redeem' ? [prize.productId] : [])),
    couponPools: prizes.flatMap((prize) =>
      prize.kind === 'coupon' && prize.coupon.type === 'pool' ? [prize.coupon.poolId] : [],
    ),
    audiences: inConditions('audience'),
  };
}

function picturesIn({ look }: CampaignContent): string[] {
  return [look?.hero, look?.logo].filter((hash) => typeof hash === 'string');
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value);
}
