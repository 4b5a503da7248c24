import type { MigrationInterface, QueryRunner } from 'typeorm';

/** rewards: amounts below the floor pooled per member, reminders. */
export class Pools1790000001600 implements MigrationInterface {
  async up(_runner: QueryRunner): Promise<void> {}

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
