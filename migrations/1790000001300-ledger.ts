import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPEND_ONLY, createTable, DISPOSABLE, EDITABLE } from './schema';

/** ledger: accounts beyond budgets, corrections, releases, what of a grant was used, write-off sheets. */
export class Ledger1790000001300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.grants(runner);
    await this.releases(runner);
    await this.corrections(runner);
    await this.writeOffs(runner);
    await this.counting(runner);
    await this.whatWasSettledBefore(runner);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }

  private async grants(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE budget_grants
         ADD COLUMN IF NOT EXISTS used_fen BIGINT NOT NULL DEFAULT 0 COMMENT 'settled money that was charged to it',
         ADD COLUMN IF NOT EXISTS returned_fen BIGINT NOT NULL DEFAULT 0 COMMENT 'given back unspent by its last write-off sheet',
         ADD COLUMN IF NOT EXISTS decided_by INT UNSIGNED NULL COMMENT 'who rejected it or took it back',
         ADD COLUMN IF NOT EXISTS decided_at DATETIME(6) NULL,
         ADD COLUMN IF NOT EXISTS note VARCHAR(200) NULL`,
    );
    await runner.query('ALTER TABLE budget_grants DROP CONSTRAINT IF EXISTS ck_budget_grants_used');
    await runner.query(
      `ALTER TABLE budget_grants ADD CONSTRAINT ck_budget_grants_used
         CHECK (used_fen >= 0 AND returned_fen >= 0 AND used_fen + returned_fen <= amount_fen)`,
    );
    await createTable(
      runner,
      'grant_uses',
      APPEND_ONLY,
      `payout_key VARBINARY(40) NOT NULL,
       offer_no SMALLINT UNSIGNED NOT NULL,
       act VARBINARY(8) NOT NULL COMMENT 'settle, refund',
       grant_id INT UNSIGNED NOT NULL,
       fen BIGINT NOT NULL COMMENT 'of the payout, charged to this grant or given back to it',
       at DATETIME(6) NOT NULL,
       PRIMARY KEY (payout_key, offer_no, act, grant_id), KEY ix_grant_uses_grant (grant_id, at, act, fen), KEY ix_grant_uses_at (at),
       CONSTRAINT ck_grant_uses_fen CHECK (fen > 0)`,
    );
    // Sums per account come from the index alone.
    await runner.query('ALTER TABLE ledger_legs ADD KEY IF NOT EXISTS ix_ledger_legs_sums (account, amount_fen)');
    await runner.query('ALTER TABLE ledger_legs DROP KEY IF EXISTS ix_ledger_legs_account');
  }

  private async releases(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'award_releases',
      APPEND_ONLY,
      `award_key VARBINARY(40) NOT NULL COMMENT 'batch:layer:serial:slot: its money is free again, once and for all',
       payout_key VARBINARY(40) NOT NULL COMMENT 'award_key, or that of the pool the award was in',
       campaign_id INT UNSIGNED NOT NULL,
       budget_id INT UNSIGNED NOT NULL,
       member_id BIGINT UNSIGNED NOT NULL,
       amount_fen BIGINT NOT NULL,
       reason VARBINARY(16) NOT NULL COMMENT 'unclaimed, lapsed, failed, refunded',
       claim_until DATETIME(6) NOT NULL COMMENT 'the published end of claims, not included',
       at DATETIME(6) NOT NULL,
       PRIMARY KEY (award_key), KEY ix_award_releases_payout (payout_key), KEY ix_award_releases_at (at),
       CONSTRAINT ck_award_releases_amount CHECK (amount_fen > 0)`,
    );
    await createTable(
      runner,
      'release_walks',
      EDITABLE,
      `campaign_id INT UNSIGNED NOT NULL,
       claim_until DATETIME(6) NOT NULL,
       batch_id INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'the last award that was looked at',
       layer TINYINT UNSIGNED NOT NULL DEFAULT 0,
       serial INT UNSIGNED NOT NULL DEFAULT 0,
       slot TINYINT UNSIGNED NOT NULL DEFAULT 0,
       walks INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'that ended before this one',
       held INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'in this walk: due, and their money is still under way',
       released INT UNSIGNED NOT NULL DEFAULT 0,
       released_fen BIGINT NOT NULL DEFAULT 0,
       next_at DATETIME(6) NOT NULL COMMENT 'when to go on',
       done_at DATETIME(6) NULL,
       updated_at DATETIME(6) NOT NULL,
       PRIMARY KEY (campaign_id), KEY ix_release_walks_next (done_at, next_at)`,
    );
  }

  private async corrections(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'ledger_corrections',
      EDITABLE,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       legs TEXT NOT NULL COMMENT 'JSON: [{account, amountFen}]',
       content_hash BINARY(32) NOT NULL,
       reason VARCHAR(500) NOT NULL,
       status VARBINARY(16) NOT NULL DEFAULT 'requested' COMMENT 'requested, approved, rejected, withdrawn',
       requested_by INT UNSIGNED NOT NULL,
       created_at DATETIME(6) NOT NULL,
       decided_by INT UNSIGNED NULL,
       decided_at DATETIME(6) NULL,
       note VARCHAR(500) NULL,
       PRIMARY KEY (id),
       CONSTRAINT ck_ledger_corrections_eyes CHECK (status <> 'approved' OR (decided_by IS NOT NULL AND decided_by <> requested_by))`,
    );
  }

  /** What was signed lies in tables that nobody can change; the sheet itself only says which revision stands. */
  private async writeOffs(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'write_off_sheets',
      EDITABLE,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       grant_id INT UNSIGNED NOT NULL,
       from_day DATE NOT NULL COMMENT 'Asia/Shanghai, first day',
       to_day DATE NOT NULL COMMENT 'the day after the last',
       revision INT UNSIGNED NOT NULL DEFAULT 1,
       status VARBINARY(8) NOT NULL DEFAULT 'draft' COMMENT 'draft, signed (by its author), closed, void',
       created_at DATETIME(6) NOT NULL,
       updated_at DATETIME(6) NOT NULL,
       PRIMARY KEY (id), KEY ix_write_off_sheets_grant (grant_id, from_day),
       CONSTRAINT ck_write_off_sheets_period CHECK (from_day < to_day)`,
    );
    await createTable(
      runner,
      'write_off_revisions',
      APPEND_ONLY,
      `sheet_id INT UNSIGNED NOT NULL,
       revision INT UNSIGNED NOT NULL,
       content MEDIUMTEXT NOT NULL COMMENT 'JSON: the sheet without its evidence lines, and the hash of those',
       content_hash BINARY(32) NOT NULL,
       author_id INT UNSIGNED NOT NULL,
       created_at DATETIME(6) NOT NULL,
       PRIMARY KEY (sheet_id, revision)`,
    );
    await createTable(
      runner,
      'write_off_signatures',
      APPEND_ONLY,
      `sheet_id INT UNSIGNED NOT NULL,
       revision INT UNSIGNED NOT NULL,
       role VARBINARY(8) NOT NULL COMMENT 'author, approver',
       operator_id INT UNSIGNED NOT NULL,
       content_hash BINARY(32) NOT NULL,
       at DATETIME(6) NOT NULL,
       PRIMARY KEY (sheet_id, revision, role), UNIQUE KEY uq_write_off_signatures_eyes (sheet_id, revision, operator_id)`,
    );
    await createTable(
      runner,
      'write_off_closures',
      APPEND_ONLY,
      `sheet_id INT UNSIGNED NOT NULL,
       revision INT UNSIGNED NOT NULL COMMENT 'the one that both signed: it stands for ever',
       returned_fen BIGINT NOT NULL COMMENT 'unspent fen that the last sheet of a grant gave back',
       at DATETIME(6) NOT NULL,
       PRIMARY KEY (sheet_id)`,
    );
  }

  private async counting(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'ledger_nights',
      EDITABLE,
      `day DATE NOT NULL COMMENT 'Asia/Shanghai',
       next_budget_id INT UNSIGNED NOT NULL DEFAULT 1 COMMENT 'budgets below it are checked',
       booked_from DATETIME(6) NOT NULL COMMENT 'journals before it are checked',
       booked_to DATETIME(6) NOT NULL,
       faults INT UNSIGNED NOT NULL DEFAULT 0,
       finished_at DATETIME(6) NULL,
       PRIMARY KEY (day)`,
    );
    await createTable(
      runner,
      'statement_days',
      DISPOSABLE,
      `day DATE NOT NULL COMMENT 'Asia/Shanghai; a day is here when it is over and counted',
       campaign_id INT UNSIGNED NOT NULL,
       city INT UNSIGNED NOT NULL COMMENT 'where the bottle was scanned, as in rollup_days',
       settled_fen BIGINT NOT NULL,
       refunded_fen BIGINT NOT NULL,
       released_fen BIGINT NOT NULL,
       PRIMARY KEY (day, campaign_id, city)`,
    );
  }

  /**
   * Payouts that were settled before there were clearing accounts and uses of grants get them now: oldest money from the oldest grant.
   * Both statements are whole or not there, and find nothing left to do when they run again.
   */
  private async whatWasSettledBefore(runner: QueryRunner): Promise<void> {
    const booked = `FROM payouts p WHERE p.state = 'SETTLED'
       AND NOT EXISTS (SELECT 1 FROM grant_uses u WHERE u.payout_key = p.payout_key AND u.offer_no = p.offer_no)`;
    const key = `CONCAT('cleared:', p.payout_key, ':', p.offer_no)`;
    await runner.query(
      `INSERT INTO ledger_journals (journal_key, kind, at, memo)
       SELECT ${key}, 'settle', COALESCE(p.settled_at, p.updated_at), 'clearing of what was settled before' ${booked}
         AND NOT EXISTS (SELECT 1 FROM ledger_journals j WHERE j.journal_key = ${key})`,
    );
    await runner.query(
      `INSERT INTO ledger_legs (journal_key, leg, account, amount_fen)
       SELECT x.journal_key, x.leg, x.account, x.amount_fen FROM (
         SELECT ${key} AS journal_key, 0 AS leg, CONCAT('channel:', p.mch_id, ':', p.channel) AS account, -p.amount_fen AS amount_fen ${booked}
         UNION ALL SELECT ${key}, 1, CONCAT('member:', p.member_id), p.amount_fen ${booked}) x
       WHERE NOT EXISTS (SELECT 1 FROM ledger_legs l WHERE l.journal_key = x.journal_key AND l.leg = x.leg)`,
    );
    await runner.query(
      `INSERT INTO grant_uses (payout_key, offer_no, act, grant_id, fen, at)
       SELECT p.payout_key, p.offer_no, 'settle', g.id,
              LEAST(p.upto, g.upto) - GREATEST(p.upto - p.amount_fen, g.upto - g.amount_fen), p.at
         FROM (SELECT p.payout_key, p.offer_no, p.budget_id, p.amount_fen, COALESCE(p.settled_at, p.updated_at) AS at,
                      SUM(p.amount_fen) OVER (PARTITION BY p.budget_id ORDER BY COALESCE(p.settled_at, p.updated_at), p.payout_key) AS upto
                 ${booked}) p
         JOIN (SELECT id, budget_id, amount_fen, SUM(amount_fen) OVER (PARTITION BY budget_id ORDER BY approved_at, id) AS upto
                 FROM budget_grants WHERE status = 'approved') g
           ON g.budget_id = p.budget_id AND g.upto > p.upto - p.amount_fen AND g.upto - g.amount_fen < p.upto`,
    );
    await runner.query(
      `UPDATE budget_grants g SET g.used_fen = (SELECT COALESCE(SUM(u.fen), 0) FROM grant_uses u WHERE u.grant_id = g.id)
       WHERE g.used_fen = 0`,
    );
  }
}
