import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, EDITABLE } from './schema';

/** payouts: rate slots shared by all workers, daily ceilings, recovery after a restore. */
export class PayoutLine1790000001500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'rate_slots',
      EDITABLE,
      `name VARBINARY(64) NOT NULL COMMENT 'merchant account : address at WeChat',
       free_at DATETIME(6) NOT NULL COMMENT 'moments before this one are leased or gone',
       slow_until DATETIME(6) NULL COMMENT 'WeChat said: too fast',
       PRIMARY KEY (name)`,
    );
    await createTable(
      runner,
      'merchant_days',
      EDITABLE,
      `mch_id VARBINARY(16) NOT NULL,
       day VARBINARY(10) NOT NULL COMMENT 'in Shanghai',
       born_fen BIGINT NOT NULL COMMENT 'of the bills that were made that day',
       PRIMARY KEY (mch_id, day)`,
    );
    await createTable(
      runner,
      'payout_recoveries',
      EDITABLE,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       reason VARBINARY(64) NOT NULL,
       since_at DATETIME(6) NOT NULL COMMENT 'bills from here on are asked about, whatever their state',
       opened_at DATETIME(6) NOT NULL,
       listed_at DATETIME(6) NULL COMMENT 'the bills to ask about are all noted',
       closed_at DATETIME(6) NULL,
       PRIMARY KEY (id), KEY ix_payout_recoveries_open (closed_at)`,
    );
    await createTable(
      runner,
      'payout_recovery_bills',
      EDITABLE,
      `recovery_id INT UNSIGNED NOT NULL,
       bill_no VARBINARY(32) NOT NULL,
       payout_key VARBINARY(40) NOT NULL,
       tries TINYINT UNSIGNED NOT NULL DEFAULT 0,
       done_at DATETIME(6) NULL,
       PRIMARY KEY (recovery_id, bill_no), KEY ix_payout_recovery_bills_open (recovery_id, done_at, tries)`,
    );
    await createTable(
      runner,
      'payout_beats',
      EDITABLE,
      `id TINYINT UNSIGNED NOT NULL, beats BIGINT UNSIGNED NOT NULL COMMENT 'rises every minute; the same number is kept outside', PRIMARY KEY (id)`,
    );
    await runner.query('ALTER TABLE payout_bills ADD INDEX IF NOT EXISTS ix_payout_bills_created (created_at)');
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
