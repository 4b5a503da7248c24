import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, DISPOSABLE } from './schema';

/** analytics: the regional report of one product reads its own places, not all products' cells. */
export class ProductPlaces1790000002150 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'rollup_product_places',
      DISPOSABLE,
      `product_id INT UNSIGNED NOT NULL,
       distributor_id INT UNSIGNED NOT NULL COMMENT '0 = nobody''s territory',
       day DATE NOT NULL,
       city INT UNSIGNED NOT NULL COMMENT 'as in rollup_days',
       scans INT UNSIGNED NOT NULL,
       opened INT UNSIGNED NOT NULL,
       wins INT UNSIGNED NOT NULL,
       awarded_fen BIGINT NOT NULL,
       new_members INT UNSIGNED NOT NULL,
       PRIMARY KEY (product_id, distributor_id, day, city), KEY ix_rollup_product_places_day (day)`,
    );
    const keys = 'product_id, distributor_id, day, city';
    await runner.query('DELETE FROM rollup_product_places');
    await runner.query(
      `INSERT INTO rollup_product_places (${keys}, scans, opened, wins, awarded_fen, new_members)
       SELECT ${keys}, COUNT(*), SUM(opened), SUM(won), SUM(amount_fen), SUM(new_member) FROM scan_facts GROUP BY ${keys}`,
    );
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
