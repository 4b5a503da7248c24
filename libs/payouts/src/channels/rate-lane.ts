import type { RateSlots } from './rate-slots.repository';

/**
 * A moment may be used this late and no later. Moments are a hundredth sparser than the limit: whatever goes out within any second was
 * meant for 1.01 seconds, and 1.01 × 0.99 of the limit is not more than the limit.
 */
export const LATEST_MS = 10;
/** One lease covers at most this much time, so that workers share fairly and little is lost when one dies. */
const BLOCK_MS = 250;
/** How much time the payouts cover that may wait here in the middle of an exchange. */
const SEATS_MS = 300;
const FEWEST_SEATS = 16;

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface LaneClock {
  now(): number;
  /** Calls back after about `ms`. */
  wake(ms: number, call: () => void): void;
}

const STEADY: LaneClock = {
  now: () => performance.now(),
  wake: (ms, call) => void setTimeout(call, ms),
};

/** The calls of this process to one address for one merchant: each goes out at a moment of its own, in the order of asking. */
export class RateLane {
  private readonly waiting: Waiting[] = [];
  private readonly urgent: (() => void)[] = [];
  private readonly outside: (() => void)[] = [];
  private slots: number[] = [];
  private readonly seats: number;
  private inside = 0;
  private leasing = false;
  private sleeping = false;
  lost = 0;

  constructor(
    private readonly everyMs: number,
    private readonly lease: (count: number) => Promise<RateSlots>,
    private readonly clock: LaneClock = STEADY,
  ) {
    this.seats = Math.max(FEWEST_SEATS, Math.ceil(SEATS_MS / everyMs));
  }

  /** A seat among those whose turn comes soon. Returns how to leave it; leaving twice is leaving once. */
  async enter(urgent: boolean): Promise<() => void> {
    if (this.inside < this.seats && this.urgent.length + this.outside.length === 0) this.inside++;
    else {
      await new Promise<void>((resolve) => {
        (urgent ? this.urgent : this.outside).push(resolve);
        this.letIn();
      });
    }
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.inside--;
      this.letIn();
    };
  }

  /** Resolves at a moment that belongs to this call. Throws what the lease throws. */
  pass(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.serve();
    });
  }

  /** Moments that were leased are given up: the next ones come from a row that others have pushed ahead. */
  forget(): void {
    this.slots = [];
  }

  /** Half of the seats at once, or all who want one: who is let in together begins together. */
  private letIn(): void {
    const wanting = this.urgent.length + this.outside.length;
    const free = this.seats - this.inside;
    if (wanting === 0 || (free < wanting && free < this.seats / 2 && this.urgent.length === 0)) return;
    for (let count = Math.min(free, wanting); count > 0; count--) {
      this.inside++;
      (this.urgent.shift() ?? this.outside.shift())!();
    }
  }

  private serve(): void {
    while (this.waiting.length > 0 && this.slots.length > 0) {
      const late = this.clock.now() - this.slots[0]!;
      if (late < 0) {
        this.sleep(-late);
        break;
      }
      this.slots.shift();
      if (late > LATEST_MS) this.lost++;
      else this.waiting.shift()!.resolve();
    }
    if (this.waiting.length > this.slots.length) void this.leaseMore();
  }

  private sleep(ms: number): void {
    if (this.sleeping) return;
    this.sleeping = true;
    this.clock.wake(ms, () => {
      this.sleeping = false;
      this.serve();
    });
  }

  private async leaseMore(): Promise<void> {
    if (this.leasing) return;
    this.leasing = true;
    try {
      const most = Math.max(1, Math.floor(BLOCK_MS / this.everyMs));
      const { firstAt, everyMs, count } = await this.lease(Math.min(most, this.waiting.length - this.slots.length));
      for (let at = 0; at < count; at++) this.slots.push(firstAt + at * everyMs);
    } catch (error) {
      for (const { reject } of this.waiting.splice(0)) reject(error);
    } finally {
      this.leasing = false;
    }
    this.serve();
  }
}
