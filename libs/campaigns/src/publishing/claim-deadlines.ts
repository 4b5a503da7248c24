import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '@app/database';
import { Defect } from '@app/kernel';
import { periodOf } from '../document/period';

/** 兑奖截止 as it was published. */
export interface ClaimDeadline {
  readonly campaignId: number;
  /** Not included. */
  readonly claimUntil: Date;
}

/**
 * Until when prizes of a campaign can be claimed: the latest end that any of its versions published, because a prize may be read of in
 * the notice of its own version or in that of a later one.
 */
@Injectable()
export class ClaimDeadlines {
  /** Those whose end is before `before`, by campaign; `known` are left out, which spares reading their versions. */
  async passed(reader: Reader, before: Date, known: readonly number[] = []): Promise<ClaimDeadline[]> {
    // No version lets claims end before its period (the linter refuses it), so campaigns that still run need not be looked at.
    const rows = await reader.query<{ id: number; until: string | Buffer }>(
      `SELECT v.campaign_id AS id, MAX(JSON_UNQUOTE(JSON_EXTRACT(v.content, '$.legal.claimUntil'))) AS until
         FROM campaigns c JOIN campaign_versions v ON v.campaign_id = c.id
        WHERE c.ends_at <= ? ${known.length > 0 ? `AND c.id NOT IN (${known.map(() => '?').join(',')})` : ''}
        GROUP BY v.campaign_id ORDER BY v.campaign_id`,
      [before, ...known],
    );
    return rows
      .map(({ id, until }) => ({ campaignId: id, claimUntil: instantOf(String(until)) }))
      .filter(({ claimUntil }) => claimUntil < before);
  }

  /** Of one campaign that was published; until the commit nobody can prolong it. */
  async hold(tx: Tx, campaignId: number): Promise<Date> {
    // Whoever publishes a version locks this row first.
    await tx.query('SELECT id FROM campaigns WHERE id = ? FOR UPDATE', [campaignId]);
    const [row] = await tx.query<{ until: string | Buffer | null }>(
      `SELECT MAX(JSON_UNQUOTE(JSON_EXTRACT(content, '$.legal.claimUntil'))) AS until
         FROM campaign_versions WHERE campaign_id = ?`,
      [campaignId],
    );
    if (!row || row.until === null) throw new Defect(`campaign ${campaignId} was never published`);
    return instantOf(String(row.until));
  }
}

function instantOf(wallTime: string): Date {
  const { to } = periodOf({ zone: 'Asia/Shanghai', from: wallTime, to: wallTime });
  if (to === null) throw new Defect(`a published end of claims that is no time: ${wallTime}`);
  return to;
}
