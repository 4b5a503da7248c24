import { readFileSync } from 'node:fs';
import { mutated } from './mutant';
import { MUTANTS } from './table';

it('there are enough planted bugs, each with a name of its own', () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(40);
  expect(MUTANTS.filter(({ quick }) => quick).length).toBeGreaterThan(0);
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
});

it.each(MUTANTS)('$name: has exactly one place in the code as it is', (mutant) => {
  const source = readFileSync(mutant.file, 'utf8');
  expect(mutated(mutant, source)).not.toBe(source);
});
