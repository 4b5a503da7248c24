import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, EDITABLE } from './schema';

/** rewards: what awards count against besides the member: campaign, region and store, per hour … in all. */
export class Counters1790000000900 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'campaign_counters',
      EDITABLE,
      `campaign_id INT UNSIGNED NOT NULL,
       counter_key VARBINARY(40) NOT NULL COMMENT 'see campaigns/caps.ts: c|d2026-11-22, r340000|t, s12|w2026-11-16',
       awards BIGINT UNSIGNED NOT NULL DEFAULT 0,
       fen BIGINT UNSIGNED NOT NULL DEFAULT 0,
       PRIMARY KEY (campaign_id, counter_key)`,
    );
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
