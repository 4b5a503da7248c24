import { MUTANTS } from './mutants/table';
import type { Mutant } from './mutants/mutant';
import { PLAIN, play } from './players';

export interface Proof {
  readonly mutant: Mutant;
  /** The seed that found it, null when none did. */
  readonly seed: number | null;
  readonly seeds: number;
  /** Which invariant it broke, or why nothing was found. */
  readonly by: string;
  readonly seconds: number;
}

export const WITHIN_SEEDS = 1_000;

/** Plays every mutant until a seed finds it, some at a time. */
export async function proveMutants(
  jobs: number,
  told: (proof: Proof) => void,
  mutants: readonly Mutant[] = MUTANTS,
): Promise<readonly Proof[]> {
  const waiting = [...mutants];
  const proofs: Proof[] = [];
  const lane = async (): Promise<void> => {
    for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
      const proof = await prove(mutant);
      proofs.push(proof);
      told(proof);
    }
  };
  await Promise.all(Array.from({ length: jobs }, lane));
  return proofs;
}

async function prove(mutant: Mutant): Promise<Proof> {
  const startedAt = performance.now();
  const order = { ...PLAIN, count: WITHIN_SEEDS, mutant: mutant.name, untilFound: true };
  const seconds = (): number => (performance.now() - startedAt) / 1000;
  try {
    const { failure, seeds } = await play({ ...order, reconciles: mutant.reconciler !== 'off' });
    const by = failure ? `${failure.invariant}: ${failure.detail.split('\n')[0]}` : 'nothing';
    // A simulator that breaks down has found nothing.
    const found = failure !== null && failure.invariant !== 'simulator';
    return { mutant, seed: found ? failure.seed : null, seeds, by, seconds: seconds() };
  } catch (error) {
    return {
      mutant,
      seed: null,
      seeds: 0,
      by: error instanceof Error ? error.message : String(error),
      seconds: seconds(),
    };
  }
}
