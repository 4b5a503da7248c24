import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, DISPOSABLE, EDITABLE } from './schema';

/** payouts: the channel’s own bill files and what differs from ours. */
export class Reconciliation1790000001700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.files(runner);
    await this.results(runner);
    // What a merchant account settled on a day, in one walk over the index.
    await runner.query('ALTER TABLE payouts ADD KEY IF NOT EXISTS ix_payouts_settled (mch_id, settled_at)');
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }

  private async files(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'reconciliation_runs',
      EDITABLE,
      `mch_id VARBINARY(16) NOT NULL,
       day DATE NOT NULL COMMENT 'Asia/Shanghai day of the bill file',
       state VARBINARY(8) NOT NULL COMMENT 'queued, running, waiting, done, failed',
       step VARBINARY(8) NULL COMMENT 'fetch, match, payees, confirm',
       run_no INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'how often this day was gone through',
       next_at DATETIME(6) NULL COMMENT 'when somebody must take it up; NULL = over',
       tries INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'in vain, in a row',
       why VARCHAR(500) NULL COMMENT 'what it waits for, or why it failed',
       file_hash VARBINARY(96) NULL COMMENT 'SHA-1 of each account file; NULL = WeChat has none for this day',
       rows_total INT UNSIGNED NOT NULL DEFAULT 0,
       rows_ours INT UNSIGNED NOT NULL DEFAULT 0,
       rows_done INT UNSIGNED NOT NULL DEFAULT 0,
       matched INT UNSIGNED NOT NULL DEFAULT 0,
       returned INT UNSIGNED NOT NULL DEFAULT 0,
       waiting INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'bills whose other side may still come',
       differences INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'found by this run and not gone since',
       payees_asked INT UNSIGNED NOT NULL DEFAULT 0,
       confirmed INT UNSIGNED NOT NULL DEFAULT 0,
       confirm_after VARBINARY(64) NULL COMMENT 'last bill number whose page was booked',
       paid_fen BIGINT NOT NULL DEFAULT 0 COMMENT 'out of the account by our payouts',
       returned_fen BIGINT NOT NULL DEFAULT 0,
       moved_fen BIGINT NOT NULL DEFAULT 0 COMMENT 'top-ups less withdrawals',
       other_fen BIGINT NOT NULL DEFAULT 0 COMMENT 'everything else on the account, income less spending',
       closing_fen BIGINT NULL COMMENT 'balance after the last row of the file',
       requested_by INT UNSIGNED NULL,
       created_at DATETIME(6) NOT NULL,
       started_at DATETIME(6) NULL,
       finished_at DATETIME(6) NULL,
       PRIMARY KEY (mch_id, day), KEY ix_reconciliation_runs_next (next_at)`,
    );
    await createTable(
      runner,
      'channel_rows',
      DISPOSABLE,
      `mch_id VARBINARY(16) NOT NULL,
       day DATE NOT NULL,
       bill_no VARBINARY(64) NOT NULL COMMENT '业务凭证号, or flow:<资金流水单号> where that is no name',
       line INT UNSIGNED NOT NULL,
       direction VARBINARY(3) NOT NULL COMMENT 'out, in',
       amount_fen BIGINT NOT NULL,
       booked_at DATETIME NOT NULL COMMENT 'UTC',
       flow_no VARBINARY(128) NOT NULL,
       channel VARBINARY(24) NULL COMMENT 'of our bill; NULL = no bill of ours',
       verdict VARBINARY(12) NOT NULL COMMENT 'matched, returned, waiting, differs',
       PRIMARY KEY (mch_id, day, bill_no, line)`,
    );
  }

  private async results(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'reconciliation_awaited',
      DISPOSABLE,
      `mch_id VARBINARY(16) NOT NULL,
       bill_no VARBINARY(64) NOT NULL,
       since DATE NOT NULL COMMENT 'the day on which one side named it first',
       PRIMARY KEY (mch_id, bill_no)`,
    );
    await createTable(
      runner,
      'reconciliation_differences',
      EDITABLE,
      `id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
       mch_id VARBINARY(16) NOT NULL,
       day DATE NOT NULL COMMENT 'of the run that found it',
       kind VARBINARY(12) NOT NULL COMMENT 'missing, extra, amount, state, duplicate, payee',
       bill_no VARBINARY(64) NOT NULL,
       since DATE NOT NULL COMMENT 'the day on which one side named the bill first',
       payout_key VARBINARY(40) NULL,
       our_state VARBINARY(12) NULL,
       our_fen BIGINT NULL,
       paid_fen BIGINT NOT NULL COMMENT 'out of the account, by all rows of the bill',
       returned_fen BIGINT NOT NULL,
       file_rows INT UNSIGNED NOT NULL,
       seen_run INT UNSIGNED NOT NULL COMMENT 'run_no that saw it last',
       found_at DATETIME(6) NOT NULL,
       gone_at DATETIME(6) NULL COMMENT 'a later run found it gone',
       PRIMARY KEY (id), UNIQUE KEY uq_reconciliation_differences (mch_id, day, kind, bill_no),
       KEY ix_reconciliation_differences_open (mch_id, gone_at, bill_no)`,
    );
  }
}
