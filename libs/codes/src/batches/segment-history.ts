import { Injectable } from '@nestjs/common';
import { Database, textOf } from '@app/database';
import type { SegmentState } from '../catalog/segment-timeline';
import { causeOf } from './batches.repository';
import type { StopCause } from './stop-cause';
import { cursorOf, type Page } from './batch-list';

/** One change of a range: who let it happen, when it was written down and when it takes effect. */
export interface SegmentEvent {
  readonly id: number;
  readonly layer: number;
  readonly from: number;
  /** Not included. */
  readonly to: number;
  readonly state: SegmentState;
  readonly cause: StopCause | null;
  readonly effectiveAt: Date;
  readonly reason: string | null;
  /** Null = the system. */
  readonly by: string | null;
  readonly createdAt: Date;
}

/** What was done to the ranges of a batch, latest first; what takes effect later stands here too. */
@Injectable()
export class SegmentHistory {
  constructor(private readonly database: Database) {}

  async page(batchId: number, query: { limit: number; cursor?: string | null }): Promise<Page<SegmentEvent>> {
    const rows = await this.database.query<
      Omit<SegmentEvent, 'state' | 'cause'> & { state: Buffer; cause: Buffer | null }
    >(
      `SELECT e.id, e.layer, e.serial_from AS \`from\`, e.serial_to AS \`to\`, e.state, e.cause,
              e.effective_at AS effectiveAt, e.reason,
              o.name AS \`by\`, e.created_at AS createdAt
         FROM code_segment_events e LEFT JOIN operators o ON o.id = e.created_by
        WHERE e.batch_id = ? AND e.id < ? ORDER BY e.id DESC LIMIT ?`,
      [batchId, cursorOf(query.cursor), query.limit + 1],
    );
    const items = rows.slice(0, query.limit).map((row) => ({
      ...row,
      id: Number(row.id),
      state: textOf(row.state) as SegmentState,
      cause: causeOf(row.cause),
    }));
    return { items, nextCursor: rows.length > query.limit ? String(items.at(-1)!.id) : null };
  }
}
