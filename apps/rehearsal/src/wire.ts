/** What the pages for consumers receive, as far as a shopper looks at it. */

export interface ScanAnswer {
  readonly scanId: string;
  readonly verdict: 'first' | 'repeat' | 'not_active' | 'frozen' | 'void' | 'expired' | 'recalled' | 'unknown';
  readonly reward: { readonly awardId: string; readonly kind: string; readonly amountFen: number | null } | null;
  readonly refusal: {
    readonly reason: string;
    readonly cure: { readonly action: string; readonly nationwide?: boolean } | null;
  } | null;
  /** Packets of earlier bottles that this scan opened. */
  readonly opened: readonly { readonly awardId: string; readonly amountFen: number }[];
}

export interface Award {
  readonly awardId: string;
  readonly kind: string;
  readonly amountFen: number | null;
  /** `preparing`, `confirm`, `processing`, `settled`, `expired`, `failed` … */
  readonly state: string;
  readonly confirm: { readonly mchId: string; readonly appId: string; readonly package: string } | null;
}

export interface ScanRow {
  /** `memberId-scanId` */
  readonly id: string;
  readonly memberId: number;
  readonly code: string;
  readonly verdict: string;
  readonly amountFen: number;
  readonly refusal: string | null;
}

export interface DecisionCheck {
  readonly checked: number;
  readonly differing: readonly { readonly id: string; readonly recorded: string; readonly again: string }[];
}

export interface Payout {
  readonly payoutKey: string;
  readonly budgetId: number;
  readonly amountFen: number;
  readonly state: string;
  readonly offerNo: number;
  readonly billNo: string | null;
  readonly failReason: string | null;
}

export interface Budget {
  readonly id: number;
  readonly grantedFen: number;
  readonly availableFen: number;
  readonly reservedFen: number;
  readonly settledFen: number;
}

export interface LedgerSummary extends Omit<Budget, 'id'> {
  readonly awardedFen: number;
  readonly byState: Readonly<Record<string, { readonly count: number; readonly fen: number }>>;
  readonly unresolved: readonly {
    readonly payoutKey: string;
    readonly state: string;
    readonly amountFen: number;
    readonly billNo: string | null;
  }[];
  readonly openIncidents: readonly { readonly kind: string; readonly count: number }[];
  readonly faults: readonly { readonly invariant: string; readonly detail: string }[];
}
