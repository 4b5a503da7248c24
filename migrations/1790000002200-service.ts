import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPEND_ONLY, createTable, EDITABLE } from './schema';

/** service: complaints; codes: packs for printers; rewards: goods on their way; and the indexes that let people find scans. */
export class Service1790000002200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.complaints(runner);
    await this.packs(runner);
    await this.goods(runner);
    await runner.query(
      `ALTER TABLE scan_facts
         ADD INDEX IF NOT EXISTS ix_scan_facts_city (city, at),
         ADD INDEX IF NOT EXISTS ix_scan_facts_verdict (verdict, at),
         ADD INDEX IF NOT EXISTS ix_scan_facts_distributor (distributor_id, at)`,
    );
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }

  private async complaints(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'complaints',
      EDITABLE,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       member_id BIGINT UNSIGNED NOT NULL,
       request_id VARBINARY(36) NOT NULL COMMENT 'chosen by the phone: the same tap twice is one complaint',
       scan_member_id BIGINT UNSIGNED NULL COMMENT 'the number the scan was recorded under',
       scan_id VARBINARY(36) NULL,
       kind VARBINARY(16) NOT NULL COMMENT 'prize, money, product, code, other',
       state VARBINARY(8) NOT NULL COMMENT 'open, answered, closed',
       messages SMALLINT UNSIGNED NOT NULL DEFAULT 0,
       photos TINYINT UNSIGNED NOT NULL DEFAULT 0,
       opened_at DATETIME(6) NOT NULL,
       changed_at DATETIME(6) NOT NULL,
       handled_by INT UNSIGNED NULL COMMENT 'who answered or closed it last',
       PRIMARY KEY (id), UNIQUE KEY uq_complaints_request (member_id, request_id), KEY ix_complaints_state (state, id),
       KEY ix_complaints_member (member_id, opened_at)`,
    );
    await createTable(
      runner,
      'complaint_messages',
      APPEND_ONLY,
      `complaint_id INT UNSIGNED NOT NULL,
       position SMALLINT UNSIGNED NOT NULL,
       operator_id INT UNSIGNED NULL COMMENT 'NULL = the member',
       text_sealed VARBINARY(2100) NOT NULL,
       at DATETIME(6) NOT NULL,
       PRIMARY KEY (complaint_id, position)`,
    );
    await createTable(
      runner,
      'complaint_photos',
      APPEND_ONLY,
      `complaint_id INT UNSIGNED NOT NULL,
       position TINYINT UNSIGNED NOT NULL,
       media VARBINARY(16) NOT NULL COMMENT 'image/jpeg, image/png, image/webp, by its bytes',
       bytes MEDIUMBLOB NOT NULL COMMENT 'without what a camera writes about place and owner',
       at DATETIME(6) NOT NULL,
       PRIMARY KEY (complaint_id, position)`,
    );
  }

  private async packs(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'code_packs',
      EDITABLE,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       batch_id INT UNSIGNED NOT NULL,
       layer TINYINT UNSIGNED NOT NULL,
       serial_from INT UNSIGNED NOT NULL,
       serial_to INT UNSIGNED NOT NULL COMMENT 'not included',
       with_serial TINYINT UNSIGNED NOT NULL,
       receiver VARCHAR(64) NOT NULL COMMENT 'the printing house',
       note VARCHAR(200) NOT NULL DEFAULT '',
       state VARBINARY(12) NOT NULL COMMENT 'requested, approved, refused, withdrawn',
       requested_by INT UNSIGNED NOT NULL,
       requested_at DATETIME(6) NOT NULL,
       decided_by INT UNSIGNED NULL,
       decided_at DATETIME(6) NULL,
       decision_note VARCHAR(200) NULL,
       usable_until DATETIME(6) NULL,
       downloads TINYINT UNSIGNED NOT NULL DEFAULT 0,
       PRIMARY KEY (id), KEY ix_code_packs_batch (batch_id, id), KEY ix_code_packs_state (state, id),
       CONSTRAINT ck_code_packs_two_people CHECK (state <> 'approved' OR decided_by <> requested_by)`,
    );
  }

  private async goods(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'goods_exports',
      EDITABLE,
      `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
       orders INT UNSIGNED NOT NULL,
       taken_by INT UNSIGNED NULL,
       taken_at DATETIME(6) NOT NULL,
       downloads INT UNSIGNED NOT NULL DEFAULT 0,
       PRIMARY KEY (id)`,
    );
    await createTable(
      runner,
      'goods_shipments',
      EDITABLE,
      `batch_id INT UNSIGNED NOT NULL,
       layer TINYINT UNSIGNED NOT NULL,
       serial INT UNSIGNED NOT NULL,
       slot TINYINT UNSIGNED NOT NULL DEFAULT 0,
       member_id BIGINT UNSIGNED NOT NULL,
       export_id INT UNSIGNED NOT NULL,
       state VARBINARY(8) NOT NULL COMMENT 'taken, shipped',
       taken_at DATETIME(6) NOT NULL,
       carrier VARCHAR(20) NULL,
       tracking_no VARBINARY(32) NULL,
       shipped_at DATETIME(6) NULL,
       PRIMARY KEY (batch_id, layer, serial, slot), KEY ix_goods_shipments_export (export_id, batch_id, layer, serial, slot),
       KEY ix_goods_shipments_state (state, taken_at), KEY ix_goods_shipments_tracking (tracking_no)`,
    );
  }
}
