import { Injectable } from '@nestjs/common';
import { Database, databaseNow } from '@app/database';
import { addDays, shanghaiDay, shanghaiDayStart } from '@app/kernel';
import { HyperLogLog } from '../hyperloglog';
import type { Scope } from '../scope';
import type { PeopleCount } from './people-count';
import { checkRange, scopeClause, type DayRange } from './rollup-scope';
import { campaignSteps } from './campaign-steps';

/** Up to which day `CampaignDays` has counted. */
export const CAMPAIGN_DAYS_MARK = 'campaign-days';

/** Money is fen. */
export interface FunnelSteps {
  readonly scans: number;
  /** Members who scanned; signing in with WeChat is what makes a scan theirs. */
  readonly people: PeopleCount;
  readonly newMembers: number;
  /** Codes scanned for the first time. */
  readonly firstScans: number;
  /** Awards other than 谢谢参与, and their money. */
  readonly wins: number;
  readonly awardedFen: number;
  /** Awards whose money was asked for, and those whose money arrived. */
  readonly claims: number;
  readonly claimedFen: number;
  readonly confirmed: number;
  readonly confirmedFen: number;
}

export interface FunnelDay extends FunnelSteps {
  readonly day: string;
}

export interface CampaignFunnel extends DayRange {
  readonly at: Date;
  readonly steps: FunnelSteps;
  /** People who came again on a later day, once for each such day. */
  readonly returns: number;
  /** Every day of the range that is not to come, quiet ones included. */
  readonly days: readonly FunnelDay[];
}

type Counted = Omit<FunnelSteps, 'people'>;
const NOTHING: Counted = {
  ...{ scans: 0, newMembers: 0, firstScans: 0, wins: 0, awardedFen: 0 },
  ...{ claims: 0, claimedFen: 0, confirmed: 0, confirmedFen: 0 },
};

/** From the scan to the money in somebody's pocket, and back again. Days that are over were counted once; the rest is read as it is now. */
@Injectable()
export class CampaignFunnelModel {
  constructor(private readonly database: Database) {}

  /** Throws Rejected `bad_range` (422). A campaign that nobody scanned for has zeros. */
  async read(scope: Scope, campaignId: number, { from, to }: DayRange): Promise<CampaignFunnel> {
    checkRange({ from, to });
    const at = await databaseNow(this.database);
    const end = least(to, addDays(shanghaiDay(at), 1));
    const question = { scope, campaignId, from, to: end };
    const [counted, people] = [await this.counted(question), await this.people(question)];
    const days: FunnelDay[] = [];
    const everybody = new HyperLogLog();
    for (let day = from; day < end; day = addDays(day, 1)) {
      const sketch = people.get(day);
      if (sketch) everybody.addSketch(sketch.toBytes());
      days.push({ day, ...(counted.get(day) ?? NOTHING), people: peopleOf(sketch) });
    }
    const all = peopleOf(everybody);
    const visits = days.reduce((sum, day) => sum + day.people.count, 0);
    const steps = { ...days.reduce<Counted>(sumOf, NOTHING), people: all };
    return { at, from, to, steps, returns: Math.max(0, visits - all.count), days };
  }

  private async counted(question: FunnelQuestion): Promise<Map<string, Counted>> {
    const days = new Map<string, Counted>();
    const add = (day: string, part: Partial<Counted>): void => {
      days.set(day, sumOf(days.get(day) ?? NOTHING, { ...NOTHING, ...part }));
    };
    for (const { day, ...part } of await this.scanned(question)) add(day, part);
    for (const { day, ...part } of await this.moved(question)) add(day, part);
    return days;
  }

  private async scanned({ scope, campaignId, from, to }: FunnelQuestion): Promise<(Partial<Counted> & Dated)[]> {
    const clause = await scopeClause(this.database, scope, 'rollup_days');
    const rows = await this.database.query<Record<string, string> & Dated>(
      `SELECT DATE_FORMAT(day, '%Y-%m-%d') AS day, SUM(scans) AS scans, SUM(first_scans) AS firstScans, SUM(wins) AS wins,
              SUM(awarded_fen) AS awardedFen, SUM(new_members) AS newMembers
         FROM rollup_days WHERE ${clause.sql} AND day >= ? AND day < ? AND campaign_id = ? GROUP BY rollup_days.day`,
      [...clause.params, from, to, campaignId],
    );
    return rows.map(({ day, scans, firstScans, wins, awardedFen, newMembers }) => ({
      ...{ day, scans: Number(scans), firstScans: Number(firstScans), wins: Number(wins) },
      ...{ awardedFen: Number(awardedFen), newMembers: Number(newMembers) },
    }));
  }

  private async moved(question: FunnelQuestion): Promise<(Partial<Counted> & Dated)[]> {
    const { scope, campaignId, from, to } = question;
    const mark = await this.mark();
    const own = scope.kind === 'distributor' ? 'AND distributor_id = ?' : '';
    const rows = await this.database.query<Record<string, string> & Dated>(
      `SELECT DATE_FORMAT(day, '%Y-%m-%d') AS day, SUM(claims) AS claims, SUM(claimed_fen) AS claimedFen,
              SUM(confirmed) AS confirmed, SUM(confirmed_fen) AS confirmedFen
         FROM campaign_days WHERE campaign_id = ? AND day >= ? AND day < ? AND day < ? ${own} GROUP BY campaign_days.day`,
      [campaignId, from, to, mark, ...(scope.kind === 'distributor' ? [scope.distributorId] : [])],
    );
    const counted = rows.map(({ day, claims, claimedFen, confirmed, confirmedFen }) => ({
      ...{ day, claims: Number(claims), claimedFen: Number(claimedFen) },
      ...{ confirmed: Number(confirmed), confirmedFen: Number(confirmedFen) },
    }));
    const live = greatest(from, mark);
    if (live >= to) return counted;
    const range = { from: shanghaiDayStart(live), to: shanghaiDayStart(to) };
    const apart = scope.kind === 'distributor';
    const steps = await campaignSteps(this.database, { ...range, campaignId, apart });
    const mine = steps.filter((step) => scope.kind === 'national' || step.distributorId === scope.distributorId);
    return [...counted, ...mine];
  }

  private async people({ scope, campaignId, from, to }: FunnelQuestion): Promise<Map<string, HyperLogLog>> {
    const mark = await this.mark();
    const own = scope.kind === 'distributor' ? 'AND distributor_id = ?' : '';
    const mine = scope.kind === 'distributor' ? [scope.distributorId] : [];
    const found = new Map<string, HyperLogLog>();
    const of = (day: string): HyperLogLog => {
      const sketch = found.get(day) ?? new HyperLogLog();
      found.set(day, sketch);
      return sketch;
    };
    const sketches = await this.database.query<{ people: Buffer } & Dated>(
      `SELECT DATE_FORMAT(day, '%Y-%m-%d') AS day, people FROM campaign_days
        WHERE campaign_id = ? AND day >= ? AND day < ? AND day < ? ${own}`,
      [campaignId, from, to, mark, ...mine],
    );
    for (const { day, people } of sketches) if (people.length > 0) of(day).addSketch(people);
    const rows = await this.database.query<{ id: string } & Dated>(
      `SELECT DISTINCT DATE_FORMAT(day, '%Y-%m-%d') AS day, member_id AS id FROM scan_facts
        WHERE day >= ? AND day < ? AND campaign_id = ? ${own}`,
      [greatest(from, mark), to, campaignId, ...mine],
    );
    for (const { day, id } of rows) of(day).add(Number(id));
    return found;
  }

  /** The first day that is not counted for good. */
  private async mark(): Promise<string> {
    const [row] = await this.database.query<{ at: Date }>('SELECT mark_at AS at FROM rollup_marks WHERE name = ?', [
      CAMPAIGN_DAYS_MARK,
    ]);
    return row ? shanghaiDay(row.at) : '2000-01-01';
  }
}

interface FunnelQuestion extends DayRange {
  readonly scope: Scope;
  readonly campaignId: number;
}
interface Dated {
  readonly day: string;
}

const least = (a: string, b: string): string => (a < b ? a : b);
const greatest = (a: string, b: string): string => (a > b ? a : b);

function peopleOf(sketch: HyperLogLog | undefined): PeopleCount {
  return { count: sketch?.count() ?? 0, exact: false };
}

function sumOf(a: Counted, b: Counted): Counted {
  return {
    scans: a.scans + b.scans,
    newMembers: a.newMembers + b.newMembers,
    firstScans: a.firstScans + b.firstScans,
    wins: a.wins + b.wins,
    awardedFen: a.awardedFen + b.awardedFen,
    claims: a.claims + b.claims,
    claimedFen: a.claimedFen + b.claimedFen,
    confirmed: a.confirmed + b.confirmed,
    confirmedFen: a.confirmedFen + b.confirmedFen,
  };
}
