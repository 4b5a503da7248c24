import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPEND_ONLY, createTable, EDITABLE } from './schema';

/** channel: clerks of stores, what stores handed over, and the sheets on which headquarters and distributors agree about it. */
export class Redemptions1790000002400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE stores
         ADD COLUMN IF NOT EXISTS binding_no INT UNSIGNED NOT NULL DEFAULT 1 COMMENT 'of the QR by which clerks bind; raised to end the one before',
         ADD KEY IF NOT EXISTS ix_stores_place (latitude, longitude)`,
    );
    await runner.query('ALTER TABLE distributors ADD KEY IF NOT EXISTS ix_distributors_parent (parent_id, id)');
    await this.clerks(runner);
    await this.redemptions(runner);
    await this.sheets(runner);
    await this.sheetActs(runner);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }

  private async clerks(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'store_clerks',
      EDITABLE,
      `id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
       store_id INT UNSIGNED NOT NULL,
       member_id BIGINT UNSIGNED NOT NULL,
       name_sealed VARBINARY(256) NULL COMMENT 'as the person wrote it; NULL after erasure',
       consent VARBINARY(32) NOT NULL COMMENT 'version of the text that was agreed to',
       state VARBINARY(8) NOT NULL COMMENT 'waiting, active, refused, removed',
       asked_at DATETIME(6) NOT NULL,
       decided_by INT UNSIGNED NULL COMMENT 'operator; NULL = nobody yet, or the system',
       decided_at DATETIME(6) NULL,
       reason VARCHAR(255) NULL,
       PRIMARY KEY (id), UNIQUE KEY uq_store_clerks (store_id, member_id), KEY ix_store_clerks_member (member_id, state),
       KEY ix_store_clerks_state (state, id)`,
    );
  }

  private async redemptions(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'store_redemptions',
      APPEND_ONLY,
      `batch_id INT UNSIGNED NOT NULL,
       layer TINYINT UNSIGNED NOT NULL,
       serial INT UNSIGNED NOT NULL,
       slot TINYINT UNSIGNED NOT NULL,
       store_id INT UNSIGNED NOT NULL,
       distributor_id INT UNSIGNED NOT NULL COMMENT 'of the store at that moment',
       clerk_id BIGINT UNSIGNED NOT NULL,
       member_id BIGINT UNSIGNED NOT NULL COMMENT 'who won it',
       product_id INT UNSIGNED NOT NULL COMMENT 'what was handed over',
       campaign_id INT UNSIGNED NOT NULL,
       prize_name VARCHAR(64) NOT NULL,
       value_fen BIGINT NOT NULL,
       co_pay_fen BIGINT NOT NULL COMMENT 'what the store collected',
       request_id VARBINARY(36) NOT NULL COMMENT 'of the tap: the same one again gets the same answer',
       day DATE NOT NULL COMMENT 'Asia/Shanghai',
       redeemed_at DATETIME(6) NOT NULL,
       PRIMARY KEY (batch_id, layer, serial, slot),
       KEY ix_store_redemptions_store (store_id, redeemed_at), KEY ix_store_redemptions_distributor (distributor_id, redeemed_at),
       KEY ix_store_redemptions_at (redeemed_at)`,
    );
    await createTable(
      runner,
      'store_redemption_days',
      EDITABLE,
      `store_id INT UNSIGNED NOT NULL,
       day DATE NOT NULL COMMENT 'Asia/Shanghai',
       product_id INT UNSIGNED NOT NULL,
       distributor_id INT UNSIGNED NOT NULL,
       units INT UNSIGNED NOT NULL,
       co_pay_fen BIGINT NOT NULL,
       PRIMARY KEY (store_id, day, product_id), KEY ix_store_redemption_days (distributor_id, day)`,
    );
  }

  private async sheets(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'redemption_sheets',
      EDITABLE,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       distributor_id INT UNSIGNED NOT NULL,
       month VARBINARY(7) NOT NULL COMMENT 'YYYY-MM, Asia/Shanghai',
       revision INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'raised by every act; what a side agrees to is one revision',
       hq_by INT UNSIGNED NULL,
       hq_at DATETIME(6) NULL,
       distributor_by INT UNSIGNED NULL,
       distributor_at DATETIME(6) NULL,
       closed_at DATETIME(6) NULL COMMENT 'both sides agreed: from then on it stays as it is',
       content_hash VARBINARY(64) NULL COMMENT 'SHA-256 of the lines that were agreed to',
       PRIMARY KEY (id), UNIQUE KEY uq_redemption_sheets (distributor_id, month), KEY ix_redemption_sheets_month (month, id)`,
    );
    await createTable(
      runner,
      'redemption_sheet_lines',
      APPEND_ONLY,
      `sheet_id INT UNSIGNED NOT NULL,
       store_id INT UNSIGNED NOT NULL,
       product_id INT UNSIGNED NOT NULL,
       opening_units INT UNSIGNED NOT NULL COMMENT 'owed from earlier months',
       redeemed_units INT UNSIGNED NOT NULL,
       co_pay_fen BIGINT NOT NULL,
       goods_units INT UNSIGNED NOT NULL,
       money_units INT UNSIGNED NOT NULL,
       money_fen BIGINT NOT NULL,
       refused_units INT UNSIGNED NOT NULL,
       owed_units INT UNSIGNED NOT NULL COMMENT 'carried to the next month',
       PRIMARY KEY (sheet_id, store_id, product_id)`,
    );
  }

  private async sheetActs(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'redemption_credits',
      EDITABLE,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       sheet_id INT UNSIGNED NOT NULL,
       store_id INT UNSIGNED NOT NULL,
       product_id INT UNSIGNED NOT NULL,
       kind VARBINARY(8) NOT NULL COMMENT 'goods, money, refused',
       units INT UNSIGNED NOT NULL COMMENT 'how many owed units this settles',
       amount_fen BIGINT NOT NULL COMMENT '0 unless money',
       note_no VARCHAR(64) NOT NULL COMMENT 'number of the credit note or delivery',
       note VARCHAR(255) NULL,
       request_id VARBINARY(36) NOT NULL,
       made_by INT UNSIGNED NOT NULL,
       made_at DATETIME(6) NOT NULL,
       voided_by INT UNSIGNED NULL,
       voided_at DATETIME(6) NULL,
       PRIMARY KEY (id), UNIQUE KEY uq_redemption_credits_request (request_id), KEY ix_redemption_credits_sheet (sheet_id)`,
    );
    await createTable(
      runner,
      'redemption_disputes',
      EDITABLE,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       sheet_id INT UNSIGNED NOT NULL,
       store_id INT UNSIGNED NOT NULL,
       product_id INT UNSIGNED NOT NULL,
       units INT UNSIGNED NOT NULL COMMENT 'how many are disputed',
       side VARBINARY(12) NOT NULL COMMENT 'who raised it: hq, distributor',
       words VARCHAR(500) NOT NULL,
       raised_by INT UNSIGNED NOT NULL,
       raised_at DATETIME(6) NOT NULL,
       answer VARCHAR(500) NULL COMMENT 'of the other side',
       answered_by INT UNSIGNED NULL,
       answered_at DATETIME(6) NULL,
       closed_by INT UNSIGNED NULL,
       closed_at DATETIME(6) NULL,
       PRIMARY KEY (id), KEY ix_redemption_disputes_sheet (sheet_id)`,
    );
  }
}
