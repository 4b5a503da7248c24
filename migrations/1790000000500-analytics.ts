import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, DISPOSABLE } from './schema';

/** analytics: everything here can be made again from scans, so the app may delete and rewrite it. */
export class Analytics1790000000500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'scan_facts',
      DISPOSABLE,
      `day DATE NOT NULL COMMENT 'Asia/Shanghai',
       member_id BIGINT UNSIGNED NOT NULL,
       scan_id VARBINARY(36) NOT NULL,
       at DATETIME(6) NOT NULL,
       adcode INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'finest known; 0 = unknown place',
       city INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'city or province, as in rollup_days; 0 = unknown place',
       product_id INT UNSIGNED NOT NULL,
       batch_id INT UNSIGNED NOT NULL,
       campaign_id INT UNSIGNED NOT NULL DEFAULT 0,
       distributor_id INT UNSIGNED NOT NULL DEFAULT 0,
       verdict TINYINT UNSIGNED NOT NULL,
       first_of_code TINYINT UNSIGNED NOT NULL,
       new_member TINYINT UNSIGNED NOT NULL,
       won TINYINT UNSIGNED NOT NULL,
       amount_fen BIGINT NOT NULL,
       PRIMARY KEY (day, member_id, scan_id)`,
      `PARTITION BY RANGE COLUMNS (day) (${monthlyPartitions(2026, 1, 36)}, PARTITION later VALUES LESS THAN (MAXVALUE))`,
    );
    await createTable(
      runner,
      'rollup_days',
      DISPOSABLE,
      `distributor_id INT UNSIGNED NOT NULL COMMENT '0 = nobody''s territory',
       day DATE NOT NULL,
       city INT UNSIGNED NOT NULL COMMENT 'adcode of city or province; 0 = unknown place',
       campaign_id INT UNSIGNED NOT NULL COMMENT '0 = none decided',
       product_id INT UNSIGNED NOT NULL,
       batch_id INT UNSIGNED NOT NULL,
       scans INT UNSIGNED NOT NULL,
       first_scans INT UNSIGNED NOT NULL,
       wins INT UNSIGNED NOT NULL,
       awarded_fen BIGINT NOT NULL,
       new_members INT UNSIGNED NOT NULL,
       PRIMARY KEY (distributor_id, day, city, campaign_id, product_id, batch_id), KEY ix_rollup_days_day (day, city)`,
    );
    await createTable(
      runner,
      'rollup_hours',
      DISPOSABLE,
      `distributor_id INT UNSIGNED NOT NULL COMMENT '0 = nobody''s territory',
       hour DATETIME NOT NULL COMMENT 'UTC',
       province INT UNSIGNED NOT NULL,
       campaign_id INT UNSIGNED NOT NULL,
       scans INT UNSIGNED NOT NULL,
       first_scans INT UNSIGNED NOT NULL,
       wins INT UNSIGNED NOT NULL,
       awarded_fen BIGINT NOT NULL,
       PRIMARY KEY (distributor_id, hour, province, campaign_id), KEY ix_rollup_hours_hour (hour)`,
    );
    await createTable(
      runner,
      'people_days',
      DISPOSABLE,
      `distributor_id INT UNSIGNED NOT NULL,
       day DATE NOT NULL,
       city INT UNSIGNED NOT NULL,
       member_id BIGINT UNSIGNED NOT NULL,
       PRIMARY KEY (distributor_id, day, city, member_id), KEY ix_people_days_day (day)`,
    );
    await createTable(
      runner,
      'people_sketches',
      DISPOSABLE,
      `distributor_id INT UNSIGNED NOT NULL,
       day DATE NOT NULL,
       city INT UNSIGNED NOT NULL,
       registers BLOB NOT NULL COMMENT 'HyperLogLog, kept when the exact rows go after 35 days',
       PRIMARY KEY (distributor_id, day, city)`,
    );
    await createTable(
      runner,
      'rollup_marks',
      DISPOSABLE,
      `name VARBINARY(32) NOT NULL, mark_at DATETIME(6) NOT NULL, PRIMARY KEY (name)`,
    );
    await runner.query("INSERT IGNORE INTO rollup_marks (name, mark_at) VALUES ('fold', '2026-01-01')");
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}

/** `PARTITION p2026_01 VALUES LESS THAN ('2026-02-01'), …` for `count` months. */
function monthlyPartitions(year: number, month: number, count: number): string {
  return Array.from({ length: count }, (_, index) => {
    const from = new Date(Date.UTC(year, month - 1 + index, 1)).toISOString().slice(0, 7);
    const to = new Date(Date.UTC(year, month + index, 1)).toISOString().slice(0, 10);
    return `PARTITION p${from.replace('-', '_')} VALUES LESS THAN ('${to}')`;
  }).join(', ');
}
