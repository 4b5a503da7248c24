import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { CodeTriple } from '@app/kernel';
import { CONFIG, type Config } from '@app/config';
import { Database, type Reader, type Tx } from '@app/database';
import { gauge, LOGGER, type Logger } from '@app/observability';
import { readAllEpochs, readBatchRecords, readEpochs, type BatchEpoch } from './catalog.repository';
import { resolveCode, type BatchRecord, type ResolvedCode } from './known-code';

/** Batches read in one go. */
const READ_AT_ONCE = 100;
/** A batch that was looked for and not found is not looked for again this long: a leaked key must not become a stream of queries. */
const MISS_MS = 1000;
const MOST_MISSES = 10_000;

const age = gauge('codes_catalog_age_seconds', 'Seconds since the code catalog last agreed with the database');

/**
 * Batches, layers, segments, lots and prices in memory, refreshed on every node at least every 5 s. `resolve` never waits.
 * Scans that may pay read the epoch fresh in their own transaction and refresh what is stale:
 *
 *     const epochs = await catalog.readBatchEpochs(tx, batchIds);
 *     await catalog.refresh(tx, catalog.staleAmong(epochs));
 *     const code = catalog.resolve(triple, now);
 */
@Injectable()
export class CodeCatalog implements OnModuleInit, OnApplicationShutdown {
  private readonly records = new Map<number, BatchRecord>();
  private readonly misses = new Map<number, number>();
  private timer: NodeJS.Timeout | null = null;
  private refreshing: Promise<void> | null = null;
  private agreedAt = 0;

  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.refreshAll();
    this.timer = setInterval(() => void this.tick(), this.config.waits.catalogRefreshMs).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.refreshing;
  }

  /** What a decoded code is at an instant, by what this node knows. Throws nothing, asks nobody. */
  resolve(code: CodeTriple, at: Date): ResolvedCode {
    return resolveCode(this.records.get(code.batch), code, at);
  }

  /**
   * Loads batches that this node has not heard of: one may have been issued on another node a second ago. Costs a query only for a code
   * that passed the authenticity check and whose batch is new; a miss is remembered for a second.
   */
  async ensure(batchIds: readonly number[]): Promise<void> {
    const now = Date.now();
    const wanted = [...new Set(batchIds)].filter((id) => !this.records.has(id) && (this.misses.get(id) ?? 0) <= now);
    if (wanted.length === 0) return;
    await this.read(this.database, wanted);
    if (this.misses.size > MOST_MISSES) this.misses.clear();
    for (const id of wanted) if (!this.records.has(id)) this.misses.set(id, now + MISS_MS);
  }

  /** Epoch, freeze and status of batches as committed now. Read inside the scan's transaction, after its locks. */
  async readBatchEpochs(tx: Tx, batchIds: readonly number[]): Promise<Map<number, BatchEpoch>> {
    return readEpochs(tx, [...new Set(batchIds)]);
  }

  /** Those whose record in memory is older than the epoch just read. */
  staleAmong(epochs: ReadonlyMap<number, BatchEpoch>): number[] {
    return [...epochs].filter(([id, { epoch }]) => this.epochOf(id) !== epoch).map(([id]) => id);
  }

  /** Epoch of the record in memory, or null. */
  epochOf(batchId: number): number | null {
    return this.records.get(batchId)?.epoch ?? null;
  }

  /** Reads batches anew through a transaction. Never inside one that changes segments: it would remember what may be rolled back. */
  async refresh(tx: Tx, batchIds: readonly number[]): Promise<void> {
    await this.read(tx, batchIds);
  }

  /** Compares every batch with the database and reads those that changed. One runs at a time. */
  async refreshAll(): Promise<void> {
    this.refreshing ??= this.compare().finally(() => {
      this.refreshing = null;
    });
    await this.refreshing;
  }

  /** Milliseconds since this node last agreed with the database: the readiness check's measure. */
  ageMs(): number {
    return Date.now() - this.agreedAt;
  }

  private async tick(): Promise<void> {
    try {
      await this.refreshAll();
    } catch (error) {
      // Scans still read the epoch themselves, so a stale catalog delays answers but never pays wrongly.
      this.log.warn({ err: error, ageMs: this.ageMs() }, 'code catalog could not be refreshed');
    }
    age.set(this.ageMs() / 1000);
  }

  private async compare(): Promise<void> {
    const asked = Date.now();
    const epochs = await readAllEpochs(this.database);
    const changed = [...epochs].filter(([id, epoch]) => this.epochOf(id) !== epoch).map(([id]) => id);
    await this.read(this.database, changed);
    this.agreedAt = asked;
  }

  private async read(reader: Reader, batchIds: readonly number[]): Promise<void> {
    const wanted = [...new Set(batchIds)];
    for (let start = 0; start < wanted.length; start += READ_AT_ONCE) {
      const records = await readBatchRecords(reader, wanted.slice(start, start + READ_AT_ONCE), this.records);
      for (const [id, record] of records) {
        // An answer that was asked for earlier may arrive later: the newer record stays.
        if (record.epoch >= (this.epochOf(id) ?? 0)) this.records.set(id, record);
        this.misses.delete(id);
      }
    }
  }
}
