import type { MigrationInterface } from 'typeorm';

export class Prizes1790000000700 implements MigrationInterface {
  async up(): Promise<void> {}

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
