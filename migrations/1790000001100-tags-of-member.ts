import type { MigrationInterface, QueryRunner } from 'typeorm';

/** members: the tags of a member in its row too, because every scan reads that row and a look-up per member would cost it 5 %. */
export class TagsOfMember1790000001100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE members
         ADD COLUMN IF NOT EXISTS tags VARBINARY(1024) NULL COMMENT 'copy of member_tags, in order, a line break between two; NULL = none'`,
    );
    await runner.query(
      `UPDATE members m JOIN (SELECT member_id, GROUP_CONCAT(tag ORDER BY tag SEPARATOR '\\n') AS tags FROM member_tags GROUP BY member_id) t
         ON t.member_id = m.id SET m.tags = t.tags`,
    );
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
