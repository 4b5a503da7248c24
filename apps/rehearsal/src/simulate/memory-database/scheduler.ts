/**
 * Who runs next, and what time it is. The memory database decides nothing of this itself: before every statement and
 * after every commit it asks for its turn, so that a seeded scheduler can interleave transactions in any order, and end a
 * "process" between any two steps by never letting it go on.
 */
export interface Scheduler {
  /** Milliseconds since 1970; fractions count as microseconds. Never goes back. Read once per statement. */
  now(): number;
  /** Resolves when the schedule picks this step. `process` is the name that the unit of work was made with. */
  turn(process: string, label: string): Promise<void>;
  /** A step that waits for a lock, or for time alone when nobody wakes it. */
  park(process: string, label: string, timeoutMs: number): Parked;
}

/** A waiting step. Once woken or timed out it goes on when the schedule picks it. */
export interface Parked {
  /** `woken` when `wake` came first, else `timeout` after `timeoutMs`. */
  readonly done: Promise<'woken' | 'timeout'>;
  /** May be called while another step runs; does not run the waiting one at once. Later calls do nothing. */
  wake(): void;
}
