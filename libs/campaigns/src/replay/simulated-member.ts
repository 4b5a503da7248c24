import type { Used } from '../decision';
import type { PersonFacts, Standing } from './scan-chunk';

/** Of counter keys `m|d2026-11-22`: which kind of window it is. */
const WINDOW_AT = 2;

/** What a member did in one campaign. Chained, because an array costs more than the one or two that most members have. */
interface InCampaign {
  /** The campaign's place among the replayed ones. */
  readonly campaign: number;
  /** Codes used up. */
  used: number;
  counters: MemberCounter | null;
  readonly next: InCampaign | null;
}

interface MemberCounter {
  key: string;
  count: number;
  fen: number;
  readonly next: MemberCounter | null;
}

/** What a replay remembers of one member: what they used up under the replayed versions, and what they won there and really. */
export class SimulatedMember {
  ever = 0;
  /** Codes used up on `day`. */
  today = 0;
  day = 0;
  /** Shanghai day of the last code used up; null = none. */
  lastDay: number | null = null;
  person: PersonFacts | null = null;
  won = false;
  reallyWon = false;
  private stoodFrom: Standing | null = null;
  private campaigns: InCampaign | null = null;

  constructor(readonly id: number) {}

  /** Takes over what the member had done before; the first record that tells it counts. */
  stand(standing: Standing | null, dayOf: (at: number) => number, campaignIds: readonly number[]): void {
    if (standing === null || this.stoodFrom !== null) return;
    this.stoodFrom = standing;
    const day = dayOf(standing.at);
    if (this.ever === 0) {
      this.day = day;
      this.today = standing.day;
      this.lastDay = standing.daysSinceLastScan === null ? null : day - standing.daysSinceLastScan;
    }
    this.ever += standing.ever;
    campaignIds.forEach((id, index) => {
      const before = standing.campaigns[id];
      if (before) this.entered(index).used += before;
    });
  }

  usedToday(day: number): number {
    return this.day === day ? this.today : 0;
  }

  usedInCampaign(index: number): number {
    return this.inCampaign(index)?.used ?? 0;
  }

  /** A code was used up. */
  use(day: number, campaign: number): void {
    this.today = this.usedToday(day) + 1;
    this.day = day;
    this.lastDay = day;
    this.ever += 1;
    this.entered(campaign).used += 1;
  }

  used(campaign: number, key: string): Used {
    let counter = this.inCampaign(campaign)?.counters ?? null;
    while (counter && counter.key !== key) counter = counter.next;
    return counter ?? NOTHING_USED;
  }

  /** Of each kind of window only the latest is kept: scans come in the order of time, and a window that is over is never asked again. */
  count(campaign: number, key: string, fen: number): void {
    const entered = this.entered(campaign);
    let counter = entered.counters;
    while (counter && counter.key[WINDOW_AT] !== key[WINDOW_AT]) counter = counter.next;
    if (!counter) {
      entered.counters = { key, count: 1, fen, next: entered.counters };
      return;
    }
    if (counter.key !== key) {
      counter.key = key;
      counter.count = 0;
      counter.fen = 0;
    }
    counter.count += 1;
    counter.fen += fen;
  }

  private inCampaign(index: number): InCampaign | null {
    let one = this.campaigns;
    while (one && one.campaign !== index) one = one.next;
    return one;
  }

  private entered(index: number): InCampaign {
    const known = this.inCampaign(index);
    if (known) return known;
    return (this.campaigns = { campaign: index, used: 0, counters: null, next: this.campaigns });
  }
}

export const NOTHING_USED: Used = { count: 0, fen: 0 };
