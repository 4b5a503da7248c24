import { DealOrder, type DealTable } from './deal-check';

/** More than a phone should be asked to work through. */
export const MOST_COUNTED = 2_000_000;
/** A slice of work between two breaths of the page. */
const SLICE_MS = 12;
const LOOK_EVERY = 64;

export interface DealCount {
  /** How often each prize came, in the order of the table. */
  counts: number[];
  /** Places on which more than one code fell; 0 in any deal that is one. */
  shared: number;
}

/**
 * Lays out every code of a deal and counts. The page stays alive meanwhile: work is done in slices, `progress` hears of each with the
 * number of codes done. Null when `stopped` said so.
 */
export async function countDeal(
  seed: string,
  { segment, prizes }: DealTable,
  progress: (done: number) => void,
  stopped: () => boolean,
): Promise<DealCount | null> {
  const n = segment.to - segment.from;
  const order = new DealOrder(seed, n);
  const tally = new Tally(prizes, n);
  for (let index = 0; index < n;) {
    const until = performance.now() + SLICE_MS;
    do {
      const stop = Math.min(index + LOOK_EVERY, n);
      for (; index < stop; index++) tally.add(order.position(index));
    } while (index < n && performance.now() < until);
    progress(index);
    await breath();
    if (stopped()) return null;
  }
  return { counts: tally.counts, shared: tally.shared };
}

/** Which prize each place holds, and whether the place was free. */
class Tally {
  readonly counts: number[];
  shared = 0;
  private readonly ends: number[];
  /** One bit for each place. */
  private readonly taken: Uint8Array;

  constructor(prizes: DealTable['prizes'], n: number) {
    this.counts = prizes.map(() => 0);
    this.ends = endsOf(prizes);
    this.taken = new Uint8Array(Math.ceil(n / 8));
  }

  add(at: number): void {
    const [byte, bit] = [at >> 3, 1 << (at & 7)];
    const before = this.taken[byte] ?? 0;
    if ((before & bit) !== 0) this.shared += 1;
    this.taken[byte] = before | bit;
    const prize = this.ends.findIndex((end) => at < end);
    if (prize !== -1) this.counts[prize] = (this.counts[prize] ?? 0) + 1;
  }
}

function endsOf(prizes: DealTable['prizes']): number[] {
  let end = 0;
  return prizes.map(({ count }) => (end += count));
}

function breath(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
