import type { MigrationInterface, QueryRunner } from 'typeorm';

/** payouts: cases that people work on. */
export class Cases1790000001800 implements MigrationInterface {
  async up(_runner: QueryRunner): Promise<void> {}

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
