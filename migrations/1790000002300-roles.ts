import type { MigrationInterface, QueryRunner } from 'typeorm';

/** staff: several roles a person instead of one of three. */
export class Roles1790000002300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE operators
         ADD COLUMN IF NOT EXISTS roles VARBINARY(160) NOT NULL DEFAULT '' COMMENT 'see operator.ts, with commas between',
         MODIFY COLUMN role VARBINARY(16) NOT NULL DEFAULT '' COMMENT 'before there were several: no longer read'`,
    );
    // Nobody loses or wins anything: headquarters was what these five are together.
    await runner.query(
      `UPDATE operators SET roles = CASE role WHEN 'hq' THEN 'marketer,approver,finance,service,risk' ELSE role END
        WHERE roles = '' AND role <> ''`,
    );
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
