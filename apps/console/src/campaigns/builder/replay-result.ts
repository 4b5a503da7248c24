/** What a replay tells (docs/campaigns.md); days are Beijing days, regions provinces (0 = unknown), money fen. */
export interface ReplayResult {
  readonly scans: number;
  readonly replayed: ReplayFigures;
  readonly real: ReplayFigures;
  readonly days: readonly ({ readonly day: string } & Compared)[];
  readonly regions: readonly ({ readonly adcode: number } & Compared)[];
  readonly prizes: readonly {
    readonly prizeKey: string;
    readonly name: string;
    readonly awards: number;
    readonly fen: number;
  }[];
  readonly refusals: Readonly<Record<string, number>>;
  readonly winners: {
    readonly gainedScans: number;
    readonly lostScans: number;
    readonly gainedMembers: number;
    readonly lostMembers: number;
  };
  readonly breaches: readonly {
    readonly kind: 'cap' | 'stock' | 'budget';
    readonly prizeKey: string | null;
    readonly cap: {
      readonly per: string;
      readonly window: string;
      readonly count: number | null;
      readonly fen: number | null;
    } | null;
    readonly firstAt: string;
    readonly times: number;
  }[];
  readonly differences: readonly {
    readonly at: string;
    readonly adcode: number;
    readonly realFen: number;
    readonly fen: number;
    readonly outcome: string;
  }[];
}

export interface ReplayFigures {
  readonly awards: number;
  readonly wins: number;
  readonly fen: number;
  readonly winners: number;
}

export interface Compared {
  readonly scans: number;
  readonly wins: number;
  readonly fen: number;
  readonly realFen: number;
}
