import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Database } from '@app/database';
import { LOGGER, type Logger } from '@app/observability';
import { attributeScan, indexTerritories, type TerritoryIndex } from './attribution';
import { TerritoriesRepository } from './territories.repository';

/**
 * Every node's copy of the territories, read again every `catalogRefreshMs` (at most 5 s). Asking it costs no I/O. When the
 * database does not answer the last copy serves: attribution moves no money.
 */
@Injectable()
export class TerritoryMap implements OnModuleInit, OnApplicationShutdown {
  private index: TerritoryIndex = new Map();
  private readonly stopping = new AbortController();

  constructor(
    private readonly database: Database,
    private readonly territories: TerritoriesRepository,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.refresh();
    void this.keepFresh();
  }

  onApplicationShutdown(): void {
    this.stopping.abort();
  }

  /** Reads the territories now: at boot, by the clock, and in tests. */
  async refresh(): Promise<void> {
    this.index = indexTerritories(await this.territories.all(this.database));
  }

  /** The distributor in whose territory a place is for a product line at a time, or null. */
  attribute(adcode: number | null, productLine: string, at: Date): number | null {
    return attributeScan(this.index, adcode, productLine, at);
  }

  private async keepFresh(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await sleep(this.config.waits.catalogRefreshMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      await this.refresh().catch((error: unknown) =>
        this.log.warn({ err: error }, 'territories could not be read again; the last copy serves'),
      );
    }
  }
}
