import type { MigrationInterface, QueryRunner } from 'typeorm';

/** payouts: the channel’s own bill files and what differs from ours. */
export class Reconciliation1790000001700 implements MigrationInterface {
  async up(_runner: QueryRunner): Promise<void> {}

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
