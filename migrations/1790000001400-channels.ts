import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, EDITABLE } from './schema';

/** payouts: agreements of people to be paid without a tap (免确认收款授权). */
export class Channels1790000001400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'payout_authorisations',
      EDITABLE,
      `out_authorization_no VARBINARY(32) NOT NULL,
       member_id BIGINT UNSIGNED NOT NULL,
       mch_id VARBINARY(16) NOT NULL,
       scene VARBINARY(36) NOT NULL,
       ordinal INT UNSIGNED NOT NULL COMMENT 'of this person and scene, from 1',
       payee_blind BINARY(32) NOT NULL,
       open_key BINARY(32) NULL COMMENT 'person and scene while it is not over: a person has one at a time; NULL = over',
       state VARBINARY(16) NOT NULL,
       wish VARBINARY(8) NOT NULL DEFAULT 'agree' COMMENT 'agree, close: what we ask WeChat for',
       request_sealed BLOB NOT NULL,
       request_hash BINARY(32) NOT NULL,
       authorization_id VARBINARY(64) NULL COMMENT 'number of the agreement at WeChat',
       package_sealed VARBINARY(2048) NULL,
       expires_at DATETIME(6) NULL COMMENT 'WeChat waits for the person until then',
       attempt_no INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'fence: a stale exchange cannot record',
       checks INT UNSIGNED NOT NULL DEFAULT 0,
       next_at DATETIME(6) NULL COMMENT 'when somebody must look again; NULL = only a callback or a person moves it',
       last_answer VARBINARY(64) NULL,
       created_at DATETIME(6) NOT NULL,
       updated_at DATETIME(6) NOT NULL,
       agreed_at DATETIME(6) NULL,
       closed_at DATETIME(6) NULL,
       close_reason VARBINARY(40) NULL,
       PRIMARY KEY (out_authorization_no), UNIQUE KEY uq_payout_authorisations_open (open_key),
       UNIQUE KEY uq_payout_authorisations_ordinal (payee_blind, scene, ordinal),
       KEY ix_payout_authorisations_member (member_id, state), KEY ix_payout_authorisations_due (next_at),
       CONSTRAINT ck_payout_authorisations_over CHECK ((state = 'CLOSED') = (open_key IS NULL))`,
    );
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
