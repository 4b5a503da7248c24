import type { CampaignLook, Cure, PrizeKind } from '@app/campaigns';
import type { LotStage } from '@app/codes';
import type { AwardStanding } from '@app/rewards';

/** Numbers as they stand in `scans.verdict`; never renumber. */
export const VERDICTS = ['unknown', 'not_active', 'first', 'repeat', 'frozen', 'void', 'expired', 'recalled'] as const;
export type Verdict = (typeof VERDICTS)[number];

export type ScanRefusalReason =
  | 'not_active'
  | 'cap_reached'
  | 'place_needed'
  | 'not_started'
  | 'paused'
  | 'gate_open'
  | 'budget_short'
  | 'no_rule'
  | 'held';

/** What the phone shows. Verdict and reward are separate: a repeat may still win, a first query may win nothing. */
export interface ScanAnswer {
  readonly scanId: string;
  /** `A-XXXX-XXXX-XXXX-XXXX` */
  readonly code: string;
  readonly verdict: Verdict;
  /** Of other people's queries only minute and city. */
  readonly repeat: {
    readonly mine: boolean;
    readonly firstAt: string;
    readonly city: string | null;
    readonly times: number;
  } | null;
  readonly product: ScannedProduct | null;
  readonly reward:
    | ({
        readonly awardId: string;
        readonly kind: PrizeKind;
        readonly prizeName: string;
        readonly amountFen: number | null;
        readonly campaignId: number;
        readonly campaignName: string;
        /** There is a proof of what was dealt. */
        readonly dealt: boolean;
      } & AwardStanding)
    | null;
  /** Locked packets that this scan opened. */
  readonly opened: readonly { readonly awardId: string; readonly prizeName: string; readonly amountFen: number }[];
  readonly refusal: {
    readonly reason: ScanRefusalReason;
    readonly message: string;
    /** The campaign that refused; null when none did. */
    readonly campaignId: number | null;
    readonly cure: {
      readonly action: Cure['action'] | 'none';
      readonly at?: string;
      readonly nationwide?: boolean;
      /** Of a gate: every task, the one named by `action` being the first that is not done. */
      readonly steps?: Cure['steps'];
      /** Until then the code is kept for this member. */
      readonly heldUntil?: string;
    } | null;
  } | null;
  readonly scannedAt: string;
  /** Of the version that decided, refused, or gave the reward that is shown; null = as the brand looks. */
  readonly look: CampaignLook | null;
}

export interface ScannedProduct {
  readonly name: string;
  readonly spec: string;
  readonly line: string;
  readonly imageUrl: string | null;
  readonly batchName: string;
  readonly lot: {
    readonly lotNo: string;
    readonly plant: string;
    readonly producedOn: string;
    readonly expiresOn: string | null;
    /** 溯源, in the order in which it happened. */
    readonly stages: readonly LotStage[];
  } | null;
}

/** As it is kept: with the number of the version whose look it wears, and of the list of stages that its lot had. */
export type KeptAnswer = Omit<ScanAnswer, 'look' | 'product'> & {
  readonly lookOf: number | null;
  readonly product: KeptProduct | null;
};

export type KeptProduct = Omit<ScannedProduct, 'lot'> & {
  readonly lot: (Omit<NonNullable<ScannedProduct['lot']>, 'stages'> & { readonly stagesOf: number | null }) | null;
};

/**
 * `malformed`: not a code at all; no work was done. `unknown`: well-formed but not ours; no SQL and no row. `answered`: `answer` is
 * the JSON text of a ScanAnswer, the same bytes for the same scanId. `conflict`: the scanId was used for another code before.
 */
export type ScanOutcome =
  | { readonly kind: 'malformed' }
  | { readonly kind: 'unknown'; readonly code: string }
  | { readonly kind: 'answered'; readonly answer: string }
  | { readonly kind: 'conflict' };
