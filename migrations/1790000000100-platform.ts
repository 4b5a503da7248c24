import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPEND_ONLY, createTable, DISPOSABLE, EDITABLE } from './schema';

/** jobs, staff, wechat: what every other room stands on. */
export class Platform1790000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'outbox',
      DISPOSABLE,
      `id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
       status TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT '0 open, 1 done, 2 dead',
       due DATETIME(6) NOT NULL,
       job VARBINARY(64) NOT NULL,
       job_key VARBINARY(96) NOT NULL,
       payload MEDIUMTEXT NOT NULL,
       deliveries SMALLINT UNSIGNED NOT NULL DEFAULT 0,
       failures SMALLINT UNSIGNED NOT NULL DEFAULT 0,
       lease_by VARBINARY(32) NULL,
       last_error VARCHAR(512) NULL,
       created_at DATETIME(6) NOT NULL,
       done_at DATETIME(6) NULL,
       PRIMARY KEY (id), KEY ix_outbox_due (status, due, id), KEY ix_outbox_lease (lease_by)`,
    );
    await createTable(
      runner,
      'leases',
      EDITABLE,
      `name VARBINARY(64) NOT NULL, holder VARBINARY(64) NOT NULL, until_at DATETIME(6) NOT NULL, PRIMARY KEY (name)`,
    );
    await createTable(
      runner,
      'operators',
      EDITABLE,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       login VARBINARY(64) NOT NULL,
       name VARCHAR(64) NOT NULL,
       password_hash VARBINARY(255) NOT NULL,
       role VARBINARY(16) NOT NULL,
       distributor_id INT UNSIGNED NULL,
       status VARBINARY(16) NOT NULL DEFAULT 'active',
       failed_logins SMALLINT UNSIGNED NOT NULL DEFAULT 0,
       locked_until DATETIME(6) NULL,
       created_at DATETIME(6) NOT NULL,
       PRIMARY KEY (id), UNIQUE KEY uq_operators_login (login)`,
    );
    await createTable(
      runner,
      'operator_sessions',
      EDITABLE,
      `token_hash BINARY(32) NOT NULL,
       operator_id INT UNSIGNED NOT NULL,
       created_at DATETIME(6) NOT NULL,
       last_seen_at DATETIME(6) NOT NULL,
       expires_at DATETIME(6) NOT NULL,
       revoked_at DATETIME(6) NULL,
       ip VARBINARY(45) NULL,
       user_agent VARCHAR(255) NULL,
       PRIMARY KEY (token_hash), KEY ix_operator_sessions_operator (operator_id)`,
    );
    await createTable(
      runner,
      'audit_log',
      APPEND_ONLY,
      `id BIGINT UNSIGNED NOT NULL,
       at DATETIME(6) NOT NULL,
       actor_id INT UNSIGNED NULL,
       act VARBINARY(64) NOT NULL,
       object VARBINARY(96) NOT NULL,
       details MEDIUMTEXT NOT NULL COMMENT 'JSON {before, after, reason}',
       previous_hash BINARY(32) NOT NULL,
       hash BINARY(32) NOT NULL,
       PRIMARY KEY (id), KEY ix_audit_log_object (object, id)`,
    );
    await createTable(
      runner,
      'audit_head',
      EDITABLE,
      `name VARBINARY(16) NOT NULL, last_id BIGINT UNSIGNED NOT NULL, last_hash BINARY(32) NOT NULL, PRIMARY KEY (name)`,
    );
    await runner.query(
      "INSERT IGNORE INTO audit_head (name, last_id, last_hash) VALUES ('main', 0, REPEAT(CHAR(0), 32))",
    );
    await createTable(
      runner,
      'wechat_credentials',
      EDITABLE,
      `app_id VARBINARY(32) NOT NULL,
       kind VARBINARY(16) NOT NULL COMMENT 'access_token, jsapi_ticket',
       value_sealed VARBINARY(2048) NOT NULL,
       expires_at DATETIME(6) NOT NULL,
       PRIMARY KEY (app_id, kind)`,
    );
    await createTable(
      runner,
      'oauth_codes',
      DISPOSABLE,
      `code_hash BINARY(32) NOT NULL, seen_at DATETIME(6) NOT NULL, PRIMARY KEY (code_hash), KEY ix_oauth_codes_seen (seen_at)`,
    );
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
