import { Injectable } from '@nestjs/common';
import { ChunkBuilder, type ScanChunk } from '@app/campaigns';
import { Database, databaseNow, isDuplicate, UnitOfWork } from '@app/database';
import { Transient } from '@app/kernel';
import { CHUNK_FORMAT, packChunk, unpackChunk } from './chunk-codec';
import { recordedScans } from './scan-rows';

const HOUR_MS = 3_600_000;
/** A group of scans takes its time when it begins and is seen when it commits: an hour is only packed for good this long after its end. */
const GRACE_MS = 300_000;
const KEEP_DAYS = 100;
const PURGE_AT_ONCE = 500;

/**
 * Recorded scans as column-packed chunks, hour by hour. An hour that is over is packed once and kept; the next replay reads its few
 * blobs instead of its rows. A kept hour is stale, and made again, when its format is another or the number of its scans has changed.
 * Memory holds one chunk and one page of rows at a time.
 */
@Injectable()
export class ReplayChunks {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Rows of scans in `[from, to)`. */
  async count(from: Date, to: Date): Promise<number> {
    const [row] = await this.database.query<{ scans: string }>(
      'SELECT COUNT(*) AS scans FROM scans WHERE at >= ? AND at < ?',
      [from, to],
    );
    return Number(row!.scans);
  }

  /** Chunks of the scans in `[from, to)`, in the order of time. `from` begins an hour. */
  async *read(from: Date, to: Date): AsyncGenerator<ScanChunk> {
    const closed = (await databaseNow(this.database)).getTime() - GRACE_MS;
    for (let at = await this.firstScan(from, to); at !== null;) {
      const slot = new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS);
      const end = new Date(slot.getTime() + HOUR_MS);
      if (end.getTime() <= closed && end <= to) yield* this.hour(slot, end);
      else yield* this.pack(slot < from ? from : slot, end < to ? end : to);
      at = await this.firstScan(end, to);
    }
  }

  /** Removes chunks too old for any replay. */
  async purge(): Promise<number> {
    const { affectedRows } = await this.unitOfWork.run((tx) =>
      tx.execute(
        `DELETE FROM replay_chunks WHERE slot < UTC_TIMESTAMP() - INTERVAL ${KEEP_DAYS} DAY ORDER BY slot LIMIT ${PURGE_AT_ONCE}`,
      ),
    );
    return affectedRows;
  }

  private async firstScan(from: Date, to: Date): Promise<Date | null> {
    const [row] = await this.database.query<{ at: Date }>(
      'SELECT at FROM scans WHERE at >= ? AND at < ? ORDER BY at LIMIT 1',
      [from, to],
    );
    return row?.at ?? null;
  }

  private async *hour(slot: Date, end: Date): AsyncGenerator<ScanChunk> {
    const scans = await this.count(slot, end);
    const kept = await this.kept(slot, scans);
    if (kept !== null) {
      for (let part = 0; part < kept; part++) yield await this.load(slot, part);
      return;
    }
    const packed: Buffer[] = [];
    for await (const chunk of this.pack(slot, end)) {
      packed.push(packChunk(chunk));
      yield chunk;
    }
    await this.keep(slot, scans, packed);
  }

  /** Puts chunks in the place of an hour whose rows number `scans`: for measuring, where packing is not what is measured. */
  keepPacked(slot: Date, scans: number, chunks: readonly ScanChunk[]): Promise<void> {
    return this.keep(slot, scans, chunks.map(packChunk));
  }

  /** How many chunks the hour is kept in; null when it is not, or is stale. */
  private async kept(slot: Date, scans: number): Promise<number | null> {
    const rows = await this.database.query<{ format: number; scans: number; parts: number }>(
      'SELECT format, scans, parts FROM replay_chunks WHERE slot = ? ORDER BY part',
      [slot],
    );
    const whole = rows.length > 0 && rows.length === rows[0]!.parts;
    return whole && rows.every((row) => row.format === CHUNK_FORMAT && row.scans === scans) ? rows.length : null;
  }

  private async load(slot: Date, part: number): Promise<ScanChunk> {
    const [row] = await this.database.query<{ packed: Buffer }>(
      'SELECT packed FROM replay_chunks WHERE slot = ? AND part = ?',
      [slot, part],
    );
    if (!row) throw new Transient('the chunks of an hour were made again meanwhile');
    return unpackChunk(row.packed);
  }

  private async *pack(from: Date, to: Date): AsyncGenerator<ScanChunk> {
    let builder = new ChunkBuilder();
    for await (const scan of recordedScans(this.database, from, to)) {
      if (builder.full) {
        yield builder.build();
        builder = new ChunkBuilder();
      }
      builder.add(scan);
    }
    yield builder.build();
  }

  /** Replaces what was kept of the hour. Two replays may pack the same hour at once: they pack the same, and the first one's stays. */
  private async keep(slot: Date, scans: number, packed: readonly Buffer[]): Promise<void> {
    await this.unitOfWork
      .run(async (tx) => {
        await tx.execute('DELETE FROM replay_chunks WHERE slot = ?', [slot]);
        for (const [part, bytes] of packed.entries()) {
          await tx.execute(
            'INSERT INTO replay_chunks (slot, part, format, scans, parts, packed) VALUES (?,?,?,?,?,?)',
            [slot, part, CHUNK_FORMAT, scans, packed.length, bytes],
          );
        }
      })
      .catch((error: unknown) => {
        if (!isDuplicate(error)) throw error;
      });
  }
}
