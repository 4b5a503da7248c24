import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, DISPOSABLE, EDITABLE } from './schema';

/** staff: codes from a phone, one-time links, roles that a second person grants; what the audit log is searched by. */
export class Accounts1790000002310 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE operators
         DROP COLUMN IF EXISTS role,
         ADD COLUMN IF NOT EXISTS totp_sealed VARBINARY(128) NULL COMMENT 'the secret whose codes count',
         ADD COLUMN IF NOT EXISTS totp_proposed VARBINARY(128) NULL COMMENT 'shown to the phone, not yet confirmed by a code',
         ADD COLUMN IF NOT EXISTS totp_step BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'of the newest code used: none counts twice',
         ADD COLUMN IF NOT EXISTS made_by INT UNSIGNED NULL COMMENT 'who invited; NULL = the system',
         ADD COLUMN IF NOT EXISTS reset_by INT UNSIGNED NULL COMMENT 'who last gave out a link to a new password'`,
    );
    await createTable(
      runner,
      'operator_recovery_codes',
      DISPOSABLE,
      `operator_id INT UNSIGNED NOT NULL,
       code_hash BINARY(32) NOT NULL,
       used_at DATETIME(6) NULL,
       PRIMARY KEY (operator_id, code_hash)`,
    );
    await createTable(
      runner,
      'operator_links',
      EDITABLE,
      `token_hash BINARY(32) NOT NULL,
       operator_id INT UNSIGNED NOT NULL,
       kind VARBINARY(8) NOT NULL COMMENT 'invite, reset',
       made_by INT UNSIGNED NULL,
       made_at DATETIME(6) NOT NULL,
       expires_at DATETIME(6) NOT NULL,
       used_at DATETIME(6) NULL,
       revoked_at DATETIME(6) NULL,
       PRIMARY KEY (token_hash), KEY ix_operator_links_operator (operator_id, made_at)`,
    );
    await this.roleRequests(runner);
    await runner.query(
      `ALTER TABLE audit_log
         ADD KEY IF NOT EXISTS ix_audit_log_actor (actor_id, id),
         ADD KEY IF NOT EXISTS ix_audit_log_act (act, id),
         ADD KEY IF NOT EXISTS ix_audit_log_at (at, id)`,
    );
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }

  private async roleRequests(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'operator_role_requests',
      EDITABLE,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       operator_id INT UNSIGNED NOT NULL,
       pending_operator INT UNSIGNED NULL COMMENT 'the operator while pending: at most one each',
       roles_before VARBINARY(160) NOT NULL,
       roles VARBINARY(160) NOT NULL,
       reason VARCHAR(255) NOT NULL,
       state VARBINARY(12) NOT NULL DEFAULT 'pending' COMMENT 'pending, approved, rejected, withdrawn',
       asked_by INT UNSIGNED NOT NULL,
       asked_at DATETIME(6) NOT NULL,
       decided_by INT UNSIGNED NULL,
       decided_at DATETIME(6) NULL,
       note VARCHAR(255) NULL,
       PRIMARY KEY (id), UNIQUE KEY uq_operator_role_requests_pending (pending_operator),
       KEY ix_operator_role_requests_state (state, id),
       CONSTRAINT ck_operator_role_requests_pending CHECK ((state = 'pending') = (pending_operator IS NOT NULL)),
       CONSTRAINT ck_operator_role_requests_eyes
         CHECK (state <> 'approved' OR (decided_by IS NOT NULL AND decided_by <> asked_by AND decided_by <> operator_id))`,
    );
  }
}
