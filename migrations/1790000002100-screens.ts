import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, DISPOSABLE, EDITABLE } from './schema';

const COUNTERS = `scans INT UNSIGNED NOT NULL,
  opened INT UNSIGNED NOT NULL COMMENT 'prize codes scanned for the first time: bottles opened',
  wins INT UNSIGNED NOT NULL,
  awarded_fen BIGINT NOT NULL,
  new_members INT UNSIGNED NOT NULL`;
const SUMS = 'COUNT(*), SUM(opened), SUM(won), SUM(amount_fen), SUM(new_member)';
const NAMES = 'scans, opened, wins, awarded_fen, new_members';

/** analytics: what the screens read. Each table answers one kind of question with few rows, so that ten million scans cost no more. */
export class Screens1790000002100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.rollups(runner);
    await this.closedDays(runner);
    await createTable(
      runner,
      'report_settings',
      EDITABLE,
      `name VARBINARY(32) NOT NULL,
       value VARBINARY(64) NOT NULL,
       updated_by INT UNSIGNED NULL,
       updated_at DATETIME(6) NOT NULL,
       PRIMARY KEY (name)`,
    );
    await this.backFill(runner);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }

  private async rollups(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE scan_facts
         ADD COLUMN IF NOT EXISTS opened TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT '1 = first scan of a code that pays consumers'`,
    );
    await createTable(
      runner,
      'rollup_places',
      DISPOSABLE,
      `distributor_id INT UNSIGNED NOT NULL COMMENT '0 = nobody''s territory',
       day DATE NOT NULL,
       city INT UNSIGNED NOT NULL COMMENT 'as in rollup_days',
       ${COUNTERS},
       PRIMARY KEY (distributor_id, day, city), KEY ix_rollup_places_day (day)`,
    );
    await createTable(
      runner,
      'rollup_districts',
      DISPOSABLE,
      `distributor_id INT UNSIGNED NOT NULL,
       day DATE NOT NULL,
       adcode INT UNSIGNED NOT NULL COMMENT 'finest known; 0 = unknown place',
       ${COUNTERS},
       PRIMARY KEY (distributor_id, day, adcode), KEY ix_rollup_districts_place (adcode, day),
       KEY ix_rollup_districts_day (day)`,
    );
    await createTable(
      runner,
      'rollup_items',
      DISPOSABLE,
      `distributor_id INT UNSIGNED NOT NULL,
       day DATE NOT NULL,
       product_id INT UNSIGNED NOT NULL,
       batch_id INT UNSIGNED NOT NULL,
       campaign_id INT UNSIGNED NOT NULL,
       ${COUNTERS},
       PRIMARY KEY (distributor_id, day, product_id, batch_id, campaign_id), KEY ix_rollup_items_day (day)`,
    );
  }

  private async closedDays(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'people_windows',
      DISPOSABLE,
      `scope VARBINARY(12) NOT NULL COMMENT 'all, or d and the distributor''s number',
       span SMALLINT UNSIGNED NOT NULL COMMENT 'days: 1, 7 or 30',
       day DATE NOT NULL COMMENT 'the last day of the window, which is over',
       region INT UNSIGNED NOT NULL COMMENT '100000 = all places, a province or a city; 0 = unknown place',
       people INT UNSIGNED NOT NULL,
       openers INT UNSIGNED NOT NULL COMMENT 'opened a bottle; only for all places',
       repeaters INT UNSIGNED NOT NULL COMMENT 'opened bottles on two days or more; only for all places',
       PRIMARY KEY (scope, span, day, region), KEY ix_people_windows_day (day)`,
    );
    await createTable(
      runner,
      'people_window_runs',
      DISPOSABLE,
      `span SMALLINT UNSIGNED NOT NULL,
       day DATE NOT NULL,
       run VARBINARY(36) NOT NULL COMMENT 'who counts or counted it; gone when a late scan came meanwhile',
       counted_at DATETIME(6) NULL COMMENT 'NULL = being counted',
       PRIMARY KEY (span, day), KEY ix_people_window_runs_day (day)`,
    );
    await createTable(
      runner,
      'payout_days',
      DISPOSABLE,
      `distributor_id INT UNSIGNED NOT NULL COMMENT 'in whose territory the bottle was scanned; 0 = nobody''s',
       day DATE NOT NULL,
       claimed_fen BIGINT NOT NULL COMMENT 'prizes whose money was asked for that day',
       settled_fen BIGINT NOT NULL COMMENT 'prizes whose money arrived that day',
       PRIMARY KEY (distributor_id, day), KEY ix_payout_days_day (day)`,
    );
  }

  /** What was counted before these tables were there; again from the beginning when it was cut off. */
  private async backFill(runner: QueryRunner): Promise<void> {
    await runner.query(
      `UPDATE scan_facts f JOIN scans s ON s.member_id = f.member_id AND s.scan_id = f.scan_id
         LEFT JOIN code_batch_layers l ON l.batch_id = s.batch_id AND l.layer = s.layer
          SET f.opened = 1 WHERE f.first_of_code = 1 AND f.opened = 0 AND COALESCE(l.purpose, 'prize') = 'prize'`,
    );
    for (const [table, keys] of [
      ['rollup_places', 'distributor_id, day, city'],
      ['rollup_districts', 'distributor_id, day, adcode'],
      ['rollup_items', 'distributor_id, day, product_id, batch_id, campaign_id'],
    ]) {
      await runner.query(`DELETE FROM ${table}`);
      await runner.query(
        `INSERT INTO ${table} (${keys}, ${NAMES}) SELECT ${keys}, ${SUMS} FROM scan_facts GROUP BY ${keys}`,
      );
    }
  }
}
