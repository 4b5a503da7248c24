import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPEND_ONLY, createTable } from './schema';

/** pictures: heroes and logos that campaigns show to everybody, by their content. */
export class Pictures1790000003200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'pictures',
      APPEND_ONLY,
      `hash BINARY(32) NOT NULL COMMENT 'SHA-256 of bytes',
       media VARBINARY(16) NOT NULL COMMENT 'image/jpeg, image/png, image/webp, by its bytes',
       width SMALLINT UNSIGNED NOT NULL COMMENT 'pixels',
       height SMALLINT UNSIGNED NOT NULL COMMENT 'pixels',
       bytes MEDIUMBLOB NOT NULL COMMENT 'only what draws it',
       made_by INT UNSIGNED NULL,
       made_at DATETIME(6) NOT NULL,
       PRIMARY KEY (hash), KEY ix_pictures_made (made_at)`,
    );
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
