import { compileCap, windowEnd } from '../../caps';
import type { BurstPlan, Cap, CapWindow } from '../../document/campaign-content';

const HOUR_MS = 3_600_000;
const MOST_ROWS = 50;

export interface ForecastInput {
  readonly at: Date;
  /** `[startsAt, endsAt)`: of the run when it is a burst, else of the period. */
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly awardedFen: number;
  /** Whole hours of the last 24 in which something was won. */
  readonly hours: readonly { readonly hour: Date; readonly wins: number; readonly awardedFen: number }[];
  readonly counters: readonly { readonly key: string; readonly awards: number; readonly fen: number }[];
  readonly caps: readonly Cap[];
  readonly burst: BurstPlan | null;
  readonly budgetLeftFen: number | null;
}

export interface Forecast {
  /** Mean of the last 24 hours, or of the time since the start when that is shorter. */
  readonly winsPerHour: number;
  readonly fenPerHour: number;
  readonly hoursLeft: number;
  /** Awarded so far and, at this rate, until the end. */
  readonly fenAtEnd: number;
  /** When the budget is used up at this rate; null when it lasts to the end. */
  readonly budgetUntil: Date | null;
  readonly caps: readonly CapUse[];
}

/** How much of a cap its present window has used. Caps of a member or a code are not listed: there are as many as members. */
export interface CapUse {
  readonly cap: Cap;
  /** The region or store counted here; null for the whole campaign. 0 = unknown. */
  readonly subject: number | null;
  readonly awards: number;
  readonly fen: number;
  /** 0 … 1 of what is allowed, by number or by fen, whichever is nearer to its limit. */
  readonly used: number;
  /** When the window ends; null for `total`. */
  readonly windowEnds: Date | null;
  /** When the cap is reached at this rate, before its window or the campaign ends; null when it is not. Only for the whole campaign. */
  readonly reachedAt: Date | null;
}

/** Where a campaign gets to at its present rate. Pure. */
export function forecast(input: ForecastInput): Forecast {
  const { at, startsAt, endsAt, hours, awardedFen, budgetLeftFen } = input;
  const hoursLeft = Math.max(0, endsAt.getTime() - Math.max(at.getTime(), startsAt.getTime())) / HOUR_MS;
  const since = Math.min(24, Math.max(1, (at.getTime() - startsAt.getTime()) / HOUR_MS));
  const winsPerHour = hours.reduce((sum, { wins }) => sum + wins, 0) / since;
  const fenPerHour = hours.reduce((sum, hour) => sum + hour.awardedFen, 0) / since;
  const rate = { winsPerHour, fenPerHour };
  const budgetHours = budgetLeftFen === null ? Infinity : hoursUntil(budgetLeftFen, fenPerHour);
  return {
    ...rate,
    hoursLeft,
    fenAtEnd: Math.round(awardedFen + fenPerHour * hoursLeft),
    budgetUntil: budgetHours < hoursLeft ? later(at, budgetHours) : null,
    caps: allCaps(input).flatMap((cap) => usesOf(cap, input, rate, later(at, hoursLeft))),
  };
}

type Rate = Pick<Forecast, 'winsPerHour' | 'fenPerHour'>;

/** The plan of a burst is a cap on the whole campaign. */
function allCaps({ caps, burst }: ForecastInput): Cap[] {
  const shared = caps.filter(({ per }) => per !== 'member' && per !== 'code');
  if (!burst) return shared;
  return [...shared, { per: 'campaign', window: 'total', count: burst.maxCount, fen: burst.maxFen }];
}

function usesOf(cap: Cap, { at, counters }: ForecastInput, rate: Rate, end: Date): CapUse[] {
  const windowEnds = windowEnd(cap.window, at);
  const rows = counters.filter(({ key }) => belongs(cap, key, windowOf(cap.window, at)));
  const shown = cap.per === 'campaign' && rows.length === 0 ? [{ key: 'c', awards: 0, fen: 0 }] : rows;
  return shown.slice(0, MOST_ROWS).map(({ key, awards, fen }) => ({
    ...{ cap, awards, fen, windowEnds },
    subject: cap.per === 'campaign' ? null : Number(key.slice(1, key.indexOf('|'))),
    used: Math.max(shareOf(awards, cap.count), shareOf(fen, cap.fen)),
    reachedAt: cap.per === 'campaign' ? reachedAt(cap, { awards, fen }, at, rate, least(windowEnds, end)) : null,
  }));
}

function belongs({ per, adcode, level = 'province' }: Cap, key: string, window: string): boolean {
  const [subject = '', counted] = key.split('|');
  if (counted !== window || subject[0] !== per[0]) return false;
  if (per !== 'region') return true;
  const place = Number(subject.slice(1));
  if (adcode !== undefined) return place === adcode;
  return level === 'city' || place % 10_000 === 0;
}

/** The part of a counter key that names the window of an instant. */
function windowOf(window: CapWindow, at: Date): string {
  const { counterKey } = compileCap({ per: 'campaign', window, count: null, fen: null });
  return counterKey({
    at,
    region: { adcode: null, trust: 'unknown' },
    shippedTo: { distributor: null, store: null },
  })!.slice(2);
}

function shareOf(used: number, limit: number | null): number {
  if (limit === null) return 0;
  return limit === 0 ? 1 : Math.min(1, used / limit);
}

function reachedAt(cap: Cap, used: { awards: number; fen: number }, at: Date, rate: Rate, end: Date): Date | null {
  const hours = Math.min(
    cap.count === null ? Infinity : hoursUntil(cap.count - used.awards, rate.winsPerHour),
    cap.fen === null ? Infinity : hoursUntil(cap.fen - used.fen, rate.fenPerHour),
  );
  const reached = later(at, hours);
  return hours < Infinity && reached < end ? reached : null;
}

function hoursUntil(left: number, perHour: number): number {
  if (left <= 0) return 0;
  return perHour > 0 ? left / perHour : Infinity;
}

function later(at: Date, hours: number): Date {
  return new Date(at.getTime() + Math.min(hours, 1e6) * HOUR_MS);
}

function least(a: Date | null, b: Date): Date {
  return a !== null && a < b ? a : b;
}
