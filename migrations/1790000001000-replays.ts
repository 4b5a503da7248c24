import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, DISPOSABLE, EDITABLE } from './schema';

/** Replays of campaigns over recorded scans. The chunks can be made again from scans, so the app may delete and rewrite them. */
export class Replays1790000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'replay_chunks',
      DISPOSABLE,
      `slot DATETIME NOT NULL COMMENT 'UTC hour',
       part SMALLINT UNSIGNED NOT NULL COMMENT 'chunks of one hour, from 0',
       format SMALLINT UNSIGNED NOT NULL,
       scans INT UNSIGNED NOT NULL COMMENT 'rows of scans in the whole hour when it was packed',
       parts SMALLINT UNSIGNED NOT NULL COMMENT 'chunks the hour has',
       packed MEDIUMBLOB NOT NULL,
       PRIMARY KEY (slot, part)`,
    );
    await createTable(
      runner,
      'campaign_replays',
      EDITABLE,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       campaign_id INT UNSIGNED NOT NULL,
       draft MEDIUMTEXT NOT NULL COMMENT 'the content that is replayed, as it was when it was asked for',
       draft_hash BINARY(32) NOT NULL,
       others TEXT NOT NULL COMMENT 'JSON: ids of the versions that decide beside the draft',
       start TEXT NOT NULL COMMENT 'JSON: StartOfReplay, what there was to spend',
       days SMALLINT UNSIGNED NOT NULL,
       from_at DATETIME(6) NOT NULL,
       to_at DATETIME(6) NOT NULL COMMENT 'half-open',
       state VARBINARY(12) NOT NULL COMMENT 'queued, running, done, cancelled, failed',
       scans_done INT UNSIGNED NOT NULL DEFAULT 0,
       scans_total INT UNSIGNED NULL,
       runner VARBINARY(32) NULL COMMENT 'who replays it; stale when beat_at is',
       beat_at DATETIME(6) NULL,
       result MEDIUMTEXT NULL,
       failure VARCHAR(255) NULL,
       created_by INT UNSIGNED NULL,
       created_at DATETIME(6) NOT NULL,
       started_at DATETIME(6) NULL,
       finished_at DATETIME(6) NULL,
       PRIMARY KEY (id), KEY ix_campaign_replays_campaign (campaign_id, id), KEY ix_campaign_replays_state (state, id)`,
    );
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
