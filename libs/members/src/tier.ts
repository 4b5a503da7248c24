/** Tiers by 消费值, lowest first. */
export const TIERS = ['regular', 'gold', 'platinum'] as const;
export type TierKey = (typeof TIERS)[number];

/** Share of members with 消费值 that may be in a tier at most. */
export const TIER_SHARES: Readonly<Record<Exclude<TierKey, 'regular'>, number>> = { gold: 0.2, platinum: 0.05 };

/** How long a tier is kept once earned. */
export const TIER_MONTHS = 12;

const NAMES: Readonly<Record<TierKey, string>> = { regular: '普卡', gold: '金卡', platinum: '白金卡' };

/** The tier's name as members read it. */
export function tierName(tier: TierKey): string {
  return NAMES[tier];
}

export function isTier(value: string): value is TierKey {
  return (TIERS as readonly string[]).includes(value);
}

/** Least 消费值 in fen per tier; a tier that nobody can reach this month is missing. */
export type TierThresholds = Partial<Record<Exclude<TierKey, 'regular'>, number>>;

export interface TierStanding {
  readonly tier: TierKey;
  /** The first Shanghai day (`YYYY-MM-DD`) on which the tier no longer holds; null for 普卡. */
  readonly until: string | null;
}

/** The highest tier whose threshold the 消费值 reaches. */
export function earnedTier(spendFen: number, thresholds: TierThresholds): TierKey {
  if (thresholds.platinum !== undefined && spendFen >= thresholds.platinum) return 'platinum';
  if (thresholds.gold !== undefined && spendFen >= thresholds.gold) return 'gold';
  return 'regular';
}

/** The lowest tier above this one that has a line; null when there is none. */
export function nextTier(
  now: TierKey,
  thresholds: TierThresholds,
): { readonly tier: TierKey; readonly leastFen: number } | null {
  for (const tier of ['gold', 'platinum'] as const) {
    const leastFen = thresholds[tier];
    if (TIERS.indexOf(tier) > TIERS.indexOf(now) && leastFen !== undefined) return { tier, leastFen };
  }
  return null;
}

/**
 * A member's standing after the thresholds of `month` (`YYYY-MM`) were applied: a tier earned again or anew holds 12 months from
 * the month's first day; a higher one that was not earned again is kept until it runs out.
 */
export function nextStanding(now: TierStanding, earned: TierKey, month: string): TierStanding {
  const fresh = { tier: earned, until: earned === 'regular' ? null : addMonths(month, TIER_MONTHS) };
  if (TIERS.indexOf(earned) >= TIERS.indexOf(now.tier)) return fresh;
  return now.until !== null && now.until > `${month}-01` ? now : fresh;
}

/** The better of two standings, when two members turn out to be one person. */
export function betterStanding(a: TierStanding, b: TierStanding): TierStanding {
  if (a.tier !== b.tier) return TIERS.indexOf(a.tier) > TIERS.indexOf(b.tier) ? a : b;
  return (a.until ?? '') >= (b.until ?? '') ? a : b;
}

/** First day of the month `count` months after `month`, as `YYYY-MM-DD`. */
export function addMonths(month: string, count: number): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 10);
}
