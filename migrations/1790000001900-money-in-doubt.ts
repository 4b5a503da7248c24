import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPEND_ONLY, createTable } from './schema';

/** payouts: results that two people turn round, releases that are undone, recoveries that people end. */
export class MoneyInDoubt1790000001900 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.settledAgain(runner);
    await this.undoneReleases(runner);
    await this.endedRecoveries(runner);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }

  /** An offer that came back may turn out to have arrived after all: then it is charged a second time. */
  private async settledAgain(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE grant_uses
         ADD COLUMN IF NOT EXISTS turn TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'rises when two people settle an offer again' AFTER act,
         DROP KEY IF EXISTS \`PRIMARY\`, ADD PRIMARY KEY (payout_key, offer_no, act, turn, grant_id)`,
    );
  }

  /** A prize whose money turns out to have arrived was never free: its release is undone, and may happen again. */
  private async undoneReleases(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE award_releases
         ADD COLUMN IF NOT EXISTS nth TINYINT UNSIGNED NOT NULL DEFAULT 1 COMMENT 'one more after each that was undone' AFTER award_key,
         DROP KEY IF EXISTS \`PRIMARY\`, ADD PRIMARY KEY (award_key, nth)`,
    );
    await createTable(
      runner,
      'undone_releases',
      APPEND_ONLY,
      `award_key VARBINARY(40) NOT NULL,
       nth TINYINT UNSIGNED NOT NULL COMMENT 'of the release that counts no more',
       payout_key VARBINARY(40) NOT NULL COMMENT 'whose money had arrived after all',
       campaign_id INT UNSIGNED NOT NULL,
       amount_fen BIGINT NOT NULL,
       at DATETIME(6) NOT NULL,
       PRIMARY KEY (award_key, nth), KEY ix_undone_releases_at (at)`,
    );
  }

  /** People may end the standstill; what was not asked about yet stays held by itself. */
  private async endedRecoveries(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE payout_recoveries
         ADD COLUMN IF NOT EXISTS ended_by INT UNSIGNED NULL COMMENT 'the second of two people who ended the standstill',
         ADD COLUMN IF NOT EXISTS finished_at DATETIME(6) NULL COMMENT 'of one that people ended: its last bill was asked about'`,
    );
  }
}
