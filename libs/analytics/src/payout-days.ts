import { Injectable } from '@nestjs/common';
import { bulkInsert, Database, databaseNow, UnitOfWork, type SqlValue } from '@app/database';
import { RunsEvery } from '@app/jobs';
import { addDays, shanghaiDay, shanghaiDayStart } from '@app/kernel';
import { awardOfKey } from './read-models/statement-flows';

const MARK = 'payout-days';
/** A day is counted for the last time this long after its end. */
const GRACE_MS = 15 * 60_000;
const DAYS_A_RUN = 31;

interface Moved {
  readonly distributor: number;
  readonly fen: string;
}

/** Counts day by day how much prize money was asked for and how much arrived, by the territory where the bottle was scanned. */
@Injectable()
export class PayoutDays {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Today again and again; the days before it once, when they are over. */
  @RunsEvery('analytics.payout-days', (waits) => waits.backfillEveryMs)
  async run(): Promise<void> {
    const now = await databaseNow(this.database);
    await this.runTo(shanghaiDay(new Date(now.getTime() - GRACE_MS)), shanghaiDay(now));
  }

  /** Days before `open` are over and are passed for good; `open` to `today` are counted and will be again. */
  async runTo(open: string, today: string): Promise<void> {
    let day: string | null = await this.next(await this.mark());
    for (let counted = 0; day !== null && day < open && counted < DAYS_A_RUN; counted++) {
      await this.count(day);
      await this.advance(addDays(day, 1));
      day = await this.next(addDays(day, 1));
    }
    if (day !== null && day < open) return;
    await this.advance(open);
    for (day = open; day <= today; day = addDays(day, 1)) await this.count(day);
  }

  private async count(day: string): Promise<void> {
    const claimed = await this.moved('created_at', day);
    const settled = await this.moved('settled_at', day);
    const distributors = [...new Set([...claimed.keys(), ...settled.keys()])];
    await this.unitOfWork.run(async (tx) => {
      await tx.execute('DELETE FROM payout_days WHERE day = ?', [day]);
      const rows = distributors.map((id) => [id, day, claimed.get(id) ?? 0, settled.get(id) ?? 0]);
      await bulkInsert(tx, 'payout_days', ['distributor_id', 'day', 'claimed_fen', 'settled_fen'], rows);
    });
  }

  /** Fen of payouts that were asked for (`created_at`) or arrived (`settled_at`) on a day; of those put together, prize by prize. */
  private async moved(at: 'created_at' | 'settled_at', day: string): Promise<Map<number, number>> {
    const range: SqlValue[] = [shanghaiDayStart(day), shanghaiDayStart(addDays(day, 1))];
    const rows = await this.database.query<Moved>(
      `SELECT distributor, SUM(fen) AS fen FROM (
         SELECT COALESCE(s.distributor_id, 0) AS distributor, p.amount_fen AS fen
           FROM payouts p LEFT JOIN awards a ON ${awardOfKey('a', 'p.payout_key')}
           LEFT JOIN scans s ON s.member_id = a.member_id AND s.scan_id = a.scan_id
          WHERE p.${at} >= ? AND p.${at} < ? AND LEFT(p.payout_key, 1) <> 'p'
         UNION ALL
         SELECT COALESCE(s.distributor_id, 0), w.amount_fen
           FROM payouts p JOIN pooled_awards w ON w.payout_key = p.payout_key
           LEFT JOIN awards a ON a.batch_id = w.batch_id AND a.layer = w.layer AND a.serial = w.serial AND a.slot = w.slot
           LEFT JOIN scans s ON s.member_id = a.member_id AND s.scan_id = a.scan_id
          WHERE p.${at} >= ? AND p.${at} < ? AND LEFT(p.payout_key, 1) = 'p') moved GROUP BY distributor`,
      [...range, ...range],
    );
    return new Map(rows.map((row) => [Number(row.distributor), Number(row.fen)]));
  }

  private async mark(): Promise<string> {
    const [row] = await this.database.query<{ at: Date }>('SELECT mark_at AS at FROM rollup_marks WHERE name = ?', [
      MARK,
    ]);
    return row ? shanghaiDay(row.at) : '2000-01-01';
  }

  /** The first day from `day` on on which money was asked for or arrived. */
  private async next(day: string): Promise<string | null> {
    const from = shanghaiDayStart(day);
    const [row] = await this.database.query<{ at: Date | null }>(
      `SELECT MIN(at) AS at FROM (SELECT MIN(created_at) AS at FROM payouts WHERE created_at >= ?
         UNION ALL SELECT MIN(settled_at) AS at FROM payouts WHERE settled_at >= ?) firsts`,
      [from, from],
    );
    return row?.at ? shanghaiDay(row.at) : null;
  }

  private async advance(day: string): Promise<void> {
    await this.unitOfWork.run((tx) =>
      tx.execute(
        `INSERT INTO rollup_marks (name, mark_at) VALUES (?, ?)
         ON DUPLICATE KEY UPDATE mark_at = GREATEST(mark_at, VALUES(mark_at))`,
        [MARK, shanghaiDayStart(day)],
      ),
    );
  }
}
