import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { databaseNow, type Tx } from '@app/database';
import { Incidents } from '../cases/incidents';
import type { ChannelName } from './payout-channel';

/** May this payout be sent now? `probe`: the channel is blocked, and this one send is allowed to find out whether it still is. */
export type Gate =
  { readonly kind: 'open' } | { readonly kind: 'probe' } | { readonly kind: 'closed'; readonly waitMs: number };

interface BlockRow {
  reason: Buffer;
  blocked_until: Date;
  trips: number;
}

/**
 * The breaker of a channel of a merchant: an empty balance or a wrong key is met once, not once per waiting payout. When the
 * block's time is up one send probes; its acceptance opens the channel for all.
 */
@Injectable()
export class ChannelBlocksRepository {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly incidents: Incidents,
  ) {}

  async gate(tx: Tx, mchId: string, channel: ChannelName): Promise<Gate> {
    const row = await this.find(tx, mchId, channel);
    if (!row || row.reason.length === 0) return { kind: 'open' };
    const waitMs = row.blocked_until.getTime() - (await databaseNow(tx)).getTime();
    if (waitMs > 0) return { kind: 'closed', waitMs };
    const { payoutLeaseMs, retryMs } = this.config.waits;
    // updated_at later than blocked_until: a probe went out then. The next one may go when its lease is up.
    const { affectedRows } = await tx.execute(
      `UPDATE channel_blocks SET updated_at = UTC_TIMESTAMP(6)
       WHERE mch_id = ? AND channel = ? AND reason <> '' AND blocked_until <= UTC_TIMESTAMP(6)
         AND (updated_at <= blocked_until OR updated_at <= UTC_TIMESTAMP(6) - INTERVAL ? MICROSECOND)`,
      [mchId, channel, payoutLeaseMs * 1000],
    );
    return affectedRows === 1 ? { kind: 'probe' } : { kind: 'closed', waitMs: retryMs[0] };
  }

  /**
   * Blocks the channel, longer each time a probe meets it blocked again. Sends that were under way when it was blocked say nothing new.
   * Returns for how long.
   */
  async block(tx: Tx, mchId: string, channel: ChannelName, why: string, probed: boolean): Promise<number> {
    const row = await this.find(tx, mchId, channel, true);
    const open = !row || row.reason.length === 0;
    const leftMs = open ? 0 : row.blocked_until.getTime() - (await databaseNow(tx)).getTime();
    if (leftMs > 0 && !probed) return leftMs;
    const [first, longest] = this.config.waits.retryMs;
    const trips = open ? 0 : row.trips + 1;
    const waitMs = Math.min(longest, first * 2 ** Math.min(trips, 20));
    await tx.execute(
      `INSERT INTO channel_blocks (mch_id, channel, reason, blocked_until, trips, updated_at)
       VALUES (?, ?, ?, UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND, ?, UTC_TIMESTAMP(6))
       ON DUPLICATE KEY UPDATE reason = VALUES(reason), blocked_until = VALUES(blocked_until), trips = VALUES(trips),
         updated_at = VALUES(updated_at)`,
      [mchId, channel, why.slice(0, 64), waitMs * 1000, trips],
    );
    const scope = incidentScope(mchId, channel);
    await this.incidents.raise(tx, { kind: 'channel_blocked', payoutKey: null, billNo: null, detail: why, scope });
    return waitMs;
  }

  /** The probe ended without an answer to its question: the next one may go soon. */
  async probeAgain(tx: Tx, mchId: string, channel: ChannelName): Promise<void> {
    await tx.execute(
      `UPDATE channel_blocks SET blocked_until = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND, updated_at = UTC_TIMESTAMP(6)
       WHERE mch_id = ? AND channel = ? AND reason <> ''`,
      [this.config.waits.retryMs[0] * 1000, mchId, channel],
    );
  }

  /** The channel works again. */
  async unblock(tx: Tx, mchId: string, channel: ChannelName): Promise<void> {
    const { affectedRows } = await tx.execute(
      "UPDATE channel_blocks SET reason = '', trips = 0, updated_at = UTC_TIMESTAMP(6) WHERE mch_id = ? AND channel = ? AND reason <> ''",
      [mchId, channel],
    );
    if (affectedRows === 1) await this.incidents.resolve(tx, 'channel_blocked', incidentScope(mchId, channel));
  }

  private async find(tx: Tx, mchId: string, channel: ChannelName, lock = false): Promise<BlockRow | undefined> {
    const [row] = await tx.query<BlockRow>(
      `SELECT reason, blocked_until, trips FROM channel_blocks WHERE mch_id = ? AND channel = ?${lock ? ' FOR UPDATE' : ''}`,
      [mchId, channel],
    );
    return row;
  }
}

function incidentScope(mchId: string, channel: ChannelName): string {
  return `${mchId}:${channel}`;
}
