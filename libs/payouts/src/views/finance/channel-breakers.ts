import type { Merchant } from '@app/config';
import { textOf, type Reader } from '@app/database';

/** `open`: money flows. `shut`: WeChat refuses everybody. `probing`: the next send finds out whether it still does. */
export type BreakerState = 'open' | 'shut' | 'probing';

export interface ChannelBreaker {
  readonly mchId: string;
  readonly channel: string;
  readonly state: BreakerState;
  /** WeChat's code; null while open. */
  readonly reason: string | null;
  /** Since when it is shut. */
  readonly since: Date | null;
  /** When the next send tries. */
  readonly nextTryAt: Date | null;
  /** How often it was found shut again. */
  readonly trips: number;
}

/** One for each channel of each configured merchant account, and for any other that is shut. */
export async function readBreakers(
  reader: Reader,
  merchants: readonly Pick<Merchant, 'mchId' | 'channels'>[],
  now: Date,
): Promise<ChannelBreaker[]> {
  const rows = await reader.query<{
    mch_id: Buffer;
    channel: Buffer;
    reason: Buffer;
    blocked_until: Date;
    trips: number;
    since: Date | null;
  }>(
    `SELECT b.mch_id, b.channel, b.reason, b.blocked_until, b.trips, i.created_at AS since FROM channel_blocks b
       LEFT JOIN payout_incidents i ON i.incident_key = CAST(CONCAT('channel_blocked:', b.mch_id, ':', b.channel) AS BINARY)
      WHERE b.reason <> ''`,
  );
  const shut = new Map(
    rows.map((row): [string, ChannelBreaker] => {
      const [mchId, channel] = [textOf(row.mch_id), textOf(row.channel)];
      const { blocked_until: nextTryAt, trips, since } = row;
      const state: BreakerState = nextTryAt > now ? 'shut' : 'probing';
      return [`${mchId}:${channel}`, { mchId, channel, state, reason: textOf(row.reason), since, nextTryAt, trips }];
    }),
  );
  for (const { mchId, channels } of merchants) {
    for (const channel of channels) {
      const key = `${mchId}:${channel}`;
      if (!shut.has(key)) {
        shut.set(key, { mchId, channel, state: 'open', reason: null, since: null, nextTryAt: null, trips: 0 });
      }
    }
  }
  return [...shut.values()].sort((one, other) =>
    `${one.mchId}:${one.channel}` < `${other.mchId}:${other.channel}` ? -1 : 1,
  );
}
