import { Injectable } from '@nestjs/common';
import { Database } from '@app/database';

/** A code that was scanned before anybody put it on sale, and where. */
export interface InactiveScan {
  readonly batchId: number;
  readonly layer: number;
  readonly serial: number;
  /** City or province; 0 = unknown. */
  readonly city: number;
  readonly at: Date;
}

const NOT_ACTIVE = 1;
/** Newest scans that are looked at: an alarm needs a handful, and a forgotten batch makes thousands. */
export const MOST_INACTIVE_SCANS = 5000;

/** Scans of codes that were not active, of the last days: the index of verdicts holds them apart from the millions of others. */
@Injectable()
export class InactiveScans {
  constructor(private readonly database: Database) {}

  /** Newest first, at most MOST_INACTIVE_SCANS. */
  async since(from: Date): Promise<InactiveScan[]> {
    return this.database.query<InactiveScan>(
      `SELECT s.batch_id AS batchId, s.layer, s.serial, f.city, f.at
         FROM (SELECT member_id, scan_id, city, at FROM scan_facts FORCE INDEX (ix_scan_facts_verdict)
                WHERE verdict = ? AND at >= ? ORDER BY at DESC LIMIT ${MOST_INACTIVE_SCANS}) f
         JOIN scans s ON s.member_id = f.member_id AND s.scan_id = f.scan_id
        ORDER BY f.at DESC`,
      [NOT_ACTIVE, from],
    );
  }
}
