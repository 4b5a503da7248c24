import type { Condition } from '@app/conditions';

/** Odds are whole parts per million; the odds of one prize table add up to exactly this. */
export const ODDS_TOTAL = 1_000_000;

/** Which campaign is asked first: `burst` before `regional` before `base`. */
export const LANES = ['burst', 'regional', 'base'] as const;
export type Lane = (typeof LANES)[number];

/** What a campaign version says: the document an author edits, and that is frozen and hashed when it is published. */
export interface CampaignContent {
  readonly schema: 1;
  readonly name: string;
  readonly lane: Lane;
  /** Within a lane the higher number is asked first, 0 … 999. */
  readonly priority: number;
  /** An empty list means every one. */
  readonly scope: { readonly products: readonly number[]; readonly batches: readonly number[] };
  readonly period: Period;
  /** Asked from the top; the first that is true decides. */
  readonly rules: readonly Rule[];
  readonly prizes: readonly PrizeDefinition[];
  readonly caps: readonly Cap[];
  /** The budget that pays for the prizes; null only when nothing costs money. */
  readonly budgetId: number | null;
  /** Tasks before a claim; see the linter for which are lawful where. */
  readonly gates: readonly Gate[];
  /** 必中: every scan that counts wins something. The linter proves it or refuses it. */
  readonly alwaysWins: boolean;
  readonly experiment: Experiment | null;
  /** The plan of a burst (区域加码), only in lane `burst`. */
  readonly burst: BurstPlan | null;
  /** 立即到账, or 累计满 X 元提现. */
  readonly payout: PayoutMode;
  readonly copy: CampaignCopy;
  /** How the phone page looks while it shows this campaign; left out, it looks like the brand. */
  readonly look?: LookDocument | undefined;
  /** What Chinese law wants shown with a prize promotion. */
  readonly legal: {
    readonly organiser: string;
    readonly disclosure: string;
    readonly contact: string;
    /** Where the promotion is announced: GB/T 2260 codes; empty = the whole country. */
    readonly announcedArea: readonly number[];
    /** How a prize is claimed, in a sentence. */
    readonly claimWay: string;
    /** 兑奖截止时间, wall time like `period`; unspent money is released after it. */
    readonly claimUntil: string;
  };
}

/** What consumers read. The four lines are one line each; left out, the page says it in its own words. */
export interface CampaignCopy {
  readonly title: string;
  readonly ruleText: string;
  /** Above the envelope that is still shut. */
  readonly invite?: string | undefined;
  /** On the card of a win, above amount or prize. */
  readonly win?: string | undefined;
  /** Under 谢谢参与. */
  readonly thanks?: string | undefined;
  /** Under the prize: when and where, in a few words. */
  readonly notice?: string | undefined;
}
export const COPY_LINES = ['invite', 'win', 'thanks', 'notice'] as const;
export type CopyLine = (typeof COPY_LINES)[number];

/** 朱砂 (cinnabar, the brand's own) and 青叶 (leaf green and gold). Their colours are in `libs/brand`. */
export const THEMES = ['cinnabar', 'leaf'] as const;
export type Theme = (typeof THEMES)[number];

export interface LookDocument {
  readonly theme: Theme;
  /** `#RRGGBB` in place of the theme's accent; null = the theme's. */
  readonly accent: string | null;
  /** Pictures by their hash (`@app/pictures`); null = none. */
  readonly hero: string | null;
  readonly logo: string | null;
}

/** `[from, to)` in wall time of the named zone, `YYYY-MM-DDTHH:MM`. */
export interface Period {
  readonly zone: 'Asia/Shanghai';
  readonly from: string;
  readonly to: string;
}

export interface Rule {
  /** Stable over versions; appears in decisions and reports. */
  readonly key: string;
  readonly name: string;
  readonly when: Condition;
  readonly then: PrizeTable;
  /** Lowers (or raises) the trust that place conditions of this rule ask for; see `scan-fields.ts`. */
  readonly minTrust?: RuleTrust | undefined;
}

export type PrizeTable = DrawnTable | DealtTable;

/** 按概率: every code draws for itself. */
export interface DrawnTable {
  readonly mode: 'drawn';
  /** `odds` are parts per million and add up to ODDS_TOTAL. */
  readonly prizes: readonly { readonly key: string; readonly odds: number }[];
  /** Given when the drawn prize is out of stock; needed as soon as one prize of the table has a finite stock. */
  readonly fallbackPrizeKey: string | null;
}

/** 按数量（奖项预埋）: exact counts over the codes of one segment. A code outside the segment does not match the rule. */
export interface DealtTable {
  readonly mode: 'dealt';
  readonly segment: DealtSegment;
  /** The counts add up to exactly `segment.to - segment.from`. */
  readonly prizes: readonly { readonly key: string; readonly count: number }[];
}
/** Serials `[from, to)` of one layer of one code batch. */
export interface DealtSegment {
  readonly batch: number;
  readonly layer: number;
  readonly from: number;
  readonly to: number;
}

export type PrizeDefinition = CashPrize | LockedPrize | CouponPrize | GoodsPrize | RedeemPrize | NothingPrize;
export type Prize = PrizeDefinition;
export type PrizeKind = Prize['kind'];

interface PrizeBase {
  readonly key: string;
  readonly name: string;
}
interface LimitedPrize extends PrizeBase {
  /** Prizes over the whole campaign, null = unlimited. A prize of a dealt table is limited by its count and has null here. */
  readonly stock: number | null;
}

/** Money to the member's WeChat change. */
export interface CashPrize extends LimitedPrize {
  readonly kind: 'cash';
  readonly amount: CashAmount;
}
/** Money that is opened by the next code the member uses up, within `opensWithinDays`; reserved when it is won. */
export interface LockedPrize extends LimitedPrize {
  readonly kind: 'locked';
  readonly amount: CashAmount;
  readonly opensWithinDays: number;
}
/** A coupon code, taken from an imported pool or made from the win itself. */
export interface CouponPrize extends LimitedPrize {
  readonly kind: 'coupon';
  readonly coupon: { readonly type: 'pool'; readonly poolId: number } | { readonly type: 'generated' };
  /** What the coupon is worth to its holder, in fen. */
  readonly valueFen: number;
  readonly validDays: number;
}
/** Sent to an address. */
export interface GoodsPrize extends LimitedPrize {
  readonly kind: 'goods';
  readonly valueFen: number;
}
/** Handed over by a store: 再来一瓶, or 加价换购 when `coPayFen` (collected by the store) is more than 0. */
export interface RedeemPrize extends LimitedPrize {
  readonly kind: 'redeem';
  /** What is handed over. */
  readonly productId: number;
  readonly valueFen: number;
  readonly coPayFen: number;
  readonly validDays: number;
}
/** 谢谢参与: uses up the code and costs nothing. */
export interface NothingPrize extends PrizeBase {
  readonly kind: 'nothing';
}

export type CashAmount =
  | { readonly type: 'fixed'; readonly fen: number }
  /** Every step from minFen to maxFen, both included, is equally likely; stepFen (default 1) divides the span. */
  | {
      readonly type: 'uniform';
      readonly minFen: number;
      readonly maxFen: number;
      readonly stepFen?: number | undefined;
    }
  /** 阶梯: by how many codes the member has used up in this campaign, this one included. The first step starts at 1, steps rise. */
  | { readonly type: 'ladder'; readonly steps: readonly { readonly fromNth: number; readonly fen: number }[] };

export const CAP_WINDOWS = ['hour', 'day', 'week', 'month', 'total'] as const;
export type CapWindow = (typeof CAP_WINDOWS)[number];

/**
 * A limit on awards other than 谢谢参与, by number, by fen or both (null = not limited), counted apart for each member, code, region,
 * store or over the whole campaign, in each Shanghai hour / day / week (from Monday) / calendar month, or in all. A fen cap on region,
 * store or campaign is a share of the budget: per hour it is pacing, on one `adcode` in total it is a region's share.
 */
export interface Cap {
  readonly per: 'member' | 'code' | 'region' | 'store' | 'campaign';
  readonly window: CapWindow;
  readonly count: number | null;
  readonly fen: number | null;
  /** Only `region`: each province or each city counts apart; default province. */
  readonly level?: 'province' | 'city' | undefined;
  /** Only `region`: limits this one place (province or city) and no other. */
  readonly adcode?: number | undefined;
}

/** `share` and `follow` are linter errors inside WeChat; `phone` is for goods and tier benefits. */
export const GATES = ['phone', 'follow', 'share'] as const;
export interface Gate {
  readonly kind: (typeof GATES)[number];
}

/** Arms by deterministic bucket per member; rules use them through the field `experimentArm`. */
export interface Experiment {
  /** Stable: changing it deals the members anew. */
  readonly key: string;
  readonly name: string;
  /** Weights are parts per million and add up to ODDS_TOTAL; the first arm is the control. */
  readonly arms: readonly { readonly key: string; readonly name: string; readonly weight: number }[];
  /** A member who scans again within this many days has returned. */
  readonly returnDays: number;
}

/** Approved beforehand, started by one authorised person, ended by itself. */
export interface BurstPlan {
  /** GB/T 2260 codes; scans elsewhere are not its business. */
  readonly fence: readonly number[];
  readonly maxHours: number;
  readonly maxCount: number;
  readonly maxFen: number;
}

export type PayoutMode =
  | { readonly mode: 'instant' }
  /** Small amounts gather per member until they reach `untilFen` (≤ 100). */
  | { readonly mode: 'pooled'; readonly untilFen: number };

/** How sure we are of a place, best first. `agreed`: location and IP name the same province. */
export type Trust = 'agreed' | 'ip' | 'claimed' | 'disputed' | 'unknown';
/** The trust a rule may ask for: a disputed or unknown place never pays. */
export type RuleTrust = 'agreed' | 'ip' | 'claimed';
