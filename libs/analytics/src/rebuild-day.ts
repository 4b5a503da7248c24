import { Injectable } from '@nestjs/common';
import { UnitOfWork, type Tx } from '@app/database';
import { addDays, shanghaiDayStart } from '@app/kernel';
import { BackFill } from './back-fill';
import { CampaignDays } from './campaign-days';
import { COUNTERS, DAY_TABLES } from './rollup-tables';
import { RollupsRepository } from './rollups.repository';

/** Makes the roll-ups of one Shanghai day again from its facts. Must give what the folds gave. */
@Injectable()
export class RebuildDay {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly backFill: BackFill,
    private readonly rollups: RollupsRepository,
    private readonly campaignDays: CampaignDays,
  ) {}

  /** `day` is `YYYY-MM-DD`. Folds wait meanwhile: some 4 s for a million scans. */
  async run(day: string): Promise<void> {
    const from = shanghaiDayStart(day);
    const to = shanghaiDayStart(addDays(day, 1));
    await this.backFill.fill(from, to);
    await this.unitOfWork.run(async (tx) => {
      await this.rollups.lock(tx);
      await this.days(tx, day);
      await this.hours(tx, day, from, to);
      await this.people(tx, day);
      await this.rollups.forgetWindows(tx, day);
    });
    await this.campaignDays.recount(day);
  }

  private async days(tx: Tx, day: string): Promise<void> {
    for (const { table, keys, counters } of DAY_TABLES) {
      await tx.execute(`DELETE FROM ${table} WHERE day = ?`, [day]);
      await tx.execute(
        `INSERT INTO ${table} (${[...keys, ...counters].join(', ')})
         SELECT ${[...keys, ...counters.map((name) => COUNTERS[name].sql)].join(', ')}
           FROM scan_facts WHERE day = ? GROUP BY ${keys.join(', ')}`,
        [day],
      );
    }
  }

  private async hours(tx: Tx, day: string, from: Date, to: Date): Promise<void> {
    await tx.execute('DELETE FROM rollup_hours WHERE hour >= ? AND hour < ?', [from, to]);
    await tx.execute(
      `INSERT INTO rollup_hours (distributor_id, hour, province, campaign_id, scans, first_scans, wins, awarded_fen)
       SELECT distributor_id, DATE_FORMAT(at, '%Y-%m-%d %H:00:00'), city - MOD(city, 10000), campaign_id, COUNT(*), SUM(first_of_code), SUM(won), SUM(amount_fen)
         FROM scan_facts WHERE day = ? GROUP BY 1, 2, 3, 4`,
      [day],
    );
  }

  private async people(tx: Tx, day: string): Promise<void> {
    await tx.execute('DELETE FROM people_sketches WHERE day = ?', [day]);
    await tx.execute('DELETE FROM people_days WHERE day = ?', [day]);
    await tx.execute(
      `INSERT INTO people_days (distributor_id, day, city, member_id)
       SELECT DISTINCT distributor_id, day, city, member_id FROM scan_facts WHERE day = ?`,
      [day],
    );
  }
}
