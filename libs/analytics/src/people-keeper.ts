import { Injectable } from '@nestjs/common';
import { Database, databaseNow, UnitOfWork } from '@app/database';
import { RunsEvery } from '@app/jobs';
import { addDays, shanghaiDay } from '@app/kernel';
import { HyperLogLog } from './hyperloglog';
import { RollupsRepository } from './rollups.repository';

/** People are counted exactly for so many days, then by sketch. */
export const EXACT_DAYS = 35;
const HOURS_KEPT = 48;
const HOUR_MS = 3_600_000;
const ROWS_AT_ONCE = 20_000;

/** Keeps the tables that are not for ever: old people rows become sketches, old hours go. */
@Injectable()
export class PeopleKeeper {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly rollups: RollupsRepository,
  ) {}

  @RunsEvery('analytics.people', () => HOUR_MS)
  async run(): Promise<void> {
    await this.sketchBefore(addDays(shanghaiDay(await databaseNow(this.database)), -EXACT_DAYS));
  }

  @RunsEvery('analytics.hours', () => HOUR_MS)
  async purgeHours(): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      await this.rollups.lock(tx);
      await tx.execute(`DELETE FROM rollup_hours WHERE hour < UTC_TIMESTAMP() - INTERVAL ${HOURS_KEPT} HOUR`);
    });
  }

  /** Turns the exact rows of all days before `day` into sketches. A day that gets late rows later is simply done again. */
  async sketchBefore(day: string): Promise<void> {
    for (;;) {
      const [oldest] = await this.database.query<{ day: string | null }>(
        "SELECT DATE_FORMAT(MIN(day), '%Y-%m-%d') AS day FROM people_days WHERE day < ?",
        [day],
      );
      if (!oldest?.day) return;
      await this.sketchDay(oldest.day);
    }
  }

  private async sketchDay(day: string): Promise<void> {
    const places = await this.database.query<{ distributor_id: number; city: number }>(
      'SELECT DISTINCT distributor_id, city FROM people_days WHERE day = ?',
      [day],
    );
    for (const place of places) await this.sketchPlace(place.distributor_id, day, place.city);
  }

  private async sketchPlace(distributorId: number, day: string, city: number): Promise<void> {
    const key = [distributorId, day, city] as const;
    const here = 'distributor_id = ? AND day = ? AND city = ?';
    for (let rows = ROWS_AT_ONCE; rows === ROWS_AT_ONCE;) {
      rows = await this.unitOfWork.run(async (tx) => {
        // Under the fold lock, so that no late fact slips in between reading and deleting.
        await this.rollups.lock(tx);
        const people = await tx.query<{ member_id: string }>(
          `SELECT member_id FROM people_days WHERE ${here} ORDER BY member_id LIMIT ${ROWS_AT_ONCE}`,
          key,
        );
        const last = people.at(-1);
        if (!last) return 0;
        const [known] = await tx.query<{ registers: Buffer }>(
          `SELECT registers FROM people_sketches WHERE ${here}`,
          key,
        );
        const sketch = new HyperLogLog();
        if (known) sketch.addSketch(known.registers);
        for (const person of people) sketch.add(Number(person.member_id));
        await tx.execute(
          `INSERT INTO people_sketches (distributor_id, day, city, registers) VALUES (?,?,?,?)
           ON DUPLICATE KEY UPDATE registers = VALUES(registers)`,
          [...key, sketch.toBytes()],
        );
        await tx.execute(`DELETE FROM people_days WHERE ${here} AND member_id <= ?`, [...key, last.member_id]);
        return people.length;
      });
    }
  }
}
