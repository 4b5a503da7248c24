import type { LeafTrace, Truth } from '@app/conditions';
import type { CampaignContent, Lane, Prize, Rule, Trust } from './document/campaign-content';

/** What is known about one scan at the moment of decision. `null` = not known. */
export interface ScanFacts {
  readonly product: number;
  readonly productLine: string;
  readonly batch: number;
  readonly lot: string | null;
  readonly layer: number;
  readonly serial: number;
  /** `adcode`: finest known place, six digits (340000 province, 340100 city, 340104 district). */
  readonly region: { readonly adcode: number | null; readonly trust: Trust; readonly accuracyM?: number | null };
  readonly tier: 'regular' | 'gold' | 'platinum' | null;
  readonly memberIsNew: boolean | null;
  readonly firstScanOfCode: boolean;
  /** The database's time. */
  readonly at: Date;
  /** The ordinal this scan would have if it counts (1 = first); counted are codes the member consumed. */
  readonly nthScan: { readonly ever: number; readonly day: number; campaign(campaignId: number): number };
}

/** What the decision reads of the moving world, from rows locked or read inside the transaction. */
export interface DecisionState {
  status(campaignId: number): CampaignStatus;
  /** Awards other than 谢谢参与 the member already has from this campaign, this Shanghai day and this month. */
  capUsed(campaignId: number): CapUse;
  /** Prizes left, null = unlimited. */
  stockLeft(campaignId: number, prizeKey: string): number | null;
  /** Fen left. */
  budgetLeft(budgetId: number): number;
}
export type CampaignStatus = 'live' | 'paused' | 'ended' | 'scheduled';
export interface CapUse {
  readonly countDay: number;
  readonly countMonth: number;
}

/** A whole number 0 ≤ x < 2^48 that depends only on key, campaign, code and slot. Slot 0 draws the prize, slot 1 the amount. */
export type Draw = (campaignId: number, slot: number) => number;

export interface DecideOptions {
  /** The member chose not to share a location: rules that need a better place are passed over instead of asked for. */
  readonly withoutLocation?: boolean;
}

export interface Award {
  readonly kind: 'award';
  readonly campaignId: number;
  readonly versionId: number;
  readonly ruleKey: string;
  readonly prizeKey: string;
  readonly prize: Prize;
  /** 0 for 谢谢参与. */
  readonly amountFen: number;
  /** The budget to reserve from; null when the prize costs nothing. */
  readonly budgetId: number | null;
  /** True when the drawn prize was out of stock and the fallback is given. */
  readonly viaFallback: boolean;
}

export const REFUSAL_REASONS = [
  'cap_reached',
  'place_needed',
  'not_started',
  'paused',
  'gate_open',
  'budget_short',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** The code stays unclaimed; `cure` is what the sentence to the member is made from. */
export interface Refused {
  readonly kind: 'refused';
  readonly reason: RefusalReason;
  readonly campaignId: number;
  readonly versionId: number;
  readonly ruleKey: string | null;
  readonly cure: Cure;
}
export interface Cure {
  readonly action: 'location' | 'wait';
  /** When trying again makes sense, if known. */
  readonly at?: Date;
  /** place_needed: would the same scan reach a prize table without sharing a location? */
  readonly nationwide?: boolean;
  /** cap_reached: the cap, and over which time it counts. */
  readonly cap?: { readonly per: 'day' | 'month'; readonly count: number };
}

/** No campaign reached a prize table and none can be helped: the code stays unclaimed. */
export interface NoRule {
  readonly kind: 'no_rule';
}
export type Decision = Award | Refused | NoRule;

/** A published version, compiled once; what `decide` runs on. Made by `compileCampaign`. */
export interface CompiledVersion {
  readonly campaignId: number;
  readonly versionId: number;
  readonly versionNo: number;
  readonly contentHash: string;
  readonly lane: Lane;
  readonly priority: number;
  /** 0 nationwide, 1 province, 2 city, 3 district: the finest place any rule insists on. */
  readonly specificity: 0 | 1 | 2 | 3;
  readonly from: Date;
  readonly to: Date;
  readonly content: CampaignContent;
  readonly rules: readonly CompiledRule[];
  /** Is the product and batch in scope? */
  covers(facts: ScanFacts): boolean;
}

export interface CompiledRule {
  readonly rule: Rule;
  readonly matches: (facts: ScanFacts) => Truth;
  /** What `matches` would say if an unknown place turned out as favourable as it can. */
  readonly matchesAtBest: (facts: ScanFacts) => Truth;
  /** The leaves one by one, for the explanation. */
  readonly leaves: (facts: ScanFacts) => readonly LeafTrace[];
  readonly table: CompiledTable;
}
export interface CompiledTable {
  /** Prizes in order with their upper ends: a draw of 0 … 999,999 wins the first prize whose `upTo` is above it. */
  readonly shares: readonly PrizeShare[];
  readonly fallback: Prize | null;
}
export interface PrizeShare {
  readonly prize: Prize;
  /** Parts per million. */
  readonly odds: number;
  readonly upTo: number;
}
