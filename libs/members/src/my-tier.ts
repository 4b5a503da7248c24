import { Injectable } from '@nestjs/common';
import { Database, databaseNow } from '@app/database';
import { shanghaiFields, type MemberId } from '@app/kernel';
import { MemberDirectory } from './member-directory';
import { addMonths, nextTier, tierName, TIER_SHARES, type TierKey } from './tier';
import { TierKeeper } from './tier-keeper';

/** Where a member stands, and what the next tier takes. */
export interface MyTierView {
  readonly tier: TierKey;
  readonly name: string;
  /** First Shanghai day on which it no longer holds; null for 普卡. */
  readonly until: string | null;
  /** 消费值: 估算消费 of the last 365 days. */
  readonly spendFen: number;
  /** `YYYY-MM`. */
  readonly month: string;
  /** The Shanghai day on which tiers are set next. */
  readonly nextReview: string;
  /** Lines of this month, highest last; empty while too few people bought something. */
  readonly lines: readonly {
    readonly tier: TierKey;
    readonly name: string;
    readonly leastFen: number;
    /** Of a hundred members with 消费值, how many are above this line at most. */
    readonly percent: number;
  }[];
  /** The next higher tier that has a line this month. `missingFen` 0: reached, and given at the next review. */
  readonly next: { readonly name: string; readonly leastFen: number; readonly missingFen: number } | null;
}

@Injectable()
export class MyTier {
  constructor(
    private readonly database: Database,
    private readonly members: MemberDirectory,
    private readonly keeper: TierKeeper,
  ) {}

  /** Null for who is not there. */
  async of(member: MemberId): Promise<MyTierView | null> {
    const profile = await this.members.own(member);
    if (!profile) return null;
    const { month } = shanghaiFields(await databaseNow(this.database));
    const thresholds = (await this.keeper.thresholds(this.database, month)) ?? {};
    const { key: tier, name, until } = profile.tier;
    const wanted = nextTier(tier, thresholds);
    return {
      ...{ tier, name, until, month },
      spendFen: profile.spendFen,
      nextReview: addMonths(month, 1),
      lines: (['gold', 'platinum'] as const).flatMap((key) => {
        const leastFen = thresholds[key];
        return leastFen === undefined
          ? []
          : [{ tier: key, name: tierName(key), leastFen, percent: Math.round(TIER_SHARES[key] * 100) }];
      }),
      next: wanted && {
        name: tierName(wanted.tier),
        leastFen: wanted.leastFen,
        missingFen: Math.max(0, wanted.leastFen - profile.spendFen),
      },
    };
  }
}
