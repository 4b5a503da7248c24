import type { MigrationInterface } from 'typeorm';

export class Replays1790000001000 implements MigrationInterface {
  async up(): Promise<void> {}

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
