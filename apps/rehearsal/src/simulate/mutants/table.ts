import { BOOK_MUTANTS } from './book-mutants';
import { DRIVING_MUTANTS } from './driving-mutants';
import { EDGE_MUTANTS } from './edge-mutants';
import type { Mutant } from './mutant';
import { PEOPLE_MUTANTS } from './people-mutants';

/** Bugs that cost money, lose it, or promise it: each a change of a line or two of the real code. */
export const MUTANTS: readonly Mutant[] = [...DRIVING_MUTANTS, ...EDGE_MUTANTS, ...BOOK_MUTANTS, ...PEOPLE_MUTANTS];
