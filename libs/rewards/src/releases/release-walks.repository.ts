import { Injectable } from '@nestjs/common';
import { isDuplicate, placeholders, textOf, type Reader, type Tx } from '@app/database';
import { fenFromColumn, memberId } from '@app/kernel';
import type { Released } from '@app/payouts';
import type { AwardRow } from '../award';

/** Where the walk through all awards stands; the award at this place was looked at. */
export interface Place {
  readonly batch: number;
  readonly layer: number;
  readonly serial: number;
  readonly slot: number;
}

export interface Walk {
  readonly campaignId: number;
  readonly claimUntil: Date;
  readonly after: Place;
  /** Awards of this walk that stay due: their money is under way. */
  readonly held: number;
  /** Walks that ended before this one. */
  readonly walks: number;
}

/** What a release must know of an award. */
export type WalkedAward = Pick<
  AwardRow,
  | 'code'
  | 'slot'
  | 'member'
  | 'campaignId'
  | 'versionId'
  | 'prizeKey'
  | 'prizeKind'
  | 'amountFen'
  | 'budgetId'
  | 'wonAt'
>;

export const START: Place = { batch: 0, layer: 0, serial: 0, slot: 0 };
const NOWHERE: Place = { batch: -1, layer: -1, serial: -1, slot: -1 };

/** Walks through awards in the order of their key, some of them at a time, with the place kept. */
@Injectable()
export class ReleaseWalks {
  /** Campaigns whose prizes are all paid or released, and that have not been prolonged since. */
  async done(reader: Reader): Promise<number[]> {
    const rows = await reader.query<{ id: number }>(
      `SELECT w.campaign_id AS id FROM release_walks w JOIN campaigns c ON c.id = w.campaign_id
        WHERE w.done_at IS NOT NULL AND c.ends_at <= w.claim_until`,
    );
    return rows.map(({ id }) => id);
  }

  /** Walks that are over and were not looked at for a while, with the time up to which they were. */
  async toLookAt(tx: Tx): Promise<{ campaignId: number; lookedAt: Date }[]> {
    const rows = await tx.query<{ campaign_id: number; updated_at: Date }>(
      `SELECT campaign_id, updated_at FROM release_walks WHERE done_at IS NOT NULL AND next_at <= UTC_TIMESTAMP(6)
        ORDER BY campaign_id FOR UPDATE`,
    );
    return rows.map((row) => ({ campaignId: row.campaign_id, lookedAt: row.updated_at }));
  }

  async looked(tx: Tx, campaignIds: readonly number[], at: Date, againMs: number): Promise<void> {
    await tx.execute(
      `UPDATE release_walks SET updated_at = ?, next_at = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND
        WHERE done_at IS NOT NULL AND campaign_id IN (${placeholders(campaignIds)})`,
      [at, againMs * 1000, ...campaignIds],
    );
  }

  /** Money came back after the end of these walks. */
  async reopen(tx: Tx, campaignIds: readonly number[]): Promise<void> {
    if (campaignIds.length === 0) return;
    await tx.execute(
      `UPDATE release_walks SET done_at = NULL, next_at = UTC_TIMESTAMP(6)
        WHERE done_at IS NOT NULL AND campaign_id IN (${placeholders(campaignIds)})`,
      campaignIds,
    );
  }

  /** Makes the walk of a campaign; the unique key decides. One whose claims were prolonged since is walked anew, from the beginning. */
  async begin(tx: Tx, campaignId: number, claimUntil: Date): Promise<void> {
    try {
      await tx.execute(
        `INSERT INTO release_walks (campaign_id, claim_until, next_at, updated_at)
         VALUES (?, ?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
        [campaignId, claimUntil],
      );
    } catch (error) {
      if (!isDuplicate(error, 'PRIMARY')) throw error;
      await tx.execute(
        `UPDATE release_walks SET claim_until = ?, done_at = NULL, next_at = UTC_TIMESTAMP(6), batch_id = 0, layer = 0,
                serial = 0, slot = 0, held = 0, walks = walks + 1, updated_at = UTC_TIMESTAMP(6)
          WHERE campaign_id = ? AND claim_until < ?`,
        [claimUntil, campaignId, claimUntil],
      );
    }
  }

  /** The walk of a campaign, when it is time to go on with it. */
  async due(reader: Reader, campaignId: number): Promise<Walk | null> {
    const [row] = await reader.query<WalkRow>(
      `SELECT campaign_id, claim_until, batch_id, layer, serial, slot, held, walks FROM release_walks
        WHERE campaign_id = ? AND done_at IS NULL AND next_at <= UTC_TIMESTAMP(6)`,
      [campaignId],
    );
    return row ? walkOf(row) : null;
  }

  /** Takes the walk on to `to`. False when somebody else did: then nothing of this step may stay. */
  async advance(tx: Tx, walk: Walk, to: Place, { awards, fen, held }: Released): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `UPDATE release_walks SET batch_id = ?, layer = ?, serial = ?, slot = ?, held = held + ?, released = released + ?,
         released_fen = released_fen + ?, updated_at = UTC_TIMESTAMP(6)
       WHERE campaign_id = ? AND walks = ? AND batch_id = ? AND layer = ? AND serial = ? AND slot = ?`,
      [to.batch, to.layer, to.serial, to.slot, held, awards, fen, walk.campaignId, walk.walks, ...partsOf(walk.after)],
    );
    return affectedRows === 1;
  }

  /** The walk is through: for good when nothing is held, else it begins again after `againMs`. */
  async end(tx: Tx, walk: Walk, againMs: number): Promise<void> {
    await tx.execute(
      `UPDATE release_walks SET batch_id = 0, layer = 0, serial = 0, slot = 0, walks = walks + 1, updated_at = UTC_TIMESTAMP(6),
         done_at = CASE WHEN held = 0 THEN UTC_TIMESTAMP(6) ELSE NULL END, held = 0,
         next_at = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND
       WHERE campaign_id = ? AND walks = ? AND batch_id = ? AND layer = ? AND serial = ? AND slot = ?`,
      [againMs * 1000, walk.campaignId, walk.walks, ...partsOf(walk.after)],
    );
  }

  /** Awards of any campaign behind a place, in the order of their key; of one batch and layer at a time. Empty = there are no more. */
  async awards(reader: Reader, after: Place, limit: number): Promise<WalkedAward[]> {
    const here = await this.awardsOf(reader, after, limit);
    if (here.length > 0) return here;
    const next = await this.nextLayer(reader, after);
    return next ? this.awardsOf(reader, { ...NOWHERE, ...next }, limit) : [];
  }

  private async awardsOf(reader: Reader, { batch, layer, serial, slot }: Place, limit: number): Promise<WalkedAward[]> {
    const rows = await reader.query<AwardColumns>(
      `SELECT batch_id, layer, serial, slot, member_id, campaign_id, version_id, prize_key, prize_kind, amount_fen, budget_id, won_at
         FROM awards WHERE batch_id = ? AND layer = ? AND serial >= ? AND (serial > ? OR slot > ?)
        ORDER BY batch_id, layer, serial, slot LIMIT ?`,
      [batch, layer, serial, serial, slot, limit],
    );
    return rows.map(awardOf);
  }

  /** Two small look-ups in the primary key instead of one long walk. */
  private async nextLayer(reader: Reader, { batch, layer }: Place): Promise<Pick<Place, 'batch' | 'layer'> | null> {
    const [sameBatch] = await reader.query<{ batch: number; layer: number }>(
      'SELECT batch_id AS batch, layer FROM awards WHERE batch_id = ? AND layer > ? ORDER BY layer LIMIT 1',
      [batch, layer],
    );
    if (sameBatch) return sameBatch;
    const [another] = await reader.query<{ batch: number; layer: number }>(
      'SELECT batch_id AS batch, layer FROM awards WHERE batch_id > ? ORDER BY batch_id, layer LIMIT 1',
      [batch],
    );
    return another ?? null;
  }
}

interface WalkRow {
  campaign_id: number;
  claim_until: Date;
  batch_id: number;
  layer: number;
  serial: number;
  slot: number;
  held: number;
  walks: number;
}

interface AwardColumns {
  batch_id: number;
  layer: number;
  serial: number;
  slot: number;
  member_id: string;
  campaign_id: number;
  version_id: number;
  prize_key: Buffer;
  prize_kind: Buffer;
  amount_fen: string;
  budget_id: number | null;
  won_at: Date;
}

function walkOf(row: WalkRow): Walk {
  return {
    campaignId: row.campaign_id,
    claimUntil: row.claim_until,
    after: { batch: row.batch_id, layer: row.layer, serial: row.serial, slot: row.slot },
    held: row.held,
    walks: row.walks,
  };
}

function awardOf(row: AwardColumns): WalkedAward {
  return {
    code: { batch: row.batch_id, layer: row.layer, serial: row.serial },
    slot: row.slot,
    member: memberId(row.member_id),
    campaignId: row.campaign_id,
    versionId: row.version_id,
    prizeKey: textOf(row.prize_key),
    prizeKind: textOf(row.prize_kind) as AwardRow['prizeKind'],
    amountFen: fenFromColumn(row.amount_fen),
    budgetId: row.budget_id,
    wonAt: row.won_at,
  };
}

function partsOf({ batch, layer, serial, slot }: Place): [number, number, number, number] {
  return [batch, layer, serial, slot];
}

export function placeOf({ code, slot }: Pick<WalkedAward, 'code' | 'slot'>): Place {
  return { ...code, slot };
}
