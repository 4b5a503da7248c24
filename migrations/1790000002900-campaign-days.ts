import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, DISPOSABLE } from './schema';

/** analytics: what became of a campaign's prizes, per day that is over; made again from scans and payouts at any time. */
export class CampaignDays1790000002900 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'campaign_days',
      DISPOSABLE,
      `campaign_id INT UNSIGNED NOT NULL,
       day DATE NOT NULL COMMENT 'Asia/Shanghai',
       distributor_id INT UNSIGNED NOT NULL COMMENT '0 = nobody''s territory',
       people BLOB NOT NULL COMMENT 'HyperLogLog of the members whose scans it decided; empty = none',
       claims INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'awards whose money was asked for on this day',
       claimed_fen BIGINT NOT NULL DEFAULT 0,
       confirmed INT NOT NULL DEFAULT 0 COMMENT 'awards whose money arrived on this day, less those whose money came back',
       confirmed_fen BIGINT NOT NULL DEFAULT 0,
       PRIMARY KEY (campaign_id, day, distributor_id), KEY ix_campaign_days_day (day)`,
    );
    // Claims of today are counted as they come; older ones were counted when their day was over.
    await runner.query('ALTER TABLE payouts ADD KEY IF NOT EXISTS ix_payouts_created (created_at, campaign_id)');
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
