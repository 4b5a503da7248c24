import type { ConditionDocument } from '../conditions/condition-tree';

/** A campaign as the server keeps it (docs/campaigns.md). Money is fen, odds and weights are parts per million, times are Beijing wall time. */
export interface CampaignDocument {
  schema: 1;
  name: string;
  lane: Lane;
  priority: number;
  scope: { products: number[]; batches: number[] };
  period: { zone: 'Asia/Shanghai'; from: string; to: string };
  rules: RuleDocument[];
  prizes: PrizeDocument[];
  caps: Cap[];
  budgetId: number | null;
  gates: { kind: GateKind }[];
  alwaysWins: boolean;
  experiment: Experiment | null;
  burst: BurstPlan | null;
  payout: { mode: 'instant' } | { mode: 'pooled'; untilFen: number };
  copy: { title: string; ruleText: string } & { [line in CopyLine]?: string | undefined };
  /** Left out, the page looks like the brand. */
  look?: LookDocument | undefined;
  legal: Legal;
}

export const COPY_LINES = ['invite', 'win', 'thanks', 'notice'] as const;
export type CopyLine = (typeof COPY_LINES)[number];

export type Theme = 'cinnabar' | 'leaf';
/** `accent` is `#RRGGBB`, pictures are hashes; null = the theme's own, none. */
export interface LookDocument {
  theme: Theme;
  accent: string | null;
  hero: string | null;
  logo: string | null;
}

export type Lane = 'burst' | 'regional' | 'base';
export type GateKind = 'phone' | 'follow' | 'share';
export type Trust = 'agreed' | 'ip' | 'claimed';

export interface RuleDocument {
  key: string;
  name: string;
  when: ConditionDocument;
  then: DrawnTable | DealtTable;
  minTrust?: Trust | undefined;
}

export interface DrawnTable {
  mode: 'drawn';
  prizes: { key: string; odds: number }[];
  fallbackPrizeKey: string | null;
}

export interface DealtTable {
  mode: 'dealt';
  segment: Segment;
  prizes: { key: string; count: number }[];
}

/** Serials `[from, to)`. */
export interface Segment {
  batch: number;
  layer: number;
  from: number;
  to: number;
}

export type Amount =
  | { type: 'fixed'; fen: number }
  | { type: 'uniform'; minFen: number; maxFen: number; stepFen?: number | undefined }
  | { type: 'ladder'; steps: { fromNth: number; fen: number }[] };

export type PrizeKind = 'cash' | 'locked' | 'coupon' | 'goods' | 'redeem' | 'nothing';

export type PrizeDocument =
  | { kind: 'cash'; key: string; name: string; amount: Amount; stock: number | null }
  | { kind: 'locked'; key: string; name: string; amount: Amount; opensWithinDays: number; stock: number | null }
  | {
      kind: 'coupon';
      key: string;
      name: string;
      coupon: { type: 'pool'; poolId: number } | { type: 'generated' };
      valueFen: number;
      validDays: number;
      stock: number | null;
    }
  | { kind: 'goods'; key: string; name: string; valueFen: number; stock: number | null }
  | {
      kind: 'redeem';
      key: string;
      name: string;
      productId: number;
      valueFen: number;
      coPayFen: number;
      validDays: number;
      stock: number | null;
    }
  | { kind: 'nothing'; key: string; name: string };

export interface Cap {
  per: 'member' | 'code' | 'region' | 'store' | 'campaign';
  window: 'hour' | 'day' | 'week' | 'month' | 'total';
  count: number | null;
  fen: number | null;
  level?: 'province' | 'city' | undefined;
  adcode?: number | undefined;
}

export interface Experiment {
  key: string;
  name: string;
  arms: { key: string; name: string; weight: number }[];
  returnDays: number;
}

export interface BurstPlan {
  fence: number[];
  maxHours: number;
  maxCount: number;
  maxFen: number;
}

export interface Legal {
  organiser: string;
  disclosure: string;
  contact: string;
  announcedArea: number[];
  claimWay: string;
  claimUntil: string;
}
