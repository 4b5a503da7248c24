import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, DISPOSABLE, grant } from './schema';

/** members: people who asked to be forgotten; rewards: what they had used of their limits; service: their words and photos can go. */
export class Erasure1790000003100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE members
         ADD COLUMN IF NOT EXISTS erased_at DATETIME(6) NULL COMMENT 'since then nobody can tell who it was',
         ADD KEY IF NOT EXISTS ix_members_erased (erased_at)`,
    );
    await createTable(
      runner,
      'erased_limits',
      DISPOSABLE,
      `mark BINARY(32) NOT NULL COMMENT 'keyed hash of the WeChat account: it says nothing about which member that was',
       counts TEXT NOT NULL COMMENT 'JSON as in member_counters, without packets',
       lapses_at DATETIME(6) NOT NULL,
       PRIMARY KEY (mark), KEY ix_erased_limits_lapses (lapses_at)`,
    );
    await grant(runner, 'complaint_messages', DISPOSABLE_BUT_FIXED);
    await grant(runner, 'complaint_photos', DISPOSABLE_BUT_FIXED);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}

/** Nothing is rewritten; it can only go as a whole, with its writer. */
const DISPOSABLE_BUT_FIXED = ['SELECT', 'INSERT', 'DELETE'] as const;
