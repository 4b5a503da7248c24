import { Injectable } from '@nestjs/common';
import { Database } from '@app/database';

/** What waits for somebody, and since when the oldest of it does. */
export interface Waiting {
  readonly count: number;
  readonly since: Date | null;
}

const IDLE_DAYS = 7;

/** One statement for each kind of work; all of them count few rows by an index, or go through tables of hundreds. */
const QUESTIONS = {
  campaigns: "SELECT COUNT(*) AS count, MIN(submitted_at) AS since FROM campaign_submissions WHERE state = 'pending'",
  grants: "SELECT COUNT(*) AS count, MIN(created_at) AS since FROM budget_grants WHERE status = 'requested'",
  corrections: "SELECT COUNT(*) AS count, MIN(created_at) AS since FROM ledger_corrections WHERE status = 'requested'",
  writeOffs: "SELECT COUNT(*) AS count, MIN(updated_at) AS since FROM write_off_sheets WHERE status = 'signed'",
  decisions: "SELECT COUNT(*) AS count, MIN(asked_at) AS since FROM money_decisions WHERE state = 'pending'",
  moneyCases: 'SELECT COUNT(*) AS count, MIN(created_at) AS since FROM payout_incidents WHERE resolved_at IS NULL',
  channels: "SELECT COUNT(*) AS count, MIN(updated_at) AS since FROM channel_blocks WHERE reason <> ''",
  deadJobs: 'SELECT COUNT(*) AS count, MIN(created_at) AS since FROM outbox WHERE status = 2',
  packs: "SELECT COUNT(*) AS count, MIN(requested_at) AS since FROM code_packs WHERE state = 'requested'",
  roles:
    'SELECT COUNT(*) AS count, MIN(asked_at) AS since FROM operator_role_requests WHERE pending_operator IS NOT NULL',
  complaints: "SELECT COUNT(*) AS count, MIN(opened_at) AS since FROM complaints WHERE state = 'open'",
  coupons: `SELECT COUNT(*) AS count, NULL AS since FROM coupon_pools p LEFT JOIN coupon_stock s ON s.pool_id = p.id
     WHERE COALESCE(s.total - s.taken, 0) <= p.low_mark`,
  /** Printed and sent away, and nobody put any of it on sale. */
  batches: `SELECT COUNT(*) AS count, MIN(b.issued_at) AS since FROM code_batches b
     WHERE b.status IN ('issued', 'packed') AND b.issued_at < UTC_TIMESTAMP(6) - INTERVAL ${IDLE_DAYS} DAY
       AND NOT EXISTS (SELECT 1 FROM code_segment_events e WHERE e.batch_id = b.id AND e.state = 'active')`,
} as const;

export type WorkKind = keyof typeof QUESTIONS;
export const WORK_KINDS = Object.keys(QUESTIONS) as readonly WorkKind[];

/** What waits for people of headquarters. Whose work it is, the caller knows. */
@Injectable()
export class WaitingWorkModel {
  constructor(private readonly database: Database) {}

  async read(kinds: readonly WorkKind[]): Promise<(Waiting & { readonly kind: WorkKind })[]> {
    const waiting: (Waiting & { kind: WorkKind })[] = [];
    for (const kind of kinds) {
      const [row] = await this.database.query<{ count: string; since: Date | null }>(QUESTIONS[kind]);
      if (Number(row!.count) > 0) waiting.push({ kind, count: Number(row!.count), since: row!.since });
    }
    return waiting;
  }
}
