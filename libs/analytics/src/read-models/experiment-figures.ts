import { Injectable } from '@nestjs/common';
import { Database, placeholders } from '@app/database';

const MEMBERS_AT_ONCE = 2_000;

/** What one member did in a campaign, for comparing the arms of an experiment. */
export interface MemberInExperiment {
  readonly memberId: number;
  /** Scans that the campaign decided or refused. */
  readonly scans: number;
  /** Awards of money, and those whose money was asked for. */
  readonly awards: number;
  readonly claimed: number;
  readonly fen: number;
  /** The days within which a return counts are over. */
  readonly matured: boolean;
  /** Was the first to scan another code on a later Shanghai day, within `returnDays` of the first scan in the campaign. */
  readonly returned: boolean;
}

export interface ExperimentQuestion {
  readonly campaignId: number;
  /** `[from, to)` */
  readonly from: Date;
  readonly to: Date;
  readonly returnDays: number;
}

/** Members whom a campaign met, one by one in the order of their ids; 2,000 are read at a time. */
@Injectable()
export class ExperimentFigures {
  constructor(private readonly database: Database) {}

  async *read(question: ExperimentQuestion): AsyncGenerator<MemberInExperiment> {
    for (let after = 0; ;) {
      const page = await this.page(question, after);
      if (page.length === 0) return;
      const money = await this.money(
        question,
        page.map(({ memberId }) => memberId),
      );
      for (const member of page) yield { ...member, ...(money.get(member.memberId) ?? NO_MONEY) };
      after = page.at(-1)!.memberId;
    }
  }

  /** Walks the primary key of scans, so all pages together read the table once. */
  private async page({ campaignId, from, to, returnDays }: ExperimentQuestion, after: number) {
    const rows = await this.database.query<{ id: string; scans: string; matured: number; returned: number }>(
      `SELECT f.member_id AS id, f.scans, f.first_at + INTERVAL ? DAY <= ? AS matured,
              EXISTS (SELECT 1 FROM scans r WHERE r.member_id = f.member_id AND r.first_of_code = 1
                        AND r.at >= DATE(f.first_at + INTERVAL 8 HOUR) + INTERVAL 1 DAY - INTERVAL 8 HOUR
                        AND r.at < f.first_at + INTERVAL ? DAY AND r.at < ?) AS returned
         FROM (SELECT member_id, MIN(at) AS first_at, COUNT(*) AS scans FROM scans
                WHERE member_id > ? AND campaign_id = ? AND at >= ? AND at < ?
                GROUP BY member_id ORDER BY member_id LIMIT ${MEMBERS_AT_ONCE}) f
        ORDER BY f.member_id`,
      [returnDays, to, returnDays, to, after, campaignId, from, to],
    );
    return rows.map((row) => ({
      memberId: Number(row.id),
      scans: Number(row.scans),
      matured: Number(row.matured) === 1,
      returned: Number(row.returned) === 1,
    }));
  }

  private async money(
    { campaignId, from, to }: ExperimentQuestion,
    members: readonly number[],
  ): Promise<Map<number, typeof NO_MONEY>> {
    const rows = await this.database.query<{ id: string; awards: string; claimed: string; fen: string }>(
      // Small amounts are asked for together: an award is in a pool from the moment on in which the pool's money was asked for.
      `SELECT a.member_id AS id, COUNT(*) AS awards, COUNT(COALESCE(p.payout_key, q.payout_key)) AS claimed, SUM(a.amount_fen) AS fen
         FROM awards a LEFT JOIN payouts p ON p.payout_key = CONCAT(a.batch_id, ':', a.layer, ':', a.serial, ':', a.slot)
         LEFT JOIN pooled_awards q ON q.batch_id = a.batch_id AND q.layer = a.layer AND q.serial = a.serial AND q.slot = a.slot
        WHERE a.member_id IN (${placeholders(members)}) AND a.campaign_id = ? AND a.won_at >= ? AND a.won_at < ? AND a.amount_fen > 0
        GROUP BY a.member_id`,
      [...members, campaignId, from, to],
    );
    return new Map(
      rows.map(({ id, awards, claimed, fen }) => [
        Number(id),
        { awards: Number(awards), claimed: Number(claimed), fen: Number(fen) },
      ]),
    );
  }
}

const NO_MONEY = { awards: 0, claimed: 0, fen: 0 };
