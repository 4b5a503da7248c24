import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPEND_ONLY, createTable, DISPOSABLE, EDITABLE, grant } from './schema';

/** members: tags, audiences, phones and consent; channel: stores. */
export class Audiences1790000000800 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.members(runner);
    await this.audiences(runner);
    await this.phones(runner);
    await this.stores(runner);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }

  private async members(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE members
         ADD COLUMN IF NOT EXISTS phone_bound TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT '1 = there is an identity of kind phone',
         ADD COLUMN IF NOT EXISTS follows TINYINT UNSIGNED NULL COMMENT 'the official account, as WeChat told it last; NULL = never told'`,
    );
    // A phone is given up or replaced, and a name that is no longer somebody's must not stay.
    await grant(runner, 'member_identities', DISPOSABLE);
    await createTable(
      runner,
      'member_tags',
      DISPOSABLE,
      `member_id BIGINT UNSIGNED NOT NULL,
       tag VARBINARY(32) NOT NULL,
       added_by INT UNSIGNED NULL COMMENT 'operator; NULL = the system',
       added_at DATETIME(6) NOT NULL,
       PRIMARY KEY (member_id, tag), KEY ix_member_tags_tag (tag, member_id)`,
    );
  }

  private async audiences(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'audiences',
      EDITABLE,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       name VARCHAR(64) NOT NULL,
       kind VARBINARY(8) NOT NULL COMMENT 'rule, list',
       rule_tree MEDIUMTEXT NULL COMMENT 'JSON condition tree over the member fields; NULL for a list',
       note VARCHAR(255) NOT NULL DEFAULT '',
       version INT UNSIGNED NOT NULL DEFAULT 1 COMMENT 'rises with every change of the definition',
       archived TINYINT UNSIGNED NOT NULL DEFAULT 0,
       created_by INT UNSIGNED NULL,
       created_at DATETIME(6) NOT NULL,
       updated_at DATETIME(6) NOT NULL,
       PRIMARY KEY (id), UNIQUE KEY uq_audiences_name (name),
       CONSTRAINT ck_audiences_kind CHECK ((kind = 'rule') = (rule_tree IS NOT NULL))`,
    );
    await createTable(
      runner,
      'audience_members',
      DISPOSABLE,
      `member_id BIGINT UNSIGNED NOT NULL,
       audience_id INT UNSIGNED NOT NULL,
       added_at DATETIME(6) NOT NULL,
       PRIMARY KEY (member_id, audience_id), KEY ix_audience_members_audience (audience_id, member_id)`,
    );
  }

  private async phones(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'member_consents',
      APPEND_ONLY,
      `member_id BIGINT UNSIGNED NOT NULL,
       kind VARBINARY(16) NOT NULL COMMENT 'phone',
       at DATETIME(6) NOT NULL,
       act VARBINARY(8) NOT NULL COMMENT 'given, ended',
       text_version VARBINARY(16) NOT NULL,
       PRIMARY KEY (member_id, kind, at, act)`,
    );
    await createTable(
      runner,
      'phone_challenges',
      DISPOSABLE,
      `member_id BIGINT UNSIGNED NOT NULL,
       phone_blind BINARY(32) NOT NULL,
       nonce BINARY(16) NOT NULL COMMENT 'the code is an HMAC of it and is stored nowhere',
       phone_sealed VARBINARY(128) NOT NULL COMMENT 'with the key of the member',
       tries TINYINT UNSIGNED NOT NULL DEFAULT 0,
       created_at DATETIME(6) NOT NULL,
       expires_at DATETIME(6) NOT NULL,
       sent_at DATETIME(6) NULL,
       PRIMARY KEY (member_id, phone_blind), UNIQUE KEY uq_phone_challenges_nonce (nonce), KEY ix_phone_challenges_expires (expires_at)`,
    );
    await createTable(
      runner,
      'phone_code_limits',
      DISPOSABLE,
      `subject BINARY(32) NOT NULL COMMENT 'keyed hash of a phone or of a member',
       day DATE NOT NULL COMMENT 'Shanghai',
       sent SMALLINT UNSIGNED NOT NULL DEFAULT 0,
       last_at DATETIME(6) NOT NULL,
       PRIMARY KEY (subject), KEY ix_phone_code_limits_last (last_at)`,
    );
  }

  private async stores(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'stores',
      EDITABLE,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       distributor_id INT UNSIGNED NOT NULL,
       name VARCHAR(64) NOT NULL,
       adcode INT UNSIGNED NOT NULL COMMENT 'district, or city where there are none',
       address VARCHAR(255) NOT NULL,
       latitude DECIMAL(9,6) NULL COMMENT 'gcj02',
       longitude DECIMAL(9,6) NULL,
       redeems_all TINYINT UNSIGNED NOT NULL COMMENT '1 = every product; else those in store_products',
       status VARBINARY(8) NOT NULL DEFAULT 'active' COMMENT 'active, closed',
       created_by INT UNSIGNED NULL,
       created_at DATETIME(6) NOT NULL,
       updated_at DATETIME(6) NOT NULL,
       PRIMARY KEY (id), KEY ix_stores_distributor (distributor_id, id), KEY ix_stores_adcode (adcode),
       CONSTRAINT ck_stores_place CHECK ((latitude IS NULL) = (longitude IS NULL))`,
    );
    await createTable(
      runner,
      'store_products',
      DISPOSABLE,
      `store_id INT UNSIGNED NOT NULL, product_id INT UNSIGNED NOT NULL,
       PRIMARY KEY (store_id, product_id), KEY ix_store_products_product (product_id, store_id)`,
    );
  }
}
