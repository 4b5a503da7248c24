import type { MigrationInterface } from 'typeorm';

export class CampaignLifecycle1790000000600 implements MigrationInterface {
  async up(): Promise<void> {}

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
