import { Injectable } from '@nestjs/common';
import { bulkInsert, placeholders, textOf, type Reader, type Tx } from '@app/database';
import { fenFromColumn, memberId, type MemberId } from '@app/kernel';
import { payoutKeyOf, type AwardRow } from '../award';
import type { ClosedPool, OpenPool } from './pool';

interface PoolRow {
  payout_key: Buffer;
  member_id: string;
  campaign_id: number;
  version_id: number;
  budget_id: number;
  ordinal: number;
  amount_fen: string;
  awards: number;
  closed_at: Date;
}

const COLUMNS =
  'payout_key, member_id, campaign_id, version_id, budget_id, ordinal, amount_fen, awards, closed_at' as const;

/** The tables `award_pools` and `pooled_awards`, which only grow. */
@Injectable()
export class Pools {
  async find(reader: Reader, payoutKeys: readonly string[]): Promise<ClosedPool[]> {
    if (payoutKeys.length === 0) return [];
    const rows = await reader.query<PoolRow>(
      `SELECT ${COLUMNS} FROM award_pools WHERE payout_key IN (${placeholders(payoutKeys)})`,
      payoutKeys,
    );
    return rows.map(poolOf);
  }

  /** Closed pools of these members, newest first. */
  async ofMembers(reader: Reader, members: readonly MemberId[], limit: number): Promise<ClosedPool[]> {
    const rows = await reader.query<PoolRow>(
      `SELECT ${COLUMNS} FROM award_pools WHERE member_id IN (${placeholders(members)})
        ORDER BY closed_at DESC, payout_key LIMIT ?`,
      [...members, limit],
    );
    return rows.map(poolOf);
  }

  /** The highest ordinal so far, by `campaign:budget`. */
  async ordinals(reader: Reader, member: MemberId): Promise<Map<string, number>> {
    const rows = await reader.query<{ campaign_id: number; budget_id: number; ordinal: number }>(
      `SELECT campaign_id, budget_id, MAX(ordinal) AS ordinal FROM award_pools
        WHERE member_id = ? GROUP BY campaign_id, budget_id`,
      [member],
    );
    return new Map(rows.map((row) => [`${row.campaign_id}:${row.budget_id}`, row.ordinal]));
  }

  /** In which pool these awards are, by `payoutKeyOf`; those in none are missing. */
  async holding(reader: Reader, awards: readonly Pick<AwardRow, 'code' | 'slot'>[]): Promise<Map<string, string>> {
    return this.held(reader, awards, '');
  }

  /** The same; the rows stay locked, and a pool that is just being closed is waited for. */
  async lockHolding(tx: Tx, awards: readonly Pick<AwardRow, 'code' | 'slot'>[]): Promise<Map<string, string>> {
    return this.held(tx, awards, ' ORDER BY batch_id, layer, serial, slot FOR UPDATE');
  }

  /**
   * Fixes the awards of a pool. Two closings of one pool, or of two pools with an award in common, meet at a unique key: the later one
   * throws its duplicate key error and can only be rolled back.
   */
  async close(tx: Tx, pool: OpenPool): Promise<void> {
    const { payoutKey, member, campaignId, versionId, budgetId, ordinal, amountFen, awards } = pool;
    await tx.execute(`INSERT INTO award_pools (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6))`, [
      payoutKey,
      member,
      campaignId,
      versionId,
      budgetId,
      ordinal,
      amountFen,
      awards.length,
    ]);
    await bulkInsert(
      tx,
      'pooled_awards',
      ['batch_id', 'layer', 'serial', 'slot', 'payout_key', 'amount_fen'],
      awards.map(({ code, slot, amountFen: part }) => [code.batch, code.layer, code.serial, slot, payoutKey, part]),
    );
  }

  private async held(reader: Reader, awards: readonly Pick<AwardRow, 'code' | 'slot'>[], ending: string) {
    if (awards.length === 0) return new Map<string, string>();
    const rows = await reader.query<{
      batch: number;
      layer: number;
      serial: number;
      slot: number;
      payout_key: Buffer;
    }>(
      `SELECT batch_id AS batch, layer, serial, slot, payout_key FROM pooled_awards
        WHERE (batch_id, layer, serial, slot) IN (${awards.map(() => '(?,?,?,?)').join(',')})${ending}`,
      awards.flatMap(({ code, slot }) => [code.batch, code.layer, code.serial, slot]),
    );
    return new Map(
      rows.map(({ batch, layer, serial, slot, payout_key: key }) => [
        payoutKeyOf({ code: { batch, layer, serial }, slot }),
        textOf(key),
      ]),
    );
  }
}

function poolOf(row: PoolRow): ClosedPool {
  return {
    payoutKey: textOf(row.payout_key),
    member: memberId(row.member_id),
    campaignId: row.campaign_id,
    versionId: row.version_id,
    budgetId: row.budget_id,
    ordinal: row.ordinal,
    amountFen: fenFromColumn(row.amount_fen),
    awards: row.awards,
    closedAt: row.closed_at,
  };
}
