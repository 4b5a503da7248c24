import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mutated } from './mutant';
import { MUTANTS } from './table';

const ROOT = join(__dirname, '../../../../..');

it('plants at least forty bugs, each with a name of its own', () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(40);
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
});

it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))('%s has its one place in the source', (_, mutant) => {
  const source = readFileSync(join(ROOT, mutant.file), 'utf8');
  expect(mutated(mutant, source)).not.toBe(source);
});
