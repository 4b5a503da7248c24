import type { Used } from '@app/campaigns';
import { Defect, type CodeTriple } from '@app/kernel';

/** Awards counted in the newest window of one kind: its key (`d2026-11-22`), their number, their fen. */
type WindowCount = readonly [window: string, count: number, fen: number];

interface CampaignCounts {
  readonly used: number;
  /** By the first letter of the window's key: h, d, w, m, t. */
  readonly windows: ReadonlyMap<string, WindowCount>;
}

/** A locked packet that waits for the member's next code. */
export interface LockedAward {
  readonly code: CodeTriple;
  readonly slot: number;
  /** Milliseconds since 1970; later it stays shut. */
  readonly until: number;
}

/** One code that was used up, and what it counts for. */
export interface Use {
  readonly campaignId: number;
  /** The Shanghai day. */
  readonly day: string;
  /** Keys of windows such as `d2026-11-22` in which the award counts; empty for 谢谢参与. */
  readonly windows: readonly string[];
  readonly amountFen: number;
}

const NOTHING: Used = { count: 0, fen: 0 };
const DAY_MS = 86_400_000;

/**
 * How often one member has used up a code: ever, today, per campaign; what was paid per window; which locked packets wait. Ordinals
 * (第 n 次) and caps come only from here, read from a row that is locked. Immutable: each change returns the next state.
 */
export class MemberCounts {
  private constructor(
    private readonly ever: number,
    private readonly day: string,
    private readonly usedDay: number,
    private readonly campaigns: ReadonlyMap<number, CampaignCounts>,
    readonly locked: readonly LockedAward[],
  ) {}

  static readonly none = new MemberCounts(0, '', 0, new Map(), []);

  /** Codes used up so far, `day` being a Shanghai day. */
  used(day: string): { ever: number; day: number; campaign: (campaignId: number) => number } {
    return {
      ever: this.ever,
      day: this.day === day ? this.usedDay : 0,
      campaign: (campaignId) => this.campaigns.get(campaignId)?.used ?? 0,
    };
  }

  /** Whole Shanghai days since a code was last used up; null when there was none. */
  daysSince(day: string): number | null {
    return this.day === '' ? null : Math.round((Date.parse(day) - Date.parse(this.day)) / DAY_MS);
  }

  /** Awards other than 谢谢参与 from this campaign in a window such as `d2026-11-22`. */
  paid(campaignId: number, window: string): Used {
    const counted = this.campaigns.get(campaignId)?.windows.get(window[0]!);
    return counted?.[0] === window ? { count: counted[1], fen: counted[2] } : NOTHING;
  }

  withUse({ campaignId, day, windows, amountFen }: Use): MemberCounts {
    const before = this.campaigns.get(campaignId);
    const counted = windows.map((window): [string, WindowCount] => {
      const { count, fen } = this.paid(campaignId, window);
      return [window[0]!, [window, count + 1, fen + amountFen]];
    });
    const counts: CampaignCounts = {
      used: (before?.used ?? 0) + 1,
      windows: new Map([...(before?.windows ?? []), ...counted]),
    };
    const campaigns = new Map([...this.campaigns, [campaignId, counts] as const]);
    return new MemberCounts(this.ever + 1, day, this.used(day).day + 1, campaigns, this.locked);
  }

  /** Both as one: sums, and of each window the newer one, or the sum when both count in the same. */
  plus(other: MemberCounts): MemberCounts {
    const day = this.day > other.day ? this.day : other.day;
    const ids = new Set([...this.campaigns.keys(), ...other.campaigns.keys()]);
    const campaigns = [...ids].map((id): [number, CampaignCounts] => {
      const [mine, theirs] = [this.campaigns.get(id), other.campaigns.get(id)];
      return [id, mine && theirs ? sumOf(mine, theirs) : (mine ?? theirs)!];
    });
    return new MemberCounts(this.ever + other.ever, day, this.used(day).day + other.used(day).day, new Map(campaigns), [
      ...this.locked,
      ...other.locked,
    ]);
  }

  withLocked(locked: readonly LockedAward[]): MemberCounts {
    return new MemberCounts(this.ever, this.day, this.usedDay, this.campaigns, locked);
  }

  /** `{"e":12,"d":["2026-11-22",3],"c":{"7":[12,["d2026-11-22",3,264],["t",9,792]]},"l":[[1,0,42,0,1790000000000]]}` */
  toText(): string {
    const c = Object.fromEntries(
      [...this.campaigns].map(([id, { used, windows }]) => [id, [used, ...windows.values()]]),
    );
    const l = this.locked.map(({ code, slot, until }) => [code.batch, code.layer, code.serial, slot, until]);
    return JSON.stringify({ e: this.ever, d: [this.day, this.usedDay], c, ...(l.length > 0 ? { l } : {}) });
  }

  /** Throws Defect for text that we did not write: a count that cannot be read must not read as zero. */
  static fromText(text: string): MemberCounts {
    const raw = JSON.parse(text) as {
      e: number;
      d: [string, number];
      c: Record<string, [number, ...WindowCount[]]>;
      l?: number[][];
    };
    if (!allWhole([raw.e, raw.d?.[1]])) throw new Defect('member counts are broken');
    const campaigns = Object.entries(raw.c).map(([id, [used, ...windows]]) => {
      if (!allWhole([used, ...windows.flatMap(([, count, fen]) => [count, fen])])) {
        throw new Defect('member counts are broken');
      }
      return [Number(id), { used, windows: new Map(windows.map((one) => [one[0][0]!, one])) }] as const;
    });
    const locked = (raw.l ?? []).map((entry): LockedAward => {
      if (entry.length !== 5 || !allWhole(entry)) throw new Defect('member counts are broken');
      const [batch, layer, serial, slot, until] = entry as [number, number, number, number, number];
      return { code: { batch, layer, serial }, slot, until };
    });
    return new MemberCounts(raw.e, raw.d[0], raw.d[1], new Map(campaigns), locked);
  }
}

function sumOf(one: CampaignCounts, other: CampaignCounts): CampaignCounts {
  const windows = new Map(one.windows);
  for (const [kind, theirs] of other.windows) {
    const mine = windows.get(kind);
    if (!mine || mine[0] < theirs[0]) windows.set(kind, theirs);
    else if (mine[0] === theirs[0]) windows.set(kind, [mine[0], mine[1] + theirs[1], mine[2] + theirs[2]]);
  }
  return { used: one.used + other.used, windows };
}

function allWhole(values: readonly unknown[]): boolean {
  return values.every(Number.isSafeInteger);
}
