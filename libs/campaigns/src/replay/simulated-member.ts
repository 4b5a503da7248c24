import type { Used } from '../decision';
import type { PersonFacts, Standing } from './scan-chunk';

/** Of counter keys `m|d2026-11-22`: which kind of window it is. */
const WINDOW_AT = 2;

interface MemberCounter {
  /** The campaign's place among the replayed ones. */
  readonly campaign: number;
  key: string;
  count: number;
  fen: number;
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
  /** By the campaign's place among the replayed ones. */
  private readonly campaigns: number[] = [];
  private readonly counters: MemberCounter[] = [];

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
      if (before) this.campaigns[index] = (this.campaigns[index] ?? 0) + before;
    });
  }

  usedToday(day: number): number {
    return this.day === day ? this.today : 0;
  }

  usedInCampaign(index: number): number {
    return this.campaigns[index] ?? 0;
  }

  /** A code was used up. */
  use(day: number, campaign: number): void {
    this.today = this.usedToday(day) + 1;
    this.day = day;
    this.lastDay = day;
    this.ever += 1;
    this.campaigns[campaign] = this.usedInCampaign(campaign) + 1;
  }

  used(campaign: number, key: string): Used {
    for (const counter of this.counters) if (counter.key === key && counter.campaign === campaign) return counter;
    return NOTHING_USED;
  }

  /** Of each kind of window only the latest is kept: scans come in the order of time, and a window that is over is never asked again. */
  count(campaign: number, key: string, fen: number): void {
    for (const counter of this.counters) {
      if (counter.campaign !== campaign || counter.key[WINDOW_AT] !== key[WINDOW_AT]) continue;
      if (counter.key !== key) {
        counter.key = key;
        counter.count = 0;
        counter.fen = 0;
      }
      counter.count += 1;
      counter.fen += fen;
      return;
    }
    this.counters.push({ campaign, key, count: 1, fen });
  }
}

export const NOTHING_USED: Used = { count: 0, fen: 0 };
