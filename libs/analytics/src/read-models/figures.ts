import { Injectable } from '@nestjs/common';
import { Database, databaseNow } from '@app/database';
import { addDays, shanghaiDay } from '@app/kernel';
import type { Scope } from '../scope';
import { readActivatedCodes } from './activated-codes';
import { readPublishedOdds, type PublishedOdds } from './published-odds';
import { checkRange, scopeClause, type DayRange } from './rollup-scope';
import { readSums, SUM_COLUMNS, sumsOf, type RawSums, type ScanSums } from './scan-sums';
import { countedWindow, daysBetween, type WindowPeople } from './window-people';

export interface PeriodFigures extends DayRange {
  readonly sums: ScanSums;
  /** Null for days that are not over, and until they were counted. */
  readonly people: WindowPeople | null;
  /** Prize money that was asked for, and that arrived, in these days. */
  readonly claimedFen: number;
  readonly settledFen: number;
}

/** The numbers that everybody asks first, with what each is made of. */
export interface Figures {
  readonly now: PeriodFigures;
  readonly before: PeriodFigures;
  /** Of all time; null for a distributor: codes are nobody's before they are shipped. */
  readonly codes: { readonly activated: number; readonly opened: number } | null;
  /** Campaigns that decided scans in these days, with the odds they publish; most bottles first, at most 20. */
  readonly odds: readonly (PublishedOdds & Pick<ScanSums, 'opened' | 'wins'>)[];
  /** Came back within these days; null until they were counted. Windows end yesterday. */
  readonly repeat7: RepeatRate;
  readonly repeat30: RepeatRate;
}

export interface RepeatRate {
  readonly now: WindowPeople | null;
  readonly before: WindowPeople | null;
}

const MOST_CAMPAIGNS = 20;

@Injectable()
export class FiguresModel {
  constructor(private readonly database: Database) {}

  /** The range, and as many days before it. Throws Rejected `bad_range` (422). `at` is now unless a test says otherwise. */
  async read(scope: Scope, range: DayRange, at?: Date): Promise<Figures> {
    checkRange(range);
    const today = shanghaiDay(at ?? (await databaseNow(this.database)));
    const days = daysBetween(range.from, range.to);
    const before = { from: addDays(range.from, -days), to: range.from };
    const [now, past, codes, odds, repeat7, repeat30] = await Promise.all([
      this.period(scope, range),
      this.period(scope, before),
      scope.kind === 'national' ? this.codes() : null,
      this.odds(scope, range),
      this.repeats(scope, 7, 7, today),
      this.repeats(scope, 30, 30, today),
    ]);
    return { now, before: past, codes, odds, repeat7, repeat30 };
  }

  private async period(scope: Scope, range: DayRange): Promise<PeriodFigures> {
    const clause = await scopeClause(this.database, scope, 'payout_days');
    const [money] = await this.database.query<{ claimed: string; settled: string }>(
      `SELECT COALESCE(SUM(claimed_fen), 0) AS claimed, COALESCE(SUM(settled_fen), 0) AS settled FROM payout_days
        WHERE ${clause.sql} AND day >= ? AND day < ?`,
      [...clause.params, range.from, range.to],
    );
    return {
      ...{ from: range.from, to: range.to },
      sums: await readSums(this.database, scope, range),
      people: (await countedWindow(this.database, scope, range))?.total ?? null,
      ...{ claimedFen: Number(money!.claimed), settledFen: Number(money!.settled) },
    };
  }

  private async codes(): Promise<{ activated: number; opened: number }> {
    const [row] = await this.database.query<{ opened: string }>(
      'SELECT COALESCE(SUM(opened), 0) AS opened FROM rollup_items',
    );
    return { activated: await readActivatedCodes(this.database), opened: Number(row!.opened) };
  }

  private async odds(scope: Scope, { from, to }: DayRange): Promise<Figures['odds']> {
    const clause = await scopeClause(this.database, scope, 'rollup_items');
    const rows = await this.database.query<RawSums & { id: number }>(
      `SELECT campaign_id AS id, ${SUM_COLUMNS} FROM rollup_items
        WHERE ${clause.sql} AND day >= ? AND day < ? AND campaign_id > 0
        GROUP BY campaign_id ORDER BY SUM(opened) DESC LIMIT ${MOST_CAMPAIGNS}`,
      [...clause.params, from, to],
    );
    const published = await readPublishedOdds(
      this.database,
      rows.map(({ id }) => id),
    );
    return rows.flatMap((row) => {
      const odds = published.get(row.id);
      const { opened, wins } = sumsOf(row);
      return odds ? [{ ...odds, opened, wins }] : [];
    });
  }

  private async repeats(scope: Scope, days: number, back: number, today: string): Promise<RepeatRate> {
    const window = async (to: string): Promise<WindowPeople | null> =>
      (await countedWindow(this.database, scope, { from: addDays(to, -days), to }))?.total ?? null;
    return { now: await window(today), before: await window(addDays(today, -back)) };
  }
}
