import type { PrizeKind, RefusalReason } from '../decision';
import type { Cap } from '../document/campaign-content';

/** What a replay found. Money is fen, days are Shanghai days, regions are provinces (0 = unknown place). JSON as it is. */
export interface ReplayResult {
  /** First and last scan, ISO; null when there was none. */
  readonly from: string | null;
  readonly to: string | null;
  /** Scans of active consumer-prize codes. */
  readonly scans: number;
  /** What the replayed versions would have given, and what was really given. */
  readonly replayed: Figures;
  readonly real: Figures;
  readonly days: readonly ({ readonly day: string } & Compared)[];
  readonly regions: readonly ({ readonly adcode: number } & Compared)[];
  readonly cells: readonly ({ readonly day: string; readonly adcode: number } & Compared)[];
  readonly campaigns: readonly { campaignId: number; versionId: number; awards: number; wins: number; fen: number }[];
  readonly prizes: readonly PrizeFigures[];
  readonly refusals: Readonly<Partial<Record<RefusalReason | 'no_rule' | 'held', number>>>;
  readonly winners: {
    /** Scans that would have won and did not, and the other way round. */
    readonly gainedScans: number;
    readonly lostScans: number;
    /** Members who would have won something and won nothing, and the other way round. */
    readonly gainedMembers: number;
    readonly lostMembers: number;
  };
  readonly breaches: readonly Breach[];
  /** At most ten, the largest difference in fen first. */
  readonly differences: readonly Difference[];
}

export interface Figures {
  /** Codes used up, 谢谢参与 included. */
  readonly awards: number;
  /** Awards other than 谢谢参与. */
  readonly wins: number;
  readonly fen: number;
  /** Members with at least one win. */
  readonly winners: number;
}

export interface Compared {
  readonly scans: number;
  readonly wins: number;
  readonly fen: number;
  readonly realWins: number;
  readonly realFen: number;
  readonly gained: number;
  readonly lost: number;
}

export interface PrizeFigures {
  readonly campaignId: number;
  readonly prizeKey: string;
  readonly name: string;
  readonly kind: PrizeKind;
  readonly awards: number;
  readonly fen: number;
}

/** A limit that was reached: by whom it was first met, and how many scans it sent away. */
export interface Breach {
  readonly kind: 'cap' | 'stock' | 'budget';
  readonly campaignId: number;
  readonly cap: Cap | null;
  readonly prizeKey: string | null;
  readonly budgetId: number | null;
  /** ISO. */
  readonly firstAt: string;
  readonly lastAt: string;
  /** Scans refused because of it; for stock, 1 when the last prize went. */
  readonly times: number;
}

export interface Difference {
  readonly at: string;
  readonly memberId: number;
  readonly batch: number;
  readonly layer: number;
  readonly serial: number;
  /** Province, 0 = unknown. */
  readonly adcode: number;
  readonly realFen: number;
  readonly fen: number;
  readonly campaignId: number | null;
  readonly ruleKey: string | null;
  /** The prize's name, or why there was none. */
  readonly outcome: string;
}
