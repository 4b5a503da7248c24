import type { MigrationInterface } from 'typeorm';

export class Counters1790000000900 implements MigrationInterface {
  async up(): Promise<void> {}

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
