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
  readonly caps: Caps;
  /** The budget that pays for the prizes; null only when nothing costs money. */
  readonly budgetId: number | null;
  /** Tasks between prize and consumer; none is offered yet. */
  readonly gates: readonly Gate[];
  readonly copy: { readonly title: string; readonly ruleText: string };
  /** What Chinese law wants shown with a prize promotion. */
  readonly legal: {
    readonly organiser: string;
    readonly disclosure: string;
    readonly contact: string;
  };
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

export interface PrizeTable {
  readonly mode: 'drawn';
  /** `odds` are parts per million and add up to ODDS_TOTAL. */
  readonly prizes: readonly { readonly key: string; readonly odds: number }[];
  /** Given when the drawn prize is out of stock; needed as soon as one prize of the table has a finite stock. */
  readonly fallbackPrizeKey: string | null;
}

export type PrizeDefinition = CashPrize | NothingPrize;

/** Money to the member's WeChat change. `stock` counts prizes over the whole campaign, null = unlimited. */
export interface CashPrize {
  readonly kind: 'cash';
  readonly key: string;
  readonly name: string;
  readonly amount: CashAmount;
  readonly stock: number | null;
}
/** 谢谢参与: uses up the code and costs nothing. */
export interface NothingPrize {
  readonly kind: 'nothing';
  readonly key: string;
  readonly name: string;
}
export type Prize = PrizeDefinition;

export type CashAmount =
  | { readonly type: 'fixed'; readonly fen: number }
  /** Every step from minFen to maxFen, both included, is equally likely; stepFen (default 1) divides the span. */
  | {
      readonly type: 'uniform';
      readonly minFen: number;
      readonly maxFen: number;
      readonly stepFen?: number | undefined;
    };

/** Awards other than 谢谢参与 that one member may receive from this campaign per Shanghai day / calendar month; null = no cap. */
export interface Caps {
  readonly memberPerDay: number | null;
  readonly memberPerMonth: number | null;
}

export interface Gate {
  readonly kind: 'phone';
}

/** How sure we are of a place, best first. `agreed`: location and IP name the same province. */
export type Trust = 'agreed' | 'ip' | 'claimed' | 'disputed' | 'unknown';
/** The trust a rule may ask for: a disputed or unknown place never pays. */
export type RuleTrust = 'agreed' | 'ip' | 'claimed';
