import type { MigrationInterface } from 'typeorm';

export class Audiences1790000000800 implements MigrationInterface {
  async up(): Promise<void> {}

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
