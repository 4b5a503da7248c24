import type { MigrationInterface, QueryRunner } from 'typeorm';

/** codes: packs go out sealed. analytics: scans are found by product and by batch. */
export class SealedPacks1790000003300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE code_packs
         ADD COLUMN IF NOT EXISTS form VARBINARY(4) NOT NULL DEFAULT 'csv' COMMENT 'zip, csv',
         ADD COLUMN IF NOT EXISTS password_sealed VARBINARY(128) NULL COMMENT 'of an approved zip',
         ADD COLUMN IF NOT EXISTS content_sha256 BINARY(32) NULL COMMENT 'of codes.csv'`,
    );
    await runner.query(
      `ALTER TABLE scan_facts
         ADD INDEX IF NOT EXISTS ix_scan_facts_product (product_id, at),
         ADD INDEX IF NOT EXISTS ix_scan_facts_batch (batch_id, at)`,
    );
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
