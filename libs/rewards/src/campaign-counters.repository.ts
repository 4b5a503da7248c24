import { Injectable } from '@nestjs/common';
import type { Used } from '@app/campaigns';
import { bulkUpsert, textOf, type SqlValue, type Tx } from '@app/database';
import { fenFromColumn } from '@app/kernel';

/** What some awards add to one counter. */
export interface CounterUse {
  readonly campaignId: number;
  /** As `capsOf` of campaigns names it, such as `c|d2026-11-22`. */
  readonly key: string;
  readonly count: number;
  readonly fen: number;
}
export type CounterName = Pick<CounterUse, 'campaignId' | 'key'>;

/** By `counterName`; a counter without a row is missing and stands at nothing. */
export type CounterValues = ReadonlyMap<string, Used>;

export function counterName({ campaignId, key }: CounterName): string {
  return `${campaignId}:${key}`;
}

/** Counters that many members share: a campaign's, a region's, a store's. */
@Injectable()
export class CampaignCounters {
  /** What stands on these counters; with `lock` the rows are made and taken, in key order, for the rest of the transaction. */
  async read(tx: Tx, names: readonly CounterName[], options: { readonly lock?: boolean } = {}): Promise<CounterValues> {
    if (names.length === 0) return new Map();
    if (options.lock) {
      const nothing = names.map((name) => ({ ...name, count: 0, fen: 0 }));
      await this.add(tx, nothing);
    }
    const rows = await tx.query<{ campaign_id: number; counter_key: Buffer; awards: string; fen: string }>(
      `SELECT campaign_id, counter_key, awards, fen FROM campaign_counters
       WHERE (campaign_id, counter_key) IN (${names.map(() => '(?,?)').join(',')})`,
      names.flatMap(({ campaignId, key }): SqlValue[] => [campaignId, key]),
    );
    return new Map(
      rows.map((row) => [
        counterName({ campaignId: row.campaign_id, key: textOf(row.counter_key) }),
        { count: Number(row.awards), fen: fenFromColumn(row.fen) },
      ]),
    );
  }

  /** The rows stay locked until the transaction ends: what `read` says afterwards is what will stand there. */
  async add(tx: Tx, uses: readonly CounterUse[]): Promise<void> {
    const columns = ['campaign_id', 'counter_key', 'awards', 'fen'];
    const rows = inKeyOrder(uses).map(({ campaignId, key, count, fen }): SqlValue[] => [campaignId, key, count, fen]);
    await bulkUpsert(tx, 'campaign_counters', columns, rows, {
      update: ['awards = awards + VALUES(awards)', 'fen = fen + VALUES(fen)'],
    });
  }
}

function inKeyOrder(uses: readonly CounterUse[]): CounterUse[] {
  return [...uses].sort((one, other) => one.campaignId - other.campaignId || (one.key < other.key ? -1 : 1));
}
