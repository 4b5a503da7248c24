import { MUTANTS } from './mutants/table';
import type { Mutant } from './mutants/mutant';
import { PLAIN, play } from './players';

export interface Proof {
  /** Of the mutant. */
  readonly name: string;
  readonly reconciles: boolean;
  /** The seed that found it, null when none did. */
  readonly seed: number | null;
  /** Which invariant it broke, or why nothing was found. */
  readonly by: string;
  readonly seconds: number;
}

export const WITHIN_SEEDS = 1_000;

/** Plays mutants until a seed finds each, some at a time; twice where the reconciler must not matter. What is in `known` is not tried again. */
export async function proveMutants(
  jobs: number,
  told: (proof: Proof) => void,
  mutants: readonly Mutant[] = MUTANTS,
  known: readonly Proof[] = [],
): Promise<readonly Proof[]> {
  const waiting = mutants
    .flatMap((mutant) => waysOf(mutant).map((reconciles) => ({ mutant, reconciles })))
    .filter(
      ({ mutant, reconciles }) => !known.some((one) => one.name === mutant.name && one.reconciles === reconciles),
    );
  const proofs = [...known];
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

async function prove({ name }: Mutant, reconciles: boolean): Promise<Proof> {
  const startedAt = performance.now();
  const order = { ...PLAIN, count: WITHIN_SEEDS, mutant: name, untilFound: true, reconciles };
  const seconds = (): number => (performance.now() - startedAt) / 1000;
  try {
    const { failure } = await play(order);
    const by = failure ? `${failure.invariant}: ${failure.detail.split('\n')[0]}` : 'nothing';
    // A simulator that breaks down has found nothing.
    const found = failure !== null && failure.invariant !== 'simulator';
    return { name, reconciles, seed: found ? failure.seed : null, by, seconds: seconds() };
  } catch (error) {
    const by = error instanceof Error ? error.message : String(error);
    return { name, reconciles, seed: null, by, seconds: seconds() };
  }
}

/** The table of docs/simulator.md, in the order of the mutants. */
export function proofTable(proofs: readonly Proof[]): string {
  const rows = MUTANTS.map(({ name }) => {
    const [on, off] = [true, false].map((reconciles) =>
      proofs.find((one) => one.name === name && one.reconciles === reconciles),
    );
    return `| ${[name, seedOf(on), seedOf(off), wordOf(on ?? off)].join(' | ')} |`;
  });
  return ['| planted bug | seed | without reconciler | broke |', '| --- | ---: | ---: | --- |', ...rows].join('\n');
}

function seedOf(proof: Proof | undefined): string {
  if (!proof) return '–';
  return proof.seed === null ? 'not found' : String(proof.seed);
}

/** The invariant; `defect` is the code's own assertion, `unforeseen` an error of the schema. */
function wordOf(proof: Proof | undefined): string {
  const word = proof?.by.split(':')[0] ?? '';
  return word === 'defect' ? '`Defect`' : word === 'unforeseen' ? 'error of the schema' : word;
}
