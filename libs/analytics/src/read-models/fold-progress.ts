import { Injectable } from '@nestjs/common';
import { Database } from '@app/database';
import { AnalyticsScansRecorded } from '../analytics-jobs';

/** Whether the figures are still being made from scans that lie behind. */
export interface FoldProgress {
  readonly behind: boolean;
  /** Of all scans so many of a hundred are in the figures; null while nothing lies behind. Never 100 before all are. */
  readonly percent: number | null;
}

/** Scans are counted within seconds; what waits longer is a history that was just loaded, or a worker that was away. */
const BEHIND_SECONDS = 30;
/** Groups of scans that are looked at. */
const MOST_GROUPS = 20_000;

/** How far the fold is behind the scans, told from what waits in the outbox: no scan is counted for it. */
@Injectable()
export class FoldProgressModel {
  constructor(private readonly database: Database) {}

  async read(): Promise<FoldProgress> {
    const [row] = await this.database.query<{ scans: string | null; seconds: string | null }>(
      `SELECT SUM(SUBSTRING_INDEX(job_key, '+', -1)) AS scans, MAX(TIMESTAMPDIFF(SECOND, created_at, UTC_TIMESTAMP(6))) AS seconds
         FROM (SELECT job_key, created_at FROM outbox WHERE status = 0 AND job = ? ORDER BY due, id LIMIT ${MOST_GROUPS}) waiting`,
      [AnalyticsScansRecorded.name],
    );
    if (row?.seconds == null || Number(row.seconds) < BEHIND_SECONDS) return { behind: false, percent: null };
    const [folded] = await this.database.query<{ scans: string }>(
      'SELECT COALESCE(SUM(scans), 0) AS scans FROM rollup_items',
    );
    const done = Number(folded!.scans);
    return { behind: true, percent: Math.floor((100 * done) / (done + Number(row.scans))) };
  }
}
