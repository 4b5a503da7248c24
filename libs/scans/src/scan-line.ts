import { Transient } from '@app/kernel';

const WRITERS = 2;
const LARGEST_GROUP = 200;
const LONGEST_LINE = 5000;

interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Grouped commits: who arrives while the writers are busy shares the next transaction. There is no timer; a free writer starts at once.
 * A group that fails for a reason of its own is tried one by one, so that one bad scan fails alone.
 */
export class ScanLine<T, R> {
  private readonly line: Waiting<T, R>[] = [];
  private readonly flying = new Map<string, Promise<R>>();
  private busy = 0;
  private pumping = false;

  constructor(
    private readonly keyOf: (item: T) => string,
    private readonly commit: (group: readonly T[]) => Promise<readonly R[]>,
  ) {}

  /** Items with the same key in flight share one result. Throws Transient when the line is too long. */
  submit(item: T): Promise<R> {
    const key = this.keyOf(item);
    const flying = this.flying.get(key);
    if (flying) return flying;
    if (this.line.length >= LONGEST_LINE) return Promise.reject(new Transient('too many scans are waiting'));
    const result = new Promise<R>((resolve, reject) => this.line.push({ item, resolve, reject })).finally(() =>
      this.flying.delete(key),
    );
    this.flying.set(key, result);
    this.pumpSoon();
    return result;
  }

  /** Who arrives in the same turn of the event loop goes together: else the first of many would be a group of its own. */
  private pumpSoon(): void {
    if (this.pumping) return;
    this.pumping = true;
    setImmediate(() => {
      this.pumping = false;
      this.pump();
    });
  }

  private pump(): void {
    while (this.busy < WRITERS && this.line.length > 0) {
      this.busy++;
      void this.write(this.line.splice(0, LARGEST_GROUP)).finally(() => {
        this.busy--;
        this.pump();
      });
    }
  }

  private async write(group: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await this.commit(group.map(({ item }) => item));
      group.forEach(({ resolve }, index) => resolve(results[index]!));
    } catch (error) {
      if (group.length === 1 || error instanceof Transient) return group.forEach(({ reject }) => reject(error));
      for (const one of group) await this.write([one]);
    }
  }
}
