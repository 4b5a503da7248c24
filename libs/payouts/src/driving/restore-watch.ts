import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { z } from 'zod';
import { CONFIG, type Config } from '@app/config';
import { Database, UnitOfWork } from '@app/database';
import { RunsFirst } from '@app/jobs';
import { LOGGER, type Logger } from '@app/observability';
import { Recovery } from './recovery';

const MARKER = 'payout-marker.json';
const EVERY_MS = 60_000;
const markerSchema = z.object({ beats: z.number().int().nonnegative() });

/**
 * Notices that the database was set back. A number in it rises every minute and is written to a file outside it; at boot a database that has
 * a smaller number than the file is an older copy, and a recovery opens before the first job runs. Counts, not clocks: no clock can fool it.
 */
@Injectable()
export class RestoreWatch implements OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly recovery: Recovery,
  ) {}

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  @RunsFirst()
  async start(): Promise<void> {
    await this.watch();
    this.timer = setInterval(() => {
      this.watch().catch((error: unknown) => this.logger.warn({ err: error }, 'payout.marker_failed'));
    }, EVERY_MS).unref();
  }

  /** At boot, and each minute for a database that was exchanged under a running worker. */
  async watch(): Promise<void> {
    await this.look();
    await this.beat();
  }

  /** Opens a recovery when the database is older than the file. A database without a bill has nothing to recover. */
  async look(): Promise<void> {
    const marked = await this.marked();
    const beats = await this.beats();
    if (marked === null || beats >= marked) return;
    const bills = await this.database.query('SELECT bill_no FROM payout_bills LIMIT 1');
    if (bills.length > 0) await this.recovery.open('database_set_back');
    else this.logger.warn({ marked, beats }, 'payout.marker_of_another_database');
  }

  /** One more, in the database first: the file never runs ahead of a database that was not set back. */
  async beat(): Promise<void> {
    await this.unitOfWork.run((tx) =>
      tx.execute('INSERT INTO payout_beats (id, beats) VALUES (1, 1) ON DUPLICATE KEY UPDATE beats = beats + 1'),
    );
    const file = this.file();
    await mkdir(this.config.http.dataDir, { recursive: true });
    await writeFile(`${file}.${process.pid}.new`, `${JSON.stringify({ beats: await this.beats() })}\n`);
    await rename(`${file}.${process.pid}.new`, file);
  }

  private async beats(): Promise<number> {
    const [row] = await this.database.query<{ beats: string }>('SELECT beats FROM payout_beats WHERE id = 1');
    return Number(row?.beats ?? 0);
  }

  /** Null when there is no file yet. A file that nobody can read counts as none, with a warning: it must not keep the line from working. */
  private async marked(): Promise<number | null> {
    try {
      return markerSchema.parse(JSON.parse(await readFile(this.file(), 'utf8'))).beats;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        this.logger.warn({ err: error }, 'payout.marker_unreadable');
      return null;
    }
  }

  private file(): string {
    return join(this.config.http.dataDir, MARKER);
  }
}
