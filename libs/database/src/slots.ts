import { Transient } from '@app/kernel';

/**
 * Counts connections in use, because the pool itself waits for ever. A request that gets none within `waitMs` is turned away
 * with Transient: better a clear 503 than a pile of hanging requests.
 */
export class Slots {
  private readonly waiting: { grant: () => void; timer: NodeJS.Timeout }[] = [];
  private used = 0;

  constructor(
    private readonly size: number,
    private readonly waitMs = 2000,
  ) {}

  async use<T>(work: () => Promise<T>): Promise<T> {
    await this.take();
    try {
      return await work();
    } finally {
      this.give();
    }
  }

  private take(): Promise<void> {
    if (this.used < this.size) {
      this.used++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const entry = {
        grant: resolve,
        timer: setTimeout(() => {
          this.waiting.splice(this.waiting.indexOf(entry), 1);
          reject(new Transient('no database connection became free in time'));
        }, this.waitMs),
      };
      this.waiting.push(entry);
    });
  }

  private give(): void {
    const next = this.waiting.shift();
    if (!next) {
      this.used--;
      return;
    }
    clearTimeout(next.timer);
    next.grant();
  }
}
