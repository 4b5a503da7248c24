import { Injectable } from '@nestjs/common';
import { bulkUpsert, UnitOfWork, type Tx } from '@app/database';

/** Consecutive moments at which a call may go out. */
export interface RateSlots {
  /** The first, in milliseconds of this process's steady clock (performance.now). */
  readonly firstAt: number;
  readonly everyMs: number;
  readonly count: number;
}

/** After WeChat said "too fast" everybody goes this much slower for this long. */
const SLOWER = 1.25;
const SLOW_SECONDS = 60;
/** And nobody goes for this long, once a second however many were told. */
const PAUSE_MS = 250;
/** A row that lies further ahead was left behind by a clock that jumped. */
const FARTHEST_SECONDS = 10;

interface SlotRow {
  /** The end of what is leased, and the time of this answer: microseconds since a fixed day. */
  free_us: string;
  now_us: string;
  slow: number;
}

/** An answer that came quickly tells best how this process's clock stands to the database's; it is believed this long. */
const BELIEVED_MS = 10_000;
/** More than any network takes: one of the clocks was set. */
const CLOCK_WAS_SET_MS = 1000;

/**
 * The moments at which calls may go out, one row per merchant and address, shared by all workers: leasing a block pushes the row's time
 * ahead, so no two workers hold the same moment. All times are the database's.
 */
@Injectable()
export class RateSlotsRepository {
  /** Steady clock minus database clock, milliseconds: never too small, by the time an answer takes at most too large. */
  private offset = { ms: Infinity, at: -Infinity };

  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** The next `count` free moments, `everyMs` apart. They are gone when they pass unused. */
  async lease(name: string, count: number, everyMs: number): Promise<RateSlots> {
    const [usual, slow] = [everyMs * 1000, everyMs * 1000 * SLOWER];
    const { row, readAt } = await this.unitOfWork.run(async (tx) => {
      if (!(await this.take(tx, name, count, usual, slow))) {
        const fresh = [[name, new Date(0)]];
        await bulkUpsert(tx, 'rate_slots', ['name', 'free_at'], fresh, { update: ['name'] });
        await this.take(tx, name, count, usual, slow);
      }
      const [row] = await tx.query<SlotRow>(
        `SELECT TIMESTAMPDIFF(MICROSECOND, '2026-01-01', free_at) AS free_us,
           TIMESTAMPDIFF(MICROSECOND, '2026-01-01', UTC_TIMESTAMP(6)) AS now_us,
           COALESCE(slow_until > UTC_TIMESTAMP(6), 0) AS slow FROM rate_slots WHERE name = ?`,
        [name],
      );
      return { row: row!, readAt: performance.now() };
    });
    const spacing = Number(row.slow) === 1 ? everyMs * SLOWER : everyMs;
    const offsetMs = this.offsetMs(readAt, Number(row.now_us) / 1000);
    return { firstAt: Number(row.free_us) / 1000 + offsetMs - count * spacing, everyMs: spacing, count };
  }

  private offsetMs(readAt: number, databaseMs: number): number {
    const ms = readAt - databaseMs;
    const old = readAt - this.offset.at > BELIEVED_MS || Math.abs(ms - this.offset.ms) > CLOCK_WAS_SET_MS;
    if (old || ms <= this.offset.ms) this.offset = { ms, at: readAt };
    return this.offset.ms;
  }

  /** WeChat said "too fast": a short pause, and slower for a minute. */
  async slowDown(name: string): Promise<void> {
    await this.unitOfWork.run((tx) =>
      tx.execute(
        `UPDATE rate_slots SET free_at = GREATEST(free_at, UTC_TIMESTAMP(6)) + INTERVAL ? MICROSECOND,
           slow_until = UTC_TIMESTAMP(6) + INTERVAL ${SLOW_SECONDS} SECOND
         WHERE name = ? AND (slow_until IS NULL OR slow_until < UTC_TIMESTAMP(6) + INTERVAL ${SLOW_SECONDS - 1} SECOND)`,
        [PAUSE_MS * 1000, name],
      ),
    );
  }

  private async take(tx: Tx, name: string, count: number, usualUs: number, slowUs: number): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `UPDATE rate_slots SET free_at =
           IF(free_at < UTC_TIMESTAMP(6) OR free_at > UTC_TIMESTAMP(6) + INTERVAL ${FARTHEST_SECONDS} SECOND, UTC_TIMESTAMP(6), free_at)
           + INTERVAL IF(slow_until > UTC_TIMESTAMP(6), ?, ?) MICROSECOND
       WHERE name = ?`,
      [Math.round(count * slowUs), Math.round(count * usualUs), name],
    );
    return affectedRows === 1;
  }
}
