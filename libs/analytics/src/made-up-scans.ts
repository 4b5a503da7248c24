import { Injectable } from '@nestjs/common';
import { Database, UnitOfWork } from '@app/database';
import { addDays, Defect, shanghaiDayStart } from '@app/kernel';
import { RebuildDay } from './rebuild-day';
import { cityGrainSql } from './read-models/statement-flows';

/** A place that people live in; as often in the list as people there drink. */
export interface MadeUpPlace {
  /** 0 = unknown place. */
  readonly adcode: number;
  /** 0 = nobody's territory. */
  readonly distributorId: number;
}

export interface MadeUpWorld {
  readonly places: readonly MadeUpPlace[];
  /** As often in the list as they sell. */
  readonly goods: readonly { readonly productId: number; readonly batchId: number; readonly campaignId: number }[];
}

export interface MadeUpHistory {
  readonly scans: number;
  /** Shanghai days `[from, to)`. */
  readonly from: string;
  readonly to: string;
}

/** People of made-up history are far from the numbers of real ones, and by these numbers it is known again. */
const FIRST_MEMBER = 7_000_000_000_000_000n;
/** One scan in so many is somebody's first. */
const NEW_EVERY = 6;
/** One in so many is of a bottle that was opened before. */
const AGAIN_EVERY = 16;
const WEEKEND = 1.45;
/** By hour of the day: lunch, then the long evening; a hundred slots. */
const HOURS = [2, 1, 0, 0, 0, 1, 2, 3, 3, 4, 5, 7, 8, 6, 5, 5, 6, 7, 9, 9, 8, 5, 3, 1];
const AMOUNTS = [58, 58, 88, 88, 88, 88, 128, 188, 188, 588];
const VERDICT = { first: 2, repeat: 3 };

/**
 * Fills the facts with so many scans as no demo writes through the real scan path, and makes the roll-ups from them as a rebuild does.
 * For measuring and for looking at screens of a big brand; there are no rows of `scans` behind it, no awards and no money.
 */
@Injectable()
export class MadeUpScans {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly rebuildDay: RebuildDay,
  ) {}

  /** Day by day; days that an earlier run of the same history finished are passed over. `told` hears how far it is. */
  async write(
    world: MadeUpWorld,
    history: MadeUpHistory,
    told: (day: string, scans: number) => void = () => undefined,
  ): Promise<void> {
    if (world.places.length === 0 || world.goods.length === 0) throw new Defect('a world without places or goods');
    const mark = `made-up:${history.scans}`;
    const done = await this.doneUpTo(mark);
    let [written, members] = [0, 0];
    for (const { day, scans } of dayPlan(history)) {
      if (day >= done) {
        await this.day(world, { day, scans, members });
        await this.rebuildDay.run(day);
        await this.finish(mark, addDays(day, 1));
      }
      members += Math.ceil(scans / NEW_EVERY);
      written += scans;
      told(day, written);
    }
  }

  private async day(world: MadeUpWorld, plan: { day: string; scans: number; members: number }): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      await tx.execute(`DELETE FROM scan_facts WHERE day = ? AND member_id >= ${FIRST_MEMBER}`, [plan.day]);
      await tx.execute(daySql(world, plan), []);
    });
  }

  private async doneUpTo(mark: string): Promise<string> {
    const [row] = await this.database.query<{ day: string }>(
      "SELECT DATE_FORMAT(mark_at, '%Y-%m-%d') AS day FROM rollup_marks WHERE name = ?",
      [mark],
    );
    return row?.day ?? '';
  }

  private async finish(mark: string, day: string): Promise<void> {
    await this.unitOfWork.run((tx) =>
      tx.execute(
        'INSERT INTO rollup_marks (name, mark_at) VALUES (?, ?) ON DUPLICATE KEY UPDATE mark_at = VALUES(mark_at)',
        [mark, `${day} 00:00:00`],
      ),
    );
  }
}

/** The scans of each day, weekends busier; together exactly as many as asked for. */
export function dayPlan({ scans, from, to }: MadeUpHistory): { readonly day: string; readonly scans: number }[] {
  const days: { day: string; weight: number }[] = [];
  for (let day = from; day < to; day = addDays(day, 1)) {
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    days.push({ day, weight: weekday === 0 || weekday === 6 ? WEEKEND : 1 });
  }
  const whole = days.reduce((sum, { weight }) => sum + weight, 0);
  let [passed, given] = [0, 0];
  return days.map(({ day, weight }) => {
    passed += weight;
    const upTo = Math.round((scans * passed) / whole);
    const here = upTo - given;
    given = upTo;
    return { day, scans: here };
  });
}

/** One statement writes a day: every value follows from the day and the number of the scan, so that it is the same each time. */
function daySql(world: MadeUpWorld, { day, scans, members }: { day: string; scans: number; members: number }): string {
  const dice = (name: string): string => `CRC32(CONCAT('${day}${name}', n))`;
  const pick = (values: readonly number[], by: string): string => `ELT(1 + ${by}, ${values.join(',')})`;
  const newest = `${FIRST_MEMBER} + ${members} + n DIV ${NEW_EVERY}`;
  // The square root of a chance falls on the last ones more often: who joined lately drinks more.
  const known = `${FIRST_MEMBER} + FLOOR(${members} * SQRT(${dice('m')} / 4294967296))`;
  const hours = HOURS.flatMap((weight, hour) => Array.from({ length: weight }, () => hour));
  const [places, goods] = [world.places, world.goods];
  const start = shanghaiDayStart(day).toISOString().slice(0, 19).replace('T', ' ');
  return `INSERT INTO scan_facts (day, member_id, scan_id, at, adcode, city, product_id, batch_id, campaign_id, distributor_id, verdict,
      first_of_code, opened, new_member, won, amount_fen)
    SELECT '${day}', member_id, CONCAT('made-up-${day}-', LPAD(n, 8, '0')), at, adcode, ${cityGrainSql('adcode')},
      ${pick(
        goods.map(({ productId }) => productId),
        'good',
      )}, ${pick(
        goods.map(({ batchId }) => batchId),
        'good',
      )},
      IF(opened, ${pick(
        goods.map(({ campaignId }) => campaignId),
        'good',
      )}, 0), distributor_id, IF(opened, ${VERDICT.first}, ${VERDICT.repeat}), opened, opened, fresh,
      opened AND lucky, IF(opened AND lucky, ${pick(AMOUNTS, `${dice('f')} MOD ${AMOUNTS.length}`)}, 0)
    FROM (SELECT n, member_id, fresh, fresh OR again > 0 AS opened, lucky, good,
        '${start}' + INTERVAL (${pick(hours, `${dice('h')} MOD ${hours.length}`)} * 3600 + ${dice('s')} MOD 3600) SECOND AS at,
        CAST(${pick(
          places.map(({ adcode }) => adcode),
          'place',
        )} AS UNSIGNED) AS adcode,
        ${pick(
          places.map(({ distributorId }) => distributorId),
          'place',
        )} AS distributor_id
      FROM (SELECT n, member_id, fresh, again, lucky, good, CRC32(CONCAT('p', member_id)) MOD ${places.length} AS place
        FROM (SELECT n, n MOD ${NEW_EVERY} = 0 AS fresh, IF(n MOD ${NEW_EVERY} = 0 OR ${members} = 0, ${newest}, ${known}) AS member_id,
            ${dice('a')} MOD ${AGAIN_EVERY} AS again, ${dice('w')} MOD 100 < 45 AS lucky, ${dice('g')} MOD ${goods.length} AS good
          FROM ${numbers(scans)}) people) placed) scanned`;
}

/** The numbers below `count` as a derived table, made of digits: every database can. */
function numbers(count: number): string {
  const places = Math.max(1, String(Math.max(0, count - 1)).length);
  const digits =
    '(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)';
  const all = Array.from({ length: places }, (_, place) => ({ name: `t${place}`, worth: 10 ** place }));
  const sum = all.map(({ name, worth }) => `${name}.d * ${worth}`).join(' + ');
  return `(SELECT ${sum} AS n FROM ${all.map(({ name }) => `${digits} ${name}`).join(' CROSS JOIN ')} HAVING n < ${count}) numbers`;
}
