import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, DISPOSABLE } from './schema';

/** payouts: results by the hour, so that a day's sums need no walk through its payouts. Can be thrown away and made again. */
export class PayoutHours1790000001910 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'payout_hours',
      DISPOSABLE,
      `kind VARBINARY(16) NOT NULL COMMENT 'see payout-sums.ts',
       hour_at DATETIME NOT NULL,
       payouts BIGINT NOT NULL,
       fen BIGINT NOT NULL,
       PRIMARY KEY (hour_at, kind)`,
    );
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
