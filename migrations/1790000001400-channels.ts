import type { MigrationInterface, QueryRunner } from 'typeorm';

/** payouts: authorisations to pay without asking, merchants’ ceilings. */
export class Channels1790000001400 implements MigrationInterface {
  async up(_runner: QueryRunner): Promise<void> {}

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
