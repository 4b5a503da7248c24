import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPEND_ONLY, createTable, EDITABLE } from './schema';

/** payouts: budgets, ledger, bills. Every money rule is a constraint first and code second. */
export class Payouts1790000000400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.ledger(runner);
    await this.bills(runner);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }

  private async ledger(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'budgets',
      EDITABLE,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       name VARCHAR(64) NOT NULL,
       granted_fen BIGINT NOT NULL DEFAULT 0,
       available_fen BIGINT NOT NULL DEFAULT 0,
       reserved_fen BIGINT NOT NULL DEFAULT 0,
       settled_fen BIGINT NOT NULL DEFAULT 0,
       created_at DATETIME(6) NOT NULL,
       PRIMARY KEY (id),
       CONSTRAINT ck_budgets_parts CHECK (available_fen >= 0 AND reserved_fen >= 0 AND settled_fen >= 0),
       CONSTRAINT ck_budgets_sum CHECK (granted_fen = available_fen + reserved_fen + settled_fen)`,
    );
    await createTable(
      runner,
      'budget_grants',
      EDITABLE,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       budget_id INT UNSIGNED NOT NULL,
       amount_fen BIGINT NOT NULL,
       application_no VARCHAR(64) NOT NULL COMMENT '费用申请单号',
       expense_account VARCHAR(64) NOT NULL COMMENT '费用科目',
       cost_center VARCHAR(64) NOT NULL COMMENT '成本中心',
       bearer VARBINARY(16) NOT NULL COMMENT 'hq, distributor, shared',
       status VARBINARY(16) NOT NULL DEFAULT 'requested',
       requested_by INT UNSIGNED NOT NULL,
       approved_by INT UNSIGNED NULL,
       created_at DATETIME(6) NOT NULL,
       approved_at DATETIME(6) NULL,
       PRIMARY KEY (id), UNIQUE KEY uq_budget_grants_application (budget_id, application_no),
       CONSTRAINT ck_budget_grants_amount CHECK (amount_fen > 0),
       CONSTRAINT ck_budget_grants_eyes CHECK (approved_by IS NULL OR approved_by <> requested_by)`,
    );
    await createTable(
      runner,
      'ledger_journals',
      APPEND_ONLY,
      `journal_key VARBINARY(96) NOT NULL COMMENT 'natural key: the same movement is booked once',
       kind VARBINARY(16) NOT NULL,
       at DATETIME(6) NOT NULL,
       memo TEXT NULL,
       PRIMARY KEY (journal_key), KEY ix_ledger_journals_at (at)`,
    );
    await createTable(
      runner,
      'ledger_legs',
      APPEND_ONLY,
      `journal_key VARBINARY(96) NOT NULL,
       leg TINYINT UNSIGNED NOT NULL,
       account VARBINARY(64) NOT NULL,
       amount_fen BIGINT NOT NULL COMMENT 'positive = into the account',
       PRIMARY KEY (journal_key, leg), KEY ix_ledger_legs_account (account)`,
    );
  }

  private async bills(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'payouts',
      EDITABLE,
      `payout_key VARBINARY(40) NOT NULL COMMENT 'batch:layer:serial:slot',
       member_id BIGINT UNSIGNED NOT NULL,
       campaign_id INT UNSIGNED NOT NULL,
       version_id INT UNSIGNED NOT NULL,
       budget_id INT UNSIGNED NOT NULL,
       amount_fen BIGINT NOT NULL,
       channel VARBINARY(24) NOT NULL,
       mch_id VARBINARY(16) NOT NULL,
       state VARBINARY(12) NOT NULL,
       offer_no SMALLINT UNSIGNED NOT NULL DEFAULT 1,
       attempt_no INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'fence: rises with every exchange, a stale one cannot record',
       move_no INT UNSIGNED NOT NULL DEFAULT 0,
       bill_no VARBINARY(32) NULL,
       lease_until DATETIME(6) NULL,
       next_at DATETIME(6) NULL COMMENT 'when somebody must look again; NULL = waits for a person',
       checks INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'position on the query ladder',
       unknown_since DATETIME(6) NULL,
       package_sealed VARBINARY(2048) NULL,
       bill_expires_at DATETIME(6) NULL,
       fail_reason VARBINARY(64) NULL,
       provider_no VARBINARY(64) NULL COMMENT 'number of the bill at WeChat',
       offered_at DATETIME(6) NOT NULL COMMENT 'when the running offer began',
       created_at DATETIME(6) NOT NULL,
       updated_at DATETIME(6) NOT NULL,
       settled_at DATETIME(6) NULL,
       PRIMARY KEY (payout_key), KEY ix_payouts_due (state, next_at), KEY ix_payouts_bill (bill_no), KEY ix_payouts_member (member_id, created_at),
       CONSTRAINT ck_payouts_amount CHECK (amount_fen > 0)`,
    );
    await createTable(
      runner,
      'payout_bills',
      APPEND_ONLY,
      `bill_no VARBINARY(32) NOT NULL,
       payout_key VARBINARY(40) NOT NULL,
       offer_no SMALLINT UNSIGNED NOT NULL,
       channel VARBINARY(24) NOT NULL,
       mch_id VARBINARY(16) NOT NULL,
       amount_fen BIGINT NOT NULL,
       payee_blind BINARY(32) NOT NULL,
       request_sealed MEDIUMBLOB NOT NULL,
       request_hash BINARY(32) NOT NULL,
       created_at DATETIME(6) NOT NULL,
       PRIMARY KEY (bill_no), UNIQUE KEY uq_payout_bills_offer (payout_key, offer_no)`,
    );
    await createTable(
      runner,
      'payout_attempts',
      EDITABLE,
      `bill_no VARBINARY(32) NOT NULL,
       attempt_no INT UNSIGNED NOT NULL,
       act VARBINARY(8) NOT NULL COMMENT 'send, query, cancel, notify',
       request_hash BINARY(32) NOT NULL,
       started_at DATETIME(6) NOT NULL,
       finished_at DATETIME(6) NULL,
       outcome VARBINARY(24) NULL,
       evidence TEXT NULL COMMENT 'raw reply without personal data',
       PRIMARY KEY (bill_no, attempt_no)`,
    );
    await createTable(
      runner,
      'payout_moves',
      APPEND_ONLY,
      `payout_key VARBINARY(40) NOT NULL,
       move_no INT UNSIGNED NOT NULL,
       from_state VARBINARY(12) NOT NULL,
       to_state VARBINARY(12) NOT NULL,
       bill_no VARBINARY(32) NULL,
       reason VARBINARY(64) NOT NULL,
       at DATETIME(6) NOT NULL,
       PRIMARY KEY (payout_key, move_no)`,
    );
    await createTable(
      runner,
      'payout_incidents',
      EDITABLE,
      `id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
       incident_key VARBINARY(128) NOT NULL COMMENT 'one open row per cause',
       payout_key VARBINARY(40) NULL,
       bill_no VARBINARY(32) NULL,
       kind VARBINARY(32) NOT NULL,
       detail TEXT NOT NULL,
       created_at DATETIME(6) NOT NULL,
       resolved_at DATETIME(6) NULL,
       PRIMARY KEY (id), UNIQUE KEY uq_payout_incidents_key (incident_key), KEY ix_payout_incidents_open (resolved_at, id),
       KEY ix_payout_incidents_payout (payout_key)`,
    );
    await createTable(
      runner,
      'channel_blocks',
      EDITABLE,
      `mch_id VARBINARY(16) NOT NULL,
       channel VARBINARY(24) NOT NULL,
       reason VARBINARY(64) NOT NULL,
       blocked_until DATETIME(6) NOT NULL,
       trips INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'met blocked again this often in a row',
       updated_at DATETIME(6) NOT NULL,
       PRIMARY KEY (mch_id, channel)`,
    );
  }
}
