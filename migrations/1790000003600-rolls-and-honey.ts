import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPEND_ONLY, createTable, EDITABLE } from './schema';

/** codes: packs are cut into rolls, carry honey codes, and whoever leaks one is named. */
export class RollsAndHoney1790000003600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE code_packs
         ADD COLUMN IF NOT EXISTS roll_size INT UNSIGNED NULL COMMENT 'codes to be printed on a roll; NULL = one file',
         ADD COLUMN IF NOT EXISTS first_roll INT UNSIGNED NOT NULL DEFAULT 1,
         ADD COLUMN IF NOT EXISTS honey_per_file TINYINT UNSIGNED NOT NULL DEFAULT 0,
         ADD COLUMN IF NOT EXISTS honey_from INT UNSIGNED NULL COMMENT 'first honey serial, past the end of the batch; NULL = none',
         ADD COLUMN IF NOT EXISTS honey_to INT UNSIGNED NULL COMMENT 'not included',
         ADD UNIQUE KEY IF NOT EXISTS uq_code_packs_honey (batch_id, layer, honey_from)`,
    );
    await createTable(
      runner,
      'code_pack_files',
      APPEND_ONLY,
      `pack_id INT UNSIGNED NOT NULL,
       roll_no INT UNSIGNED NOT NULL,
       bytes BIGINT UNSIGNED NOT NULL,
       sha256 BINARY(32) NOT NULL COMMENT 'codes are computed: every download has the same content',
       PRIMARY KEY (pack_id, roll_no)`,
    );
    await createTable(
      runner,
      'honey_scans',
      APPEND_ONLY,
      `member_id BIGINT UNSIGNED NOT NULL,
       scan_id VARBINARY(36) NOT NULL,
       pack_id INT UNSIGNED NOT NULL,
       serial INT UNSIGNED NOT NULL,
       at DATETIME(6) NOT NULL,
       adcode INT UNSIGNED NULL COMMENT 'NULL = unknown place',
       PRIMARY KEY (member_id, scan_id), KEY ix_honey_scans_pack (pack_id, at)`,
    );
    await createTable(
      runner,
      'pack_leaks',
      EDITABLE,
      `pack_id INT UNSIGNED NOT NULL,
       scans INT UNSIGNED NOT NULL,
       first_at DATETIME(6) NOT NULL,
       last_at DATETIME(6) NOT NULL,
       closed_at DATETIME(6) NULL COMMENT 'somebody looked into it; a later scan opens it again',
       closed_by INT UNSIGNED NULL,
       close_note VARCHAR(200) NULL,
       PRIMARY KEY (pack_id)`,
    );
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
