import { MUTANTS } from './mutants/table';
import type { Mutant } from './mutants/mutant';
import { PLAIN, play } from './players';

export interface Proof {
  readonly mutant: Mutant;
  readonly reconciles: boolean;
  /** The seed that found it, null when none did. */
  readonly seed: number | null;
  /** Which invariant it broke, or why nothing was found. */
  readonly by: string;
  readonly seconds: number;
}

export const WITHIN_SEEDS = 1_000;

/** Plays every mutant until a seed finds it, some at a time; twice where the reconciler must not matter. */
export async function proveMutants(
  jobs: number,
  told: (proof: Proof) => void,
  mutants: readonly Mutant[] = MUTANTS,
): Promise<readonly Proof[]> {
  const waiting = mutants.flatMap((mutant) => waysOf(mutant).map((reconciles) => ({ mutant, reconciles })));
  const proofs: Proof[] = [];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const proof = await prove(next.mutant, next.reconciles);
      proofs.push(proof);
      told(proof);
    }
  };
  await Promise.all(Array.from({ length: jobs }, lane));
  return proofs;
}

function waysOf({ reconciler }: Mutant): readonly boolean[] {
  if (reconciler === 'both') return [true, false];
  return [reconciler !== 'off'];
}

async function prove(mutant: Mutant, reconciles: boolean): Promise<Proof> {
  const startedAt = performance.now();
  const order = { ...PLAIN, count: WITHIN_SEEDS, mutant: mutant.name, untilFound: true, reconciles };
  const seconds = (): number => (performance.now() - startedAt) / 1000;
  try {
    const { failure } = await play(order);
    const by = failure ? `${failure.invariant}: ${failure.detail.split('\n')[0]}` : 'nothing';
    // A simulator that breaks down has found nothing.
    const found = failure !== null && failure.invariant !== 'simulator';
    return { mutant, reconciles, seed: found ? failure.seed : null, by, seconds: seconds() };
  } catch (error) {
    const by = error instanceof Error ? error.message : String(error);
    return { mutant, reconciles, seed: null, by, seconds: seconds() };
  }
}
