import type { MigrationInterface, QueryRunner } from 'typeorm';

/** campaign_replays: over scans that were made up, for brands without history. */
export class SyntheticReplays1790000001200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE campaign_replays
         ADD COLUMN IF NOT EXISTS synthetic TEXT NULL COMMENT 'JSON: SyntheticShape of made-up scans; NULL = the recorded scans'`,
    );
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
