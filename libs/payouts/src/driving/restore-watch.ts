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
/** `none`: there is no file yet. */
type Marked = number | 'none' | 'unreadable';
const markerSchema = z.object({ beats: z.number().int().nonnegative() });

/**
 * Notices that the database was set back. A number in it rises every minute and is written to a file outside it; at boot a database that has
 * a smaller number than the file is an older copy, and a recovery opens before the first job runs. Counts, not clocks: no clock can fool it.
 * A file that cannot be read or kept never stops the worker: people hear of it, and where nobody can know whether the database is older, a
 * recovery opens to be safe.
 */
@Injectable()
export class RestoreWatch implements OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  /** The highest number this process saw: it holds while the file cannot. */
  private seen = 0;
  /** A number in the file that was acted upon, in case the file cannot be written anew. */
  private handled = -1;
  /** A doubt opens one recovery, not one each minute. */
  private doubted = false;

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
    const marked = await this.marked();
    await this.compare(marked);
    const kept = await this.beat();
    if (!kept && marked === 'none') await this.doubt('marker_cannot_be_kept');
  }

  /** Opens a recovery when the database is older than the file. A database without a bill has nothing to recover. */
  async look(): Promise<void> {
    await this.compare(await this.marked());
  }

  private async compare(marked: Marked): Promise<void> {
    if (marked === 'unreadable') return this.doubt('marker_unreadable');
    const beats = await this.beats();
    const highest = Math.max(this.seen, marked === 'none' || marked === this.handled ? 0 : marked);
    if (beats >= highest) return;
    this.seen = beats;
    if (marked !== 'none') this.handled = marked;
    if (await this.hasBills()) await this.recovery.open('database_set_back');
    else this.logger.warn({ marked: highest, beats }, 'payout.marker_of_another_database');
  }

  private async doubt(reason: string): Promise<void> {
    if (this.doubted) return;
    this.doubted = true;
    if (await this.hasBills()) await this.recovery.open(reason);
  }

  private async hasBills(): Promise<boolean> {
    return (await this.database.query('SELECT bill_no FROM payout_bills LIMIT 1')).length > 0;
  }

  /**
   * One more, in the database first: the file never runs ahead of a database that was not set back. False when the file could not be
   * written.
   */
  async beat(): Promise<boolean> {
    await this.unitOfWork.run((tx) =>
      tx.execute('INSERT INTO payout_beats (id, beats) VALUES (1, 1) ON DUPLICATE KEY UPDATE beats = beats + 1'),
    );
    this.seen = await this.beats();
    const file = this.file();
    try {
      await mkdir(this.config.http.dataDir, { recursive: true });
      await writeFile(`${file}.${process.pid}.new`, `${JSON.stringify({ beats: this.seen })}\n`);
      await rename(`${file}.${process.pid}.new`, file);
      return true;
    } catch (error) {
      this.logger.error({ err: error, folder: this.config.http.dataDir }, 'payout.marker_not_kept');
      return false;
    }
  }

  private async beats(): Promise<number> {
    const [row] = await this.database.query<{ beats: string }>('SELECT beats FROM payout_beats WHERE id = 1');
    return Number(row?.beats ?? 0);
  }

  private async marked(): Promise<Marked> {
    try {
      return markerSchema.parse(JSON.parse(await readFile(this.file(), 'utf8'))).beats;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'none';
      this.logger.error({ err: error }, 'payout.marker_unreadable');
      return 'unreadable';
    }
  }

  private file(): string {
    return join(this.config.http.dataDir, MARKER);
  }
}
