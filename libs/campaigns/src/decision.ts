import type { LeafTrace, Truth } from '@app/conditions';
import type {
  CampaignContent,
  Cap,
  DealtSegment,
  Gate,
  Lane,
  Prize,
  PrizeKind,
  Rule,
  Trust,
} from './document/campaign-content';

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
  /** Where the code was shipped to. */
  readonly shippedTo: { readonly distributor: number | null; readonly store: number | null };
  readonly member: MemberScanFacts;
  readonly firstScanOfCode: boolean;
  /** The database's time. */
  readonly at: Date;
  /** The ordinal this scan would have if it counts (1 = first); counted are codes the member consumed. */
  readonly nthScan: { readonly ever: number; readonly day: number; campaign(campaignId: number): number };
}

export interface MemberScanFacts {
  readonly id: number | null;
  readonly tier: 'regular' | 'gold' | 'platinum' | null;
  /** Has used up no code before. */
  readonly isNew: boolean | null;
  readonly tags: readonly string[] | null;
  /** Audiences the member is in, of those that a live rule asks about. */
  readonly audiences: readonly number[] | null;
  readonly phoneBound: boolean | null;
  /** Follows the brand's official account. */
  readonly follows: boolean | null;
  /** Has shared the campaign; nobody records it, because asking for it inside WeChat is forbidden. */
  readonly shared: boolean | null;
  /** Shanghai days since the last code the member used up; null when there is none. */
  readonly daysSinceLastScan: number | null;
  readonly risk: 'low' | 'medium' | 'high' | null;
}

/** What the decision reads of the moving world, from rows locked or read inside the transaction. */
export interface DecisionState {
  status(campaignId: number): CampaignStatus;
  /** What awards other than 谢谢参与 have already counted under this key (see `counterKey`). */
  used(campaignId: number, counterKey: string): Used;
  /** Prizes left, null = unlimited. A coupon from a pool is also limited by the pool. */
  stockLeft(campaignId: number, prizeKey: string): number | null;
  /** Fen left. */
  budgetLeft(budgetId: number): number;
}
/** `armed`: a burst that was approved and not started. */
export type CampaignStatus = 'live' | 'paused' | 'ended' | 'scheduled' | 'armed';
export interface Used {
  readonly count: number;
  readonly fen: number;
}

/** All luck of one code. Depends on keys and the code only. */
export interface Draw {
  /** A whole number 0 ≤ x < 2^48. Slot 0 draws the prize, slot 1 the amount. */
  number(campaignId: number, slot: number): number;
  /** Where the code stands in a deal: a whole number 0 ≤ x < to − from, different for every serial of the segment. */
  position(campaignId: number, ruleKey: string, segment: DealtSegment): number;
}

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
  /** To be reserved; 0 for a prize that is not money. */
  readonly amountFen: number;
  /** The budget to reserve from; null when the prize costs no money. */
  readonly budgetId: number | null;
  /** True when the drawn prize was out of stock and the fallback is given. */
  readonly viaFallback: boolean;
  /** Where this award counts: one key per cap that applies; empty for 谢谢参与. */
  readonly counterKeys: readonly string[];
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
  readonly action: 'location' | 'wait' | Gate['kind'];
  /** When trying again makes sense, if known. */
  readonly at?: Date;
  /** place_needed: would the same scan reach a prize table without sharing a location? */
  readonly nationwide?: boolean;
  /** The cap that was reached (cap_reached, and budget_short when a share or the pacing is used up). */
  readonly cap?: Cap;
  /** gate_open: every task of the version in its order; `action` is the first that is not done. */
  readonly steps?: readonly { readonly action: Gate['kind']; readonly done: boolean }[];
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
  readonly caps: readonly CompiledCap[];
  /** Audiences that some rule asks about. */
  readonly audiences: readonly number[];
  /** Is the product and batch in scope? */
  covers(facts: Pick<ScanFacts, 'product' | 'batch'>): boolean;
}

export interface CompiledRule {
  readonly rule: Rule;
  /** `rule.when`, and inside the fence for a burst, and inside the segment for a dealt table. */
  readonly matches: (facts: ScanFacts) => Truth;
  /** What `matches` would say if an unknown place turned out as favourable as it can. */
  readonly matchesAtBest: (facts: ScanFacts) => Truth;
  /** The leaves one by one, for the explanation. */
  readonly leaves: (facts: ScanFacts) => readonly LeafTrace[];
  readonly table: CompiledTable;
}

/** What a cap looks at. */
export type CapFacts = Pick<ScanFacts, 'region' | 'shippedTo' | 'at'>;

export interface CompiledCap {
  readonly cap: Cap;
  /** Under which key an award of this scan counts; null when the cap does not concern it. */
  readonly counterKey: (facts: CapFacts) => string | null;
}

/** Shares with their upper bounds, rising: parts per million of a drawn table, positions of a dealt one. */
export interface CompiledTable {
  readonly shares: readonly PrizeShare[];
  /** Of a drawn table. */
  readonly fallback: Prize | null;
  /** Of a dealt table. */
  readonly segment: DealtSegment | null;
}
export interface PrizeShare {
  readonly prize: Prize;
  /** Parts per million, or the count of a dealt table. */
  readonly odds: number;
  readonly upTo: number;
}

export type { PrizeKind };
