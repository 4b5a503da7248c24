import { BOOKS_MUTANTS } from './books-mutants';
import { DRIVING_MUTANTS } from './driving-mutants';
import type { Mutant } from './mutant';
import { PRIZES_MUTANTS } from './prizes-mutants';
import { WORDS_MUTANTS } from './words-mutants';

/** Bugs that cost money, lose it, or promise it: each a change of a line or two of the real code. */
export const MUTANTS: readonly Mutant[] = [...DRIVING_MUTANTS, ...WORDS_MUTANTS, ...BOOKS_MUTANTS, ...PRIZES_MUTANTS];
