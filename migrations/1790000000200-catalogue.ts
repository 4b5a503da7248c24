import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPEND_ONLY, createTable, EDITABLE } from './schema';

/** codes, campaigns, channel: what HQ defines. */
export class Catalogue1790000000200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.codes(runner);
    await this.campaigns(runner);
    await this.channel(runner);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }

  private async codes(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'products',
      EDITABLE,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       sku VARBINARY(32) NOT NULL,
       gtin VARBINARY(14) NULL,
       name VARCHAR(64) NOT NULL,
       line VARBINARY(32) NOT NULL,
       spec VARCHAR(64) NOT NULL,
       units_per_case SMALLINT UNSIGNED NOT NULL,
       image_url VARCHAR(512) NULL,
       created_at DATETIME(6) NOT NULL,
       PRIMARY KEY (id), UNIQUE KEY uq_products_sku (sku)`,
    );
    await createTable(
      runner,
      'product_prices',
      APPEND_ONLY,
      `product_id INT UNSIGNED NOT NULL, from_at DATETIME(6) NOT NULL, price_fen BIGINT NOT NULL, PRIMARY KEY (product_id, from_at),
       CONSTRAINT ck_product_prices_price CHECK (price_fen >= 0)`,
    );
    await createTable(
      runner,
      'code_batches',
      EDITABLE,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT COMMENT 'below 2^22',
       key_char VARBINARY(1) NOT NULL,
       product_id INT UNSIGNED NOT NULL,
       name VARCHAR(64) NOT NULL,
       quantity INT UNSIGNED NOT NULL,
       status VARBINARY(16) NOT NULL DEFAULT 'drafted',
       frozen TINYINT(1) NOT NULL DEFAULT 0,
       epoch INT UNSIGNED NOT NULL DEFAULT 1,
       carrier VARBINARY(8) NOT NULL DEFAULT 'short',
       expires_at DATETIME(6) NULL,
       created_by INT UNSIGNED NULL,
       created_at DATETIME(6) NOT NULL,
       issued_at DATETIME(6) NULL,
       PRIMARY KEY (id), KEY ix_code_batches_product (product_id),
       CONSTRAINT ck_code_batches_quantity CHECK (quantity BETWEEN 1 AND 1073741824)`,
    );
    await createTable(
      runner,
      'code_batch_layers',
      APPEND_ONLY,
      `batch_id INT UNSIGNED NOT NULL, layer TINYINT UNSIGNED NOT NULL, name VARCHAR(32) NOT NULL, purpose VARBINARY(16) NOT NULL,
       PRIMARY KEY (batch_id, layer), CONSTRAINT ck_code_batch_layers_layer CHECK (layer < 16)`,
    );
    await createTable(
      runner,
      'code_segment_events',
      APPEND_ONLY,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       batch_id INT UNSIGNED NOT NULL,
       layer TINYINT UNSIGNED NOT NULL,
       serial_from INT UNSIGNED NOT NULL,
       serial_to INT UNSIGNED NOT NULL COMMENT 'half-open',
       state VARBINARY(16) NOT NULL,
       effective_at DATETIME(6) NOT NULL,
       reason VARCHAR(255) NULL,
       created_by INT UNSIGNED NULL,
       created_at DATETIME(6) NOT NULL,
       PRIMARY KEY (id), KEY ix_code_segment_events_batch (batch_id, id),
       CONSTRAINT ck_code_segment_events_range CHECK (serial_from < serial_to)`,
    );
    await createTable(
      runner,
      'production_lots',
      EDITABLE,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       lot_no VARBINARY(32) NOT NULL,
       product_id INT UNSIGNED NOT NULL,
       plant VARCHAR(64) NOT NULL,
       line VARCHAR(32) NOT NULL,
       produced_on DATE NOT NULL,
       expires_on DATE NULL,
       created_at DATETIME(6) NOT NULL,
       PRIMARY KEY (id), UNIQUE KEY uq_production_lots_no (lot_no)`,
    );
    await createTable(
      runner,
      'lot_bindings',
      APPEND_ONLY,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       lot_id INT UNSIGNED NOT NULL,
       batch_id INT UNSIGNED NOT NULL,
       layer TINYINT UNSIGNED NOT NULL,
       serial_from INT UNSIGNED NOT NULL,
       serial_to INT UNSIGNED NOT NULL COMMENT 'half-open',
       created_by INT UNSIGNED NULL,
       created_at DATETIME(6) NOT NULL,
       PRIMARY KEY (id), KEY ix_lot_bindings_batch (batch_id, id),
       CONSTRAINT ck_lot_bindings_range CHECK (serial_from < serial_to)`,
    );
  }

  private async campaigns(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'campaigns',
      EDITABLE,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       name VARCHAR(64) NOT NULL,
       lane VARBINARY(16) NOT NULL,
       priority INT NOT NULL DEFAULT 0,
       status VARBINARY(16) NOT NULL DEFAULT 'draft',
       epoch INT UNSIGNED NOT NULL DEFAULT 1,
       current_version_id INT UNSIGNED NULL,
       draft MEDIUMTEXT NULL,
       created_by INT UNSIGNED NULL,
       created_at DATETIME(6) NOT NULL,
       updated_at DATETIME(6) NOT NULL,
       PRIMARY KEY (id), KEY ix_campaigns_status (status)`,
    );
    await createTable(
      runner,
      'campaign_versions',
      APPEND_ONLY,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       campaign_id INT UNSIGNED NOT NULL,
       version_no INT UNSIGNED NOT NULL,
       content MEDIUMTEXT NOT NULL,
       content_hash BINARY(32) NOT NULL,
       author_id INT UNSIGNED NULL,
       approver_id INT UNSIGNED NULL,
       published_at DATETIME(6) NOT NULL,
       PRIMARY KEY (id), UNIQUE KEY uq_campaign_versions_no (campaign_id, version_no)`,
    );
    await createTable(
      runner,
      'prize_stock',
      EDITABLE,
      `campaign_id INT UNSIGNED NOT NULL,
       prize_key VARBINARY(32) NOT NULL,
       stock INT UNSIGNED NULL COMMENT 'NULL = unlimited',
       issued INT UNSIGNED NOT NULL DEFAULT 0,
       PRIMARY KEY (campaign_id, prize_key),
       CONSTRAINT ck_prize_stock_issued CHECK (stock IS NULL OR issued <= stock)`,
    );
  }

  private async channel(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'distributors',
      EDITABLE,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       name VARCHAR(64) NOT NULL,
       parent_id INT UNSIGNED NULL,
       status VARBINARY(16) NOT NULL DEFAULT 'active',
       created_at DATETIME(6) NOT NULL,
       PRIMARY KEY (id)`,
    );
    await createTable(
      runner,
      'territories',
      EDITABLE,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       distributor_id INT UNSIGNED NOT NULL,
       adcode INT UNSIGNED NOT NULL,
       product_line VARBINARY(32) NULL COMMENT 'NULL = every line',
       from_at DATETIME(6) NOT NULL,
       to_at DATETIME(6) NULL COMMENT 'half-open; NULL = open end',
       created_at DATETIME(6) NOT NULL,
       PRIMARY KEY (id), KEY ix_territories_distributor (distributor_id),
       CONSTRAINT ck_territories_range CHECK (to_at IS NULL OR from_at < to_at)`,
    );
  }
}
