import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPEND_ONLY, createTable, DISPOSABLE } from './schema';

/** rewards: amounts below the floor pooled per member, reminders. */
export class Pools1790000001600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.pools(runner);
    await this.reminders(runner);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }

  /** A pool is written when it is closed, with the awards in it, in the transaction that asks for its money; then it never changes. */
  private async pools(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'award_pools',
      APPEND_ONLY,
      `payout_key VARBINARY(40) NOT NULL COMMENT 'p<member>:<campaign>:<budget>:<ordinal>',
       member_id BIGINT UNSIGNED NOT NULL,
       campaign_id INT UNSIGNED NOT NULL,
       version_id INT UNSIGNED NOT NULL COMMENT 'of the newest award in it',
       budget_id INT UNSIGNED NOT NULL,
       ordinal SMALLINT UNSIGNED NOT NULL COMMENT 'from 1, per member, campaign and budget',
       amount_fen BIGINT NOT NULL COMMENT 'the sum of the awards in it',
       awards SMALLINT UNSIGNED NOT NULL,
       closed_at DATETIME(6) NOT NULL,
       PRIMARY KEY (payout_key), UNIQUE KEY uq_award_pools_ordinal (member_id, campaign_id, budget_id, ordinal),
       CONSTRAINT ck_award_pools_amount CHECK (amount_fen > 0 AND awards > 0)`,
    );
    await createTable(
      runner,
      'pooled_awards',
      APPEND_ONLY,
      `batch_id INT UNSIGNED NOT NULL,
       layer TINYINT UNSIGNED NOT NULL,
       serial INT UNSIGNED NOT NULL,
       slot TINYINT UNSIGNED NOT NULL DEFAULT 0,
       payout_key VARBINARY(40) NOT NULL COMMENT 'of the pool: an award is in one, once and for all',
       amount_fen BIGINT NOT NULL,
       PRIMARY KEY (batch_id, layer, serial, slot), KEY ix_pooled_awards_pool (payout_key)`,
    );
  }

  private async reminders(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'reminders',
      DISPOSABLE,
      `payout_key VARBINARY(40) NOT NULL COMMENT 'of the award or the pool',
       offer_no SMALLINT UNSIGNED NOT NULL COMMENT '0 = nobody has asked for the money yet',
       step VARBINARY(12) NOT NULL COMMENT 'unclaimed1, confirm1, returned1 ...: each is sent at most once',
       member_id BIGINT UNSIGNED NOT NULL,
       state VARBINARY(8) NOT NULL COMMENT 'planned, sending, done',
       due_at DATETIME(6) NOT NULL,
       attempts TINYINT UNSIGNED NOT NULL DEFAULT 0,
       way VARBINARY(12) NULL COMMENT 'template, subscribe, sms, visit; while sending the one that was begun last',
       outcome VARBINARY(24) NULL,
       done_at DATETIME(6) NULL,
       PRIMARY KEY (payout_key, offer_no, step), KEY ix_reminders_due (state, due_at)`,
    );
    await createTable(
      runner,
      'message_consents',
      DISPOSABLE,
      `member_id BIGINT UNSIGNED NOT NULL,
       template_id VARBINARY(64) NOT NULL,
       consents SMALLINT UNSIGNED NOT NULL COMMENT 'messages that the person agreed to and did not get yet, as far as we know',
       updated_at DATETIME(6) NOT NULL,
       PRIMARY KEY (member_id, template_id)`,
    );
  }
}
