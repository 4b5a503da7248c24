import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPEND_ONLY, createTable } from './schema';

/** codes: where a production lot has been (溯源), and why a range or a batch is stopped when drinkers must be told. */
export class LotStages1790000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'lot_stages',
      APPEND_ONLY,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT COMMENT 'answers to scans name it, so a list is never changed but followed by another',
       lot_id INT UNSIGNED NOT NULL,
       stages TEXT NOT NULL COMMENT 'JSON, in the order in which they happened',
       created_by INT UNSIGNED NULL,
       created_at DATETIME(6) NOT NULL,
       PRIMARY KEY (id), KEY ix_lot_stages_lot (lot_id, id)`,
    );
    await runner.query(
      `ALTER TABLE production_lots
         ADD COLUMN IF NOT EXISTS stages_id INT UNSIGNED NULL COMMENT 'the list that is told; NULL = none' AFTER expires_on`,
    );
    // Whoever changes a lot must find the batches that carry it.
    await runner.query('ALTER TABLE lot_bindings ADD KEY IF NOT EXISTS ix_lot_bindings_lot (lot_id, batch_id)');
    await runner.query(
      `ALTER TABLE code_segment_events
         ADD COLUMN IF NOT EXISTS cause VARBINARY(16) NULL COMMENT 'recall; NULL = none that a drinker is told' AFTER state`,
    );
    await runner.query(
      `ALTER TABLE code_batches
         ADD COLUMN IF NOT EXISTS frozen_cause VARBINARY(16) NULL COMMENT 'recall; NULL = not frozen, or for no cause that a drinker is told' AFTER frozen`,
    );
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
