import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPEND_ONLY, createTable, EDITABLE } from './schema';

/** members, rewards, scans: what consumers do. No foreign keys on hot tables. */
export class Members1790000000300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.members(runner);
    await this.rewards(runner);
    await this.scans(runner);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }

  private async members(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'members',
      EDITABLE,
      `id BIGINT UNSIGNED NOT NULL COMMENT '52 random bits',
       created_at DATETIME(6) NOT NULL,
       person_key_sealed VARBINARY(128) NULL COMMENT 'NULL after erasure',
       nickname_sealed VARBINARY(512) NULL,
       tier VARBINARY(16) NOT NULL DEFAULT 'regular',
       tier_until DATE NULL,
       spend_fen BIGINT NOT NULL DEFAULT 0,
       scans INT UNSIGNED NOT NULL DEFAULT 0,
       codes INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'codes this member consumed',
       wins INT UNSIGNED NOT NULL DEFAULT 0,
       awarded_fen BIGINT NOT NULL DEFAULT 0,
       received_fen BIGINT NOT NULL DEFAULT 0,
       last_adcode INT UNSIGNED NULL,
       last_place_at DATETIME(6) NULL COMMENT 'of the scan that told last_adcode',
       last_scan_at DATETIME(6) NULL,
       merged_into BIGINT UNSIGNED NULL COMMENT 'never a chain: always the member that is left',
       PRIMARY KEY (id), KEY ix_members_last_scan (last_scan_at), KEY ix_members_spend (spend_fen),
       KEY ix_members_merged (merged_into)`,
    );
    await createTable(
      runner,
      'member_identities',
      EDITABLE,
      `kind VARBINARY(16) NOT NULL COMMENT 'openid, unionid',
       blind BINARY(32) NOT NULL,
       member_id BIGINT UNSIGNED NOT NULL,
       recorded_for BIGINT UNSIGNED NOT NULL COMMENT 'the member it first belonged to, before any merge',
       value_sealed VARBINARY(512) NULL,
       created_at DATETIME(6) NOT NULL,
       PRIMARY KEY (kind, blind), KEY ix_member_identities_member (member_id)`,
    );
    await createTable(
      runner,
      'member_events',
      EDITABLE,
      `member_id BIGINT UNSIGNED NOT NULL,
       event_key VARBINARY(96) NOT NULL COMMENT 'natural key: the same event is applied once',
       kind VARBINARY(24) NOT NULL,
       at DATETIME(6) NOT NULL,
       amount_fen BIGINT NOT NULL DEFAULT 0,
       spend_fen BIGINT NOT NULL DEFAULT 0,
       adcode INT UNSIGNED NULL,
       data TEXT NULL COMMENT 'JSON, what the timeline shows',
       folded TINYINT UNSIGNED NOT NULL COMMENT '1 = already in the totals of its member',
       PRIMARY KEY (member_id, event_key), KEY ix_member_events_time (member_id, at), KEY ix_member_events_at (at)`,
    );
    await createTable(
      runner,
      'member_marks',
      EDITABLE,
      `name VARBINARY(32) NOT NULL, value VARBINARY(64) NOT NULL COMMENT 'how far a walk over members or days has come', PRIMARY KEY (name)`,
    );
    await createTable(
      runner,
      'tier_thresholds',
      EDITABLE,
      `month VARBINARY(7) NOT NULL, tier VARBINARY(16) NOT NULL, min_spend_fen BIGINT NOT NULL, PRIMARY KEY (month, tier)`,
    );
  }

  private async rewards(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'code_claims',
      EDITABLE,
      `batch_id INT UNSIGNED NOT NULL,
       layer TINYINT UNSIGNED NOT NULL,
       serial INT UNSIGNED NOT NULL,
       first_member_id BIGINT UNSIGNED NOT NULL,
       first_at DATETIME(6) NOT NULL,
       first_adcode INT UNSIGNED NULL,
       scans INT UNSIGNED NOT NULL DEFAULT 0,
       consumed_by BIGINT UNSIGNED NULL,
       consumed_scan_id VARBINARY(36) NULL,
       consumed_at DATETIME(6) NULL,
       held_by BIGINT UNSIGNED NULL,
       held_until DATETIME(6) NULL,
       PRIMARY KEY (batch_id, layer, serial)`,
    );
    await createTable(
      runner,
      'awards',
      APPEND_ONLY,
      `batch_id INT UNSIGNED NOT NULL,
       layer TINYINT UNSIGNED NOT NULL,
       serial INT UNSIGNED NOT NULL,
       slot TINYINT UNSIGNED NOT NULL DEFAULT 0,
       member_id BIGINT UNSIGNED NOT NULL,
       scan_id VARBINARY(36) NOT NULL,
       campaign_id INT UNSIGNED NOT NULL,
       version_id INT UNSIGNED NOT NULL,
       rule_key VARBINARY(32) NOT NULL,
       prize_key VARBINARY(32) NOT NULL,
       prize_kind VARBINARY(16) NOT NULL,
       prize_name VARCHAR(64) NOT NULL,
       amount_fen BIGINT NOT NULL DEFAULT 0,
       budget_id INT UNSIGNED NULL,
       won_at DATETIME(6) NOT NULL,
       PRIMARY KEY (batch_id, layer, serial, slot), KEY ix_awards_member (member_id, won_at)`,
    );
    await createTable(
      runner,
      'member_counters',
      EDITABLE,
      `member_id BIGINT UNSIGNED NOT NULL,
       counts TEXT NOT NULL COMMENT 'JSON, see member-counts.ts: one row per member, so one lock per member',
       PRIMARY KEY (member_id)`,
    );
  }

  private async scans(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'scans',
      APPEND_ONLY,
      `member_id BIGINT UNSIGNED NOT NULL,
       scan_id VARBINARY(36) NOT NULL,
       at DATETIME(6) NOT NULL,
       batch_id INT UNSIGNED NOT NULL,
       layer TINYINT UNSIGNED NOT NULL,
       serial INT UNSIGNED NOT NULL,
       verdict TINYINT UNSIGNED NOT NULL,
       counted TINYINT UNSIGNED NOT NULL COMMENT '1 = this scan consumed the code',
       first_of_code TINYINT UNSIGNED NOT NULL,
       new_member TINYINT UNSIGNED NOT NULL,
       adcode INT UNSIGNED NULL,
       trust TINYINT UNSIGNED NOT NULL,
       product_id INT UNSIGNED NOT NULL,
       distributor_id INT UNSIGNED NULL,
       campaign_id INT UNSIGNED NULL,
       version_id INT UNSIGNED NULL,
       amount_fen BIGINT NOT NULL DEFAULT 0,
       price_fen BIGINT NOT NULL DEFAULT 0,
       refusal VARBINARY(16) NULL,
       facts TEXT NOT NULL COMMENT 'JSON: what decide() was given, enough to decide again',
       answer TEXT NOT NULL COMMENT 'JSON as it was sent, byte for byte',
       PRIMARY KEY (member_id, scan_id), KEY ix_scans_at (at), KEY ix_scans_code (batch_id, layer, serial)`,
    );
  }
}
