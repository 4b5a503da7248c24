import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPEND_ONLY, createTable, EDITABLE } from './schema';

/** The natural key of an award, as in `awards`. */
const AWARD_KEY = `batch_id INT UNSIGNED NOT NULL,
       layer TINYINT UNSIGNED NOT NULL,
       serial INT UNSIGNED NOT NULL,
       slot TINYINT UNSIGNED NOT NULL DEFAULT 0`;

/** rewards: coupon pools, and what single kinds of prizes need beside their award. */
export class Prizes1790000000700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.pools(runner);
    await this.imports(runner);
    await this.awards(runner);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }

  private async pools(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'coupon_pools',
      EDITABLE,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       name VARCHAR(64) NOT NULL,
       low_mark INT UNSIGNED NOT NULL COMMENT 'at or below this many codes the pool is shown as low',
       filled INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'codes stored so far; the lock of this row puts imports in line',
       created_by INT UNSIGNED NULL,
       created_at DATETIME(6) NOT NULL,
       PRIMARY KEY (id), UNIQUE KEY uq_coupon_pools_name (name)`,
    );
    await createTable(
      runner,
      'coupon_stock',
      EDITABLE,
      `pool_id INT UNSIGNED NOT NULL COMMENT 'apart from coupon_pools, so that a running import never keeps scans waiting',
       total INT UNSIGNED NOT NULL DEFAULT 0,
       taken INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'positions below this one are given away',
       PRIMARY KEY (pool_id),
       CONSTRAINT ck_coupon_stock_left CHECK (taken <= total)`,
    );
    await createTable(
      runner,
      'coupon_codes',
      APPEND_ONLY,
      `pool_id INT UNSIGNED NOT NULL,
       position INT UNSIGNED NOT NULL COMMENT 'from 0 without gaps',
       code_sealed VARBINARY(160) NOT NULL,
       blind BINARY(32) NOT NULL,
       import_id INT UNSIGNED NOT NULL,
       PRIMARY KEY (pool_id, position), UNIQUE KEY uq_coupon_codes_blind (pool_id, blind)`,
    );
  }

  private async imports(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'coupon_imports',
      EDITABLE,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       pool_id INT UNSIGNED NOT NULL,
       import_key VARBINARY(64) NOT NULL COMMENT 'chosen by the sender: the same key again goes on where it stopped',
       content_hash BINARY(32) NOT NULL,
       line_count INT UNSIGNED NOT NULL,
       done_lines INT UNSIGNED NOT NULL DEFAULT 0,
       accepted INT UNSIGNED NOT NULL DEFAULT 0,
       duplicates INT UNSIGNED NOT NULL DEFAULT 0,
       bad INT UNSIGNED NOT NULL DEFAULT 0,
       created_by INT UNSIGNED NULL,
       created_at DATETIME(6) NOT NULL,
       finished_at DATETIME(6) NULL,
       PRIMARY KEY (id), UNIQUE KEY uq_coupon_imports_key (pool_id, import_key)`,
    );
    await createTable(
      runner,
      'coupon_import_faults',
      APPEND_ONLY,
      `import_id INT UNSIGNED NOT NULL,
       line INT UNSIGNED NOT NULL COMMENT 'from 1',
       fault VARBINARY(16) NOT NULL COMMENT 'bad, repeated (in this import), known (in the pool before)',
       PRIMARY KEY (import_id, line)`,
    );
  }

  private async awards(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'award_coupons',
      APPEND_ONLY,
      `${AWARD_KEY},
       pool_id INT UNSIGNED NOT NULL,
       position INT UNSIGNED NOT NULL,
       member_id BIGINT UNSIGNED NOT NULL,
       won_at DATETIME(6) NOT NULL,
       valid_until DATETIME(6) NOT NULL COMMENT 'not included',
       PRIMARY KEY (batch_id, layer, serial, slot), UNIQUE KEY uq_award_coupons_code (pool_id, position)`,
    );
    await createTable(
      runner,
      'award_openings',
      APPEND_ONLY,
      `${AWARD_KEY},
       member_id BIGINT UNSIGNED NOT NULL,
       by_scan_id VARBINARY(36) NOT NULL,
       opened_at DATETIME(6) NOT NULL,
       PRIMARY KEY (batch_id, layer, serial, slot)`,
    );
    await createTable(
      runner,
      'award_addresses',
      EDITABLE,
      `${AWARD_KEY},
       member_id BIGINT UNSIGNED NOT NULL,
       address_sealed VARBINARY(1024) NULL COMMENT 'JSON; NULL after erasure',
       consent VARBINARY(32) NOT NULL COMMENT 'version of the text that was agreed to',
       consented_at DATETIME(6) NOT NULL,
       updated_at DATETIME(6) NOT NULL,
       taken_at DATETIME(6) NULL COMMENT 'when a shipment took it: from then on it stays as it is',
       PRIMARY KEY (batch_id, layer, serial, slot), KEY ix_award_addresses_member (member_id),
       KEY ix_award_addresses_waiting (taken_at, updated_at)`,
    );
  }
}
