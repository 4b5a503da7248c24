import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPEND_ONLY, createTable, DISPOSABLE, EDITABLE } from './schema';

/** payouts: cases that people work on, what two people decide, and what the finance screens must find fast. */
export class Cases1790000001800 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.cases(runner);
    await this.decisions(runner);
    await this.finance(runner);
    await this.accounts(runner);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }

  /** A case is an incident with an owner; what people did with it is only ever added to. */
  private async cases(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE payout_incidents
         ADD COLUMN IF NOT EXISTS owner_id INT UNSIGNED NULL COMMENT 'the operator who works on it',
         ADD KEY IF NOT EXISTS ix_payout_incidents_owner (owner_id, resolved_at, id)`,
    );
    await createTable(
      runner,
      'money_case_trail',
      APPEND_ONLY,
      `id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
       incident_id BIGINT UNSIGNED NOT NULL,
       at DATETIME(6) NOT NULL,
       actor_id INT UNSIGNED NULL COMMENT 'NULL = the system',
       act VARBINARY(24) NOT NULL COMMENT 'see case-trail.ts',
       owner_id INT UNSIGNED NULL COMMENT 'of assigned: who has it now',
       decision_id INT UNSIGNED NULL,
       note VARCHAR(1000) NOT NULL DEFAULT '',
       PRIMARY KEY (id), KEY ix_money_case_trail_incident (incident_id, id)`,
    );
  }

  /** One person asks, another says yes or no to exactly that. */
  private async decisions(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'money_decisions',
      EDITABLE,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       kind VARBINARY(8) NOT NULL COMMENT 'settle, fail: a payout; close: a case',
       payout_key VARBINARY(40) NULL,
       incident_id BIGINT UNSIGNED NULL,
       pending_key VARBINARY(64) NULL COMMENT 'what it is about while pending: at most one each',
       content_hash BINARY(32) NOT NULL COMMENT 'of everything the second person reads',
       revision SMALLINT UNSIGNED NOT NULL DEFAULT 1,
       bill_no VARBINARY(32) NULL,
       offer_no SMALLINT UNSIGNED NULL,
       move_no INT UNSIGNED NULL COMMENT 'where the payout stood: a move since then makes it outdated',
       amount_fen BIGINT NULL,
       reason VARCHAR(1000) NOT NULL,
       evidence VARCHAR(4000) NOT NULL DEFAULT '' COMMENT 'what was seen at WeChat, without personal data',
       state VARBINARY(12) NOT NULL DEFAULT 'pending' COMMENT 'pending, approved, refused, withdrawn',
       asked_by INT UNSIGNED NOT NULL,
       asked_at DATETIME(6) NOT NULL,
       decided_by INT UNSIGNED NULL,
       decided_at DATETIME(6) NULL,
       decision_note VARCHAR(1000) NULL,
       PRIMARY KEY (id), UNIQUE KEY uq_money_decisions_pending (pending_key),
       KEY ix_money_decisions_state (state, id), KEY ix_money_decisions_payout (payout_key, id),
       KEY ix_money_decisions_incident (incident_id, id),
       CONSTRAINT ck_money_decisions_pending CHECK ((state = 'pending') = (pending_key IS NOT NULL)),
       CONSTRAINT ck_money_decisions_eyes CHECK (state <> 'approved' OR (decided_by IS NOT NULL AND decided_by <> asked_by)),
       CONSTRAINT ck_money_decisions_subject CHECK ((kind = 'close') = (incident_id IS NOT NULL)
         AND (kind = 'close' OR payout_key IS NOT NULL))`,
    );
  }

  /**
   * The finance screens read whole days and whole states from an index alone. created_at and settled_at only ever grow, so their
   * indexes are written at one end; the due index already followed every move and gets two columns more.
   */
  private async finance(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE payouts
         ADD KEY IF NOT EXISTS ix_payouts_created (created_at, amount_fen),
         ADD KEY IF NOT EXISTS ix_payouts_settled_fen (settled_at, amount_fen),
         DROP KEY IF EXISTS ix_payouts_due,
         ADD KEY ix_payouts_due (state, next_at, offered_at, amount_fen)`,
    );
    await runner.query('ALTER TABLE payout_moves ADD KEY IF NOT EXISTS ix_payout_moves_to (to_state, at)');
    await runner.query(
      'ALTER TABLE reconciliation_differences ADD KEY IF NOT EXISTS ix_reconciliation_differences_payout (payout_key)',
    );
  }

  /** Sums of accounts up to a moment, so that a balance is that sum and the few journals since. Can be thrown away and made again. */
  private async accounts(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'account_marks',
      DISPOSABLE,
      `account VARBINARY(64) NOT NULL, balance_fen BIGINT NOT NULL, PRIMARY KEY (account)`,
    );
    await createTable(
      runner,
      'account_mark_position',
      DISPOSABLE,
      `id TINYINT UNSIGNED NOT NULL,
       upto_at DATETIME(6) NOT NULL COMMENT 'journals before it are in the marks',
       PRIMARY KEY (id)`,
    );
  }
}
