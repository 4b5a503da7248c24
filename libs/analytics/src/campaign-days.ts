import { Injectable } from '@nestjs/common';
import { bulkInsert, Database, databaseNow, UnitOfWork } from '@app/database';
import { RunsEvery } from '@app/jobs';
import { addDays, shanghaiDay, shanghaiDayStart } from '@app/kernel';
import { BACK_FILL_MARK } from './back-fill';
import { HyperLogLog } from './hyperloglog';
import { CAMPAIGN_DAYS_MARK } from './read-models/campaign-funnel';
import { campaignSteps } from './read-models/campaign-steps';

/** A day's money is counted this long after its end: whatever was booked on it has been committed by then. */
const GRACE_MS = 15 * 60_000;
const DAYS_A_RUN = 31;
const PEOPLE_AT_ONCE = 50_000;

interface Cell {
  readonly campaignId: number;
  readonly distributorId: number;
  readonly people: HyperLogLog | null;
  readonly steps: readonly [claims: number, claimedFen: number, confirmed: number, confirmedFen: number];
}

/** Counts what became of each campaign on days that are over, once and for all. */
@Injectable()
export class CampaignDays {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  @RunsEvery('analytics.campaign-days', (waits) => waits.backfillEveryMs)
  async run(): Promise<void> {
    const now = await databaseNow(this.database);
    const [facts] = await this.database.query<{ at: Date }>('SELECT mark_at AS at FROM rollup_marks WHERE name = ?', [
      BACK_FILL_MARK,
    ]);
    // Never ahead of the facts: a day whose scans are still being counted is not over.
    if (facts) await this.runTo(shanghaiDay(new Date(Math.min(now.getTime() - GRACE_MS, facts.at.getTime()))));
  }

  /** Goes on from the mark to the day `end`, not included; at most a month of days on which somebody scanned. Returns how many were counted. */
  async runTo(end: string): Promise<number> {
    let day = await this.begin();
    for (let counted = 0; ; counted++) {
      if (day === null || day >= end || counted === DAYS_A_RUN) {
        if (counted < DAYS_A_RUN) await this.advance(end);
        return counted;
      }
      await this.count(day);
      day = await this.next(addDays(day, 1));
    }
  }

  /** A day that was counted, once more, because its facts are others now. A day that was not is left to its turn. */
  async recount(day: string): Promise<void> {
    const [row] = await this.database.query<{ at: Date }>('SELECT mark_at AS at FROM rollup_marks WHERE name = ?', [
      CAMPAIGN_DAYS_MARK,
    ]);
    if (row && day < shanghaiDay(row.at)) await this.count(day);
  }

  private async count(day: string): Promise<void> {
    const cells = await this.cells(day);
    await this.unitOfWork.run(async (tx) => {
      await tx.execute('DELETE FROM campaign_days WHERE day = ?', [day]);
      await bulkInsert(
        tx,
        'campaign_days',
        [
          ...['campaign_id', 'day', 'distributor_id', 'people'],
          ...['claims', 'claimed_fen', 'confirmed', 'confirmed_fen'],
        ],
        cells.map(({ campaignId, distributorId, people, steps }) => [
          ...[campaignId, day, distributorId, people?.toBytes() ?? Buffer.alloc(0)],
          ...steps,
        ]),
      );
    });
    await this.advance(addDays(day, 1));
  }

  private async cells(day: string): Promise<Cell[]> {
    const cells = new Map<string, Cell>();
    const keyOf = (campaignId: number, distributorId: number): string => `${campaignId}|${distributorId}`;
    for await (const { campaignId, distributorId, memberId } of this.people(day)) {
      const key = keyOf(campaignId, distributorId);
      const people = cells.get(key)?.people ?? new HyperLogLog();
      people.add(memberId);
      cells.set(key, { campaignId, distributorId, people, steps: [0, 0, 0, 0] });
    }
    const [from, to] = [shanghaiDayStart(day), shanghaiDayStart(addDays(day, 1))];
    for (const step of await campaignSteps(this.database, { from, to, apart: true })) {
      const { campaignId, distributorId, claims, claimedFen, confirmed, confirmedFen } = step;
      const people = cells.get(keyOf(campaignId, distributorId))?.people ?? null;
      const steps = [claims, claimedFen, confirmed, confirmedFen] as const;
      cells.set(keyOf(campaignId, distributorId), { campaignId, distributorId, people, steps });
    }
    return [...cells.values()];
  }

  /** Walks the primary key of the day, so that no day is held in memory whole. */
  private async *people(day: string): AsyncGenerator<{ campaignId: number; distributorId: number; memberId: number }> {
    let after: readonly [string, Buffer] = ['0', Buffer.alloc(0)];
    for (;;) {
      const rows = await this.database.query<{
        member: string;
        scan: Buffer;
        campaign: number;
        distributor: number;
      }>(
        `SELECT member_id AS member, scan_id AS scan, campaign_id AS campaign, distributor_id AS distributor FROM scan_facts
          WHERE day = ? AND (member_id > ? OR (member_id = ? AND scan_id > ?))
          ORDER BY member_id, scan_id LIMIT ${PEOPLE_AT_ONCE}`,
        [day, after[0], after[0], after[1]],
      );
      for (const row of rows) {
        if (row.campaign === 0) continue;
        yield { campaignId: row.campaign, distributorId: row.distributor, memberId: Number(row.member) };
      }
      const last = rows.at(-1);
      if (!last || rows.length < PEOPLE_AT_ONCE) return;
      after = [last.member, last.scan];
    }
  }

  private async begin(): Promise<string | null> {
    const [row] = await this.database.query<{ at: Date }>('SELECT mark_at AS at FROM rollup_marks WHERE name = ?', [
      CAMPAIGN_DAYS_MARK,
    ]);
    return this.next(row ? shanghaiDay(row.at) : '2000-01-01');
  }

  /** The first day from `day` on with a scan, a claim or an arrival; the others need no row. */
  private async next(day: string): Promise<string | null> {
    const from = shanghaiDayStart(day);
    const [row] = await this.database.query<{ day: string | null }>(
      `SELECT MIN(day) AS day FROM (
         SELECT DATE_FORMAT(MIN(day), '%Y-%m-%d') AS day FROM scan_facts WHERE day >= ?
         UNION ALL SELECT DATE_FORMAT(MIN(created_at) + INTERVAL 8 HOUR, '%Y-%m-%d') FROM payouts WHERE created_at >= ?
         UNION ALL SELECT DATE_FORMAT(MIN(at) + INTERVAL 8 HOUR, '%Y-%m-%d') FROM grant_uses WHERE at >= ?) firsts`,
      [day, from, from],
    );
    return row?.day ?? null;
  }

  private async advance(day: string): Promise<void> {
    await this.unitOfWork.run((tx) =>
      tx.execute(
        `INSERT INTO rollup_marks (name, mark_at) VALUES (?, ?)
         ON DUPLICATE KEY UPDATE mark_at = GREATEST(mark_at, VALUES(mark_at))`,
        [CAMPAIGN_DAYS_MARK, shanghaiDayStart(day)],
      ),
    );
  }
}
