import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { bulkInsert, Database, databaseNow, UnitOfWork } from '@app/database';
import { RunsEvery } from '@app/jobs';
import { addDays, shanghaiDay } from '@app/kernel';
import { RollupsRepository } from './rollups.repository';

/** Days that people are counted over, each window ending with a day that is over. */
export const SPANS = [1, 7, 30] as const;
export type Span = (typeof SPANS)[number];
/** The region of a window that stands for all places. */
export const ALL_PLACES = 100_000;

/** A day is counted this long after its end: what was scanned on it has been folded by then. */
const GRACE_MS = 10 * 60_000;
/** How far back windows are kept ready: each is compared with the one before it, and with that of a week ago. */
const BACK: Readonly<Record<Span, readonly number[]>> = {
  1: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
  7: [0, 7],
  30: [0, 30],
};
const WINDOWS_KEPT_DAYS = 120;

interface Counted {
  readonly scope: string;
  readonly region: number;
  readonly people: number;
  readonly openers: number;
  readonly repeaters: number;
}

/** Counts distinct people of days that are over: too many rows to be counted while somebody waits for a page. */
@Injectable()
export class PeopleWindows {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly rollups: RollupsRepository,
  ) {}

  @RunsEvery('analytics.windows', (waits) => waits.backfillEveryMs)
  async run(): Promise<void> {
    const now = await databaseNow(this.database);
    await this.runTo(addDays(shanghaiDay(new Date(now.getTime() - GRACE_MS)), -1));
  }

  /** Counts every window that a page of the day after `last` asks for and that is not there. Returns how many were counted. */
  async runTo(last: string): Promise<number> {
    await this.purge(addDays(last, -WINDOWS_KEPT_DAYS));
    let counted = 0;
    for (const span of SPANS) {
      for (const back of BACK[span]) {
        if (await this.count(span, addDays(last, -back))) counted++;
      }
    }
    return counted;
  }

  /** The window of `span` days that ends with `day`. False when it is there. */
  private async count(span: Span, day: string): Promise<boolean> {
    const run = randomUUID();
    if (!(await this.begin(span, day, run))) return false;
    const rows = await this.windowOf(addDays(day, 1 - span), addDays(day, 1));
    return this.unitOfWork.run(async (tx) => {
      // Under the fold lock: a late scan that was folded meanwhile has taken the run away, and the next turn counts again.
      await this.rollups.lock(tx);
      const { affectedRows } = await tx.execute(
        'UPDATE people_window_runs SET counted_at = UTC_TIMESTAMP(6) WHERE span = ? AND day = ? AND run = ?',
        [span, day, run],
      );
      if (affectedRows === 0) return false;
      await tx.execute('DELETE FROM people_windows WHERE span = ? AND day = ?', [span, day]);
      await bulkInsert(
        tx,
        'people_windows',
        ['scope', 'span', 'day', 'region', 'people', 'openers', 'repeaters'],
        rows.map((row) => [row.scope, span, day, row.region, row.people, row.openers, row.repeaters]),
      );
      return true;
    });
  }

  /** One worker at a time comes here, so a run that was not finished is nobody's any more. */
  private async begin(span: Span, day: string, run: string): Promise<boolean> {
    const [known] = await this.database.query<{ counted: Date | null }>(
      'SELECT counted_at AS counted FROM people_window_runs WHERE span = ? AND day = ?',
      [span, day],
    );
    if (known?.counted) return false;
    await this.unitOfWork.run((tx) =>
      tx.execute(
        'INSERT INTO people_window_runs (span, day, run) VALUES (?,?,?) ON DUPLICATE KEY UPDATE run = VALUES(run)',
        [span, day, run],
      ),
    );
    return true;
  }

  private async windowOf(from: string, to: string): Promise<Counted[]> {
    const range = [from, to];
    const people = async (scope: string, region: string): Promise<Counted[]> => {
      const rows = await this.database.query<{ scope: string; region: number | string; people: string }>(
        `SELECT ${scope} AS scope, ${region} AS region, COUNT(DISTINCT member_id) AS people FROM people_days
          WHERE day >= ? AND day < ? GROUP BY 1, 2`,
        range,
      );
      return rows.map((row) => ({
        ...{ scope: String(row.scope), region: Number(row.region), people: Number(row.people) },
        ...{ openers: 0, repeaters: 0 },
      }));
    };
    const counted: Counted[] = [];
    for (const scope of [NATIONAL, DISTRIBUTOR]) {
      counted.push(...(await people(scope, 'city')));
      // A province row of its own is what is known to the province only; the sum of its cities is told as the province.
      const provinces = (await people(scope, PROVINCE)).filter(({ region }) => region !== 0);
      const told = new Set(provinces.map((row) => `${row.scope}/${row.region}`));
      const cities = counted.filter((row) => !told.has(`${row.scope}/${row.region}`));
      counted.splice(0, counted.length, ...cities, ...provinces);
      counted.push(...(await this.totals(scope, from, to)));
    }
    return counted;
  }

  /** All places together, with who opened bottles and who came back for more. */
  private async totals(scope: string, from: string, to: string): Promise<Counted[]> {
    const people = await this.database.query<{ scope: string; people: string }>(
      `SELECT ${scope} AS scope, COUNT(DISTINCT member_id) AS people FROM people_days WHERE day >= ? AND day < ? GROUP BY 1`,
      [from, to],
    );
    const opened = await this.database.query<{ scope: string; openers: string; repeaters: string }>(
      `SELECT scope, COUNT(*) AS openers, SUM(last > first) AS repeaters FROM (
         SELECT ${scope} AS scope, member_id, MIN(day) AS first, MAX(day) AS last FROM scan_facts
          WHERE day >= ? AND day < ? AND opened = 1 GROUP BY 1, 2) people GROUP BY scope`,
      [from, to],
    );
    const byScope = new Map(opened.map((row) => [String(row.scope), row]));
    return people.map((row) => ({
      ...{ scope: String(row.scope), region: ALL_PLACES, people: Number(row.people) },
      openers: Number(byScope.get(String(row.scope))?.openers ?? 0),
      repeaters: Number(byScope.get(String(row.scope))?.repeaters ?? 0),
    }));
  }

  private async purge(before: string): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      await tx.execute('DELETE FROM people_windows WHERE day < ?', [before]);
      await tx.execute('DELETE FROM people_window_runs WHERE day < ?', [before]);
    });
  }
}

const NATIONAL = "'all'";
const DISTRIBUTOR = "CONCAT('d', distributor_id)";
const PROVINCE = 'city - MOD(city, 10000)';
