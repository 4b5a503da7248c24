import { Transient } from '@app/kernel';

/** How much of a line goes together, and how many groups may be under way at a time. */
export interface LineLimits {
  readonly writers: number;
  readonly largest: number;
  /**
   * For a line that others feed at a steady pace: while `when` says that more is surely coming, a group that is smaller than `until` waits
   * for it, `ms` at most. Without it, and whenever nothing more is coming, a free writer starts at once.
   */
  readonly linger?: { readonly when: () => boolean; readonly until: number; readonly ms: number };
}

interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Work in groups: who arrives while the writers are busy shares the next group, a free writer starts at once. A group that fails is tried
 * again in halves, so that one bad item fails alone.
 */
export class GroupLine<T, R> {
  private line: Waiting<T, R>[] = [];
  private busy = 0;
  private pumping = false;
  private lingering: NodeJS.Timeout | null = null;

  /** `keyOf`: items with the same key never go in one group. `work` answers in the order of its items. */
  constructor(
    private readonly limits: LineLimits,
    private readonly keyOf: (item: T) => string,
    private readonly work: (group: readonly T[]) => Promise<readonly R[]>,
  ) {}

  submit(item: T): Promise<R> {
    const result = new Promise<R>((resolve, reject) => this.line.push({ item, resolve, reject }));
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

  private pump(lingered = false): void {
    if (!lingered && this.lingers()) return;
    while (this.busy < this.limits.writers && this.line.length > 0) {
      this.busy++;
      void this.write(this.next()).finally(() => {
        this.busy--;
        this.pump();
      });
    }
  }

  private lingers(): boolean {
    const { linger } = this.limits;
    if (!linger || this.line.length === 0 || this.line.length >= linger.until || !linger.when()) return false;
    this.lingering ??= setTimeout(() => {
      this.lingering = null;
      this.pump(true);
    }, linger.ms);
    return true;
  }

  private next(): readonly Waiting<T, R>[] {
    const keys = new Set<string>();
    const group: Waiting<T, R>[] = [];
    const later: Waiting<T, R>[] = [];
    let at = 0;
    for (; at < this.line.length && group.length < this.limits.largest; at++) {
      const waiting = this.line[at]!;
      const key = this.keyOf(waiting.item);
      (keys.has(key) ? later : group).push(waiting);
      keys.add(key);
    }
    this.line = [...later, ...this.line.slice(at)];
    return group;
  }

  private async write(group: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await this.work(group.map(({ item }) => item));
      group.forEach(({ resolve }, index) => resolve(results[index]!));
    } catch (error) {
      if (group.length === 1 || isPassing(error)) return group.forEach(({ reject }) => reject(error));
      const half = Math.ceil(group.length / 2);
      await this.write(group.slice(0, half));
      await this.write(group.slice(half));
    }
  }
}

/** Trouble of everybody, such as a database that is away: trying again in smaller groups would only take longer. */
function isPassing(error: unknown): boolean {
  const { code, sqlState } = error as { code?: unknown; sqlState?: unknown };
  return error instanceof Transient || (typeof code === 'string' && sqlState === undefined);
}
