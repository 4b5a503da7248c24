/** A bug planted in the real source. `find` occurs exactly once in `file`. */
export interface Mutant {
  readonly name: string;
  /** Path from the root of the checkout. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /**
   * `off`: the reconciler heals it, so only a world without one shows it. `both`: the line's own defence must notice it, so it must be found
   * without a reconciler, too. Absent: it is found with one, because the bug sits in what only the reconciler drives.
   */
  readonly reconciler?: 'off' | 'both';
  /** Found within few seeds: `npm test` looks for it, too. */
  readonly quick?: true;
}

/** The source with its bug. Throws when the place to put it is not there, or is there twice. */
export function mutated(mutant: Mutant, source: string): string {
  const parts = source.split(mutant.find);
  if (parts.length !== 2) {
    throw new Error(`mutant ${mutant.name}: its text occurs ${parts.length - 1} times in ${mutant.file}`);
  }
  return parts.join(mutant.replace);
}
