import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, EDITABLE } from './schema';

/** campaigns: approval by a second person, deals, bursts; codes: sealed ranges; staff: rights beyond the role. */
export class CampaignLifecycle1790000000600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.campaigns(runner);
    await this.deals(runner);
    await runner.query(
      `ALTER TABLE operators
         ADD COLUMN IF NOT EXISTS rights VARBINARY(255) NOT NULL DEFAULT '' COMMENT 'beyond the role, with commas between'`,
    );
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }

  private async campaigns(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE campaigns
         ADD COLUMN IF NOT EXISTS draft_by INT UNSIGNED NULL COMMENT 'who wrote the draft last',
         ADD COLUMN IF NOT EXISTS starts_at DATETIME(6) NULL COMMENT 'period of the version in force',
         ADD COLUMN IF NOT EXISTS ends_at DATETIME(6) NULL COMMENT 'half-open',
         ADD COLUMN IF NOT EXISTS run_from DATETIME(6) NULL COMMENT 'of a burst that was started',
         ADD COLUMN IF NOT EXISTS run_until DATETIME(6) NULL COMMENT 'half-open',
         ADD COLUMN IF NOT EXISTS run_by INT UNSIGNED NULL,
         ADD COLUMN IF NOT EXISTS ended_at DATETIME(6) NULL`,
    );
    await createTable(
      runner,
      'campaign_submissions',
      EDITABLE,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       campaign_id INT UNSIGNED NOT NULL,
       pending_campaign INT UNSIGNED NULL COMMENT 'the campaign while pending: at most one each',
       content_hash BINARY(32) NOT NULL,
       state VARBINARY(16) NOT NULL COMMENT 'pending, approved, rejected, withdrawn',
       drafted_by INT UNSIGNED NULL,
       submitted_by INT UNSIGNED NOT NULL,
       submitted_at DATETIME(6) NOT NULL,
       note VARCHAR(500) NOT NULL DEFAULT '',
       confirmed_by INT UNSIGNED NULL COMMENT 'the owner who accepts changes that are worse for consumers',
       confirmed_reason VARCHAR(500) NULL,
       decided_by INT UNSIGNED NULL,
       decided_at DATETIME(6) NULL,
       decision_note VARCHAR(500) NULL,
       version_id INT UNSIGNED NULL,
       PRIMARY KEY (id), UNIQUE KEY uq_campaign_submissions_pending (pending_campaign),
       KEY ix_campaign_submissions_campaign (campaign_id, id),
       CONSTRAINT ck_campaign_submissions_pending CHECK ((state = 'pending') = (pending_campaign IS NOT NULL)),
       CONSTRAINT ck_campaign_submissions_eyes CHECK (state <> 'approved' OR (decided_by IS NOT NULL
         AND decided_by <> submitted_by AND (drafted_by IS NULL OR decided_by <> drafted_by)))`,
    );
  }

  private async deals(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'campaign_deals',
      EDITABLE,
      `campaign_id INT UNSIGNED NOT NULL,
       rule_key VARBINARY(32) NOT NULL,
       batch_id INT UNSIGNED NOT NULL,
       layer TINYINT UNSIGNED NOT NULL,
       serial_from INT UNSIGNED NOT NULL,
       serial_to INT UNSIGNED NOT NULL COMMENT 'half-open',
       prizes TEXT NOT NULL COMMENT 'JSON [{key, count}], in their order',
       commitment BINARY(32) NOT NULL,
       published_at DATETIME(6) NOT NULL,
       opened_at DATETIME(6) NULL,
       seed BINARY(32) NULL COMMENT 'written when the deal is opened, never before',
       PRIMARY KEY (campaign_id, rule_key), KEY ix_campaign_deals_opened (opened_at),
       CONSTRAINT ck_campaign_deals_opened CHECK ((seed IS NULL) = (opened_at IS NULL))`,
    );
    await createTable(
      runner,
      'code_seals',
      EDITABLE,
      `seal_key VARBINARY(64) NOT NULL COMMENT 'who asked for it, such as deal:campaign:rule',
       batch_id INT UNSIGNED NOT NULL,
       layer TINYINT UNSIGNED NOT NULL,
       serial_from INT UNSIGNED NOT NULL,
       serial_to INT UNSIGNED NOT NULL COMMENT 'half-open',
       sealed_at DATETIME(6) NOT NULL,
       opened_at DATETIME(6) NULL,
       PRIMARY KEY (seal_key), KEY ix_code_seals_batch (batch_id, layer),
       CONSTRAINT ck_code_seals_range CHECK (serial_from < serial_to)`,
    );
  }
}
