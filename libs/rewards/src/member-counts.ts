import { Defect } from '@app/kernel';

/** Used codes and paid awards of one member in one campaign. */
interface CampaignCounts {
  readonly used: number;
  readonly day: string;
  readonly paidDay: number;
  readonly month: string;
  readonly paidMonth: number;
}

/**
 * How often one member has used up a code: ever, today, per campaign. Ordinals (第 n 次) and caps come only from here, read from a
 * row that is locked. Immutable: `withUse` returns the next state.
 */
export class MemberCounts {
  private constructor(
    private readonly ever: number,
    private readonly day: string,
    private readonly usedDay: number,
    private readonly campaigns: ReadonlyMap<number, CampaignCounts>,
  ) {}

  static readonly none = new MemberCounts(0, '', 0, new Map());

  /** Codes used up so far, `day` being a Shanghai day. */
  used(day: string): { ever: number; day: number; campaign: (campaignId: number) => number } {
    return {
      ever: this.ever,
      day: this.day === day ? this.usedDay : 0,
      campaign: (campaignId) => this.campaigns.get(campaignId)?.used ?? 0,
    };
  }

  /** Awards other than 谢谢参与 from this campaign on this Shanghai day and in its month. */
  paid(campaignId: number, day: string): { countDay: number; countMonth: number } {
    const counts = this.campaigns.get(campaignId);
    return {
      countDay: counts?.day === day ? counts.paidDay : 0,
      countMonth: counts?.month === day.slice(0, 7) ? counts.paidMonth : 0,
    };
  }

  /** After one more code was used up in this campaign; `paid` when the prize was more than 谢谢参与. */
  withUse(campaignId: number, day: string, paid: boolean): MemberCounts {
    const before = this.paid(campaignId, day);
    const counts: CampaignCounts = {
      used: this.used(day).campaign(campaignId) + 1,
      day,
      paidDay: before.countDay + (paid ? 1 : 0),
      month: day.slice(0, 7),
      paidMonth: before.countMonth + (paid ? 1 : 0),
    };
    return new MemberCounts(
      this.ever + 1,
      day,
      this.used(day).day + 1,
      new Map([...this.campaigns, [campaignId, counts] as const]),
    );
  }

  /** `{"e":12,"d":["2026-11-21",3],"c":{"7":[12,"2026-11-21",3,"2026-11",9]}}` */
  toText(): string {
    const c = Object.fromEntries(
      [...this.campaigns].map(([id, { used, day, paidDay, month, paidMonth }]) => [
        id,
        [used, day, paidDay, month, paidMonth],
      ]),
    );
    return JSON.stringify({ e: this.ever, d: [this.day, this.usedDay], c });
  }

  /** Throws Defect for text that we did not write: a count that cannot be read must not read as zero. */
  static fromText(text: string): MemberCounts {
    const raw = JSON.parse(text) as {
      e: number;
      d: [string, number];
      c: Record<string, [number, string, number, string, number]>;
    };
    if (!Number.isSafeInteger(raw.e) || !Number.isSafeInteger(raw.d?.[1])) throw new Defect('member counts are broken');
    const campaigns = Object.entries(raw.c).map(([id, [used, day, paidDay, month, paidMonth]]) => {
      if (![used, paidDay, paidMonth].every(Number.isSafeInteger)) throw new Defect('member counts are broken');
      return [Number(id), { used, day, paidDay, month, paidMonth }] as const;
    });
    return new MemberCounts(raw.e, raw.d[0], raw.d[1], new Map(campaigns));
  }
}
