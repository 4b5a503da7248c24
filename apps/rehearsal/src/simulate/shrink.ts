import type { Played } from './play-seed';

/** Plays a seed without some elements of its plan. */
export type Replay = (without: ReadonlySet<number>) => Promise<Played>;

/**
 * Leaves out whatever is not needed for the failure, one element after the other, until none can go any more. At most two rounds: the
 * second one takes what only held because of something later.
 */
export async function shrink(
  failed: Played,
  replay: Replay,
): Promise<Played & { readonly without: readonly number[] }> {
  let smallest = failed;
  let without = new Set<number>();
  for (let round = 0; round < 2; round++) {
    const before = without.size;
    for (let no = failed.plan.elements.length - 1; no >= 0; no--) {
      if (without.has(no)) continue;
      const tried = new Set([...without, no]);
      const played = await replay(tried);
      if (played.violation?.invariant !== failed.violation?.invariant) continue;
      smallest = played;
      without = tried;
    }
    if (without.size === before) break;
  }
  return { ...smallest, without: [...without].sort((a, b) => a - b) };
}
