import { Injectable } from '@nestjs/common';
import { Database, textOf } from '@app/database';
import { fenFromColumn, type Fen } from '@app/kernel';

/** One award that a payout pays, with the scan and the rules that gave it. */
export interface PrizeOrigin {
  /** `batch:layer:serial:slot`. */
  readonly awardKey: string;
  readonly memberId: number;
  readonly scanId: string;
  /** Null when the scan's row is not there. */
  readonly scannedAt: Date | null;
  /** Position in the list of verdicts; null with `scannedAt`. */
  readonly verdict: number | null;
  readonly adcode: number | null;
  readonly wonAt: Date;
  readonly prizeKey: string;
  readonly prizeName: string;
  readonly prizeKind: string;
  readonly amountFen: Fen;
  readonly ruleKey: string;
  readonly campaign: {
    readonly id: number;
    readonly name: string;
    readonly versionId: number;
    readonly versionNo: number | null;
    /** Of the version that decided: 64 hex characters. */
    readonly contentHash: string | null;
    readonly authorId: number | null;
    readonly approverId: number | null;
  };
  readonly budgetId: number | null;
  /** Of a locked packet. */
  readonly openedAt: Date | null;
  /** Its money went back to the budget after the published end of claims. */
  readonly releasedAt: Date | null;
  readonly releaseReason: string | null;
}

export interface PrizeOrigins {
  /** In the order in which they were won, at most 500. */
  readonly awards: readonly PrizeOrigin[];
  /** When small amounts were put together; null for a prize that is paid alone. */
  readonly pooledAt: Date | null;
}

const AWARDS_SHOWN = 500;
const AWARD_KEY = /^(\d{1,7}):(\d{1,2}):(\d{1,10}):(\d{1,3})$/;

const SELECT = `SELECT a.batch_id, a.layer, a.serial, a.slot, a.member_id, a.scan_id, s.at AS scanned_at, s.verdict, s.adcode, a.won_at,
  a.prize_key, a.prize_name, a.prize_kind, a.amount_fen, a.rule_key, a.campaign_id, c.name AS campaign_name, a.version_id,
  v.version_no, v.content_hash, v.author_id, v.approver_id, a.budget_id, o.opened_at, r.at AS released_at, r.reason
  FROM awards a LEFT JOIN scans s ON s.member_id = a.member_id AND s.scan_id = a.scan_id
  LEFT JOIN campaigns c ON c.id = a.campaign_id LEFT JOIN campaign_versions v ON v.id = a.version_id
  LEFT JOIN award_openings o ON o.batch_id = a.batch_id AND o.layer = a.layer AND o.serial = a.serial AND o.slot = a.slot
  LEFT JOIN award_releases r ON r.award_key = CAST(CONCAT(a.batch_id, ':', a.layer, ':', a.serial, ':', a.slot) AS BINARY)
    AND NOT EXISTS (SELECT 1 FROM undone_releases u WHERE u.award_key = r.award_key AND u.nth = r.nth)`;

/** Where the money of a payout comes from: the scans, the awards, the rules in force then. */
@Injectable()
export class PrizeOriginModel {
  constructor(private readonly database: Database) {}

  /** No award for a key that names none. */
  async read(payoutKey: string): Promise<PrizeOrigins> {
    const parts = AWARD_KEY.exec(payoutKey)?.slice(1).map(Number);
    if (parts) {
      const where = 'WHERE a.batch_id = ? AND a.layer = ? AND a.serial = ? AND a.slot = ?';
      return { awards: (await this.database.query<Row>(`${SELECT} ${where}`, parts)).map(originOf), pooledAt: null };
    }
    const [pool] = await this.database.query<{ closed_at: Date }>(
      'SELECT closed_at FROM award_pools WHERE payout_key = ?',
      [payoutKey],
    );
    if (!pool) return { awards: [], pooledAt: null };
    const rows = await this.database.query<Row>(
      `${SELECT} JOIN pooled_awards q ON q.batch_id = a.batch_id AND q.layer = a.layer AND q.serial = a.serial AND q.slot = a.slot
        WHERE q.payout_key = ? ORDER BY a.won_at LIMIT ${AWARDS_SHOWN}`,
      [payoutKey],
    );
    return { awards: rows.map(originOf), pooledAt: pool.closed_at };
  }
}

interface Row {
  batch_id: number;
  layer: number;
  serial: number;
  slot: number;
  member_id: string;
  scan_id: Buffer;
  scanned_at: Date | null;
  verdict: number | null;
  adcode: number | null;
  won_at: Date;
  prize_key: Buffer;
  prize_name: string;
  prize_kind: Buffer;
  amount_fen: string;
  rule_key: Buffer;
  campaign_id: number;
  campaign_name: string | null;
  version_id: number;
  version_no: number | null;
  content_hash: Buffer | null;
  author_id: number | null;
  approver_id: number | null;
  budget_id: number | null;
  opened_at: Date | null;
  released_at: Date | null;
  reason: Buffer | null;
}

function originOf(row: Row): PrizeOrigin {
  return {
    awardKey: `${row.batch_id}:${row.layer}:${row.serial}:${row.slot}`,
    memberId: Number(row.member_id),
    scanId: textOf(row.scan_id),
    ...{ scannedAt: row.scanned_at, verdict: row.verdict, adcode: row.adcode, wonAt: row.won_at },
    prizeKey: textOf(row.prize_key),
    prizeName: row.prize_name,
    prizeKind: textOf(row.prize_kind),
    amountFen: fenFromColumn(row.amount_fen),
    ruleKey: textOf(row.rule_key),
    campaign: {
      ...{ id: row.campaign_id, name: row.campaign_name ?? '', versionId: row.version_id, versionNo: row.version_no },
      contentHash: row.content_hash?.toString('hex') ?? null,
      ...{ authorId: row.author_id, approverId: row.approver_id },
    },
    ...{ budgetId: row.budget_id, openedAt: row.opened_at, releasedAt: row.released_at },
    releaseReason: row.reason === null ? null : textOf(row.reason),
  };
}
