import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { LOGGER, type Logger } from '@app/observability';
import { HandlerRegistry } from './handler-registry';
import { JobRunner } from './job-runner';
import { OutboxRows } from './outbox-rows';

const LOOK_EVERY_MS = 5_000;
const WEDGED_SECONDS = 45;

/**
 * Notices that this process no longer works: urgent rows lie about, yet no job was begun here for a while. Neither a missing Redis nor a slow
 * WeChat looks like that, for then rows are begun. Whoever starts it decides what to do; a supervisor's fresh process is the cure.
 */
@Injectable()
export class Watchdog implements OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly registry: HandlerRegistry,
    private readonly runner: JobRunner,
    private readonly rows: OutboxRows,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  start(onWedged: () => void, { everyMs = LOOK_EVERY_MS, seconds = WEDGED_SECONDS } = {}): void {
    this.timer = setInterval(() => {
      this.isWedged(seconds)
        .then((wedged) => {
          if (!wedged) return;
          clearInterval(this.timer);
          this.log.error({ idleMs: Math.round(this.runner.idleMs) }, 'worker.wedged');
          onWedged();
        })
        // A database that does not answer is not cured by a restart.
        .catch((error: unknown) => this.log.warn({ err: error }, 'the watchdog could not look'));
    }, everyMs);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private async isWedged(seconds: number): Promise<boolean> {
    if (this.runner.idleMs < seconds * 1000) return false;
    return this.rows.leftLying(this.registry.urgent(), seconds);
  }
}
