import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readOptions, TEST_SEEDS, type Options } from './options';
import { MUTANTS } from './mutants/table';
import type { Failure } from './orders';
import { PLAIN, play, playTogether } from './players';
import { proofTable, proveMutants, type Proof } from './prove-mutants';

/** `npm run simulate`: exit code 0 only when no seed broke an invariant, or when every mutant was found. */
async function main(): Promise<boolean> {
  const options = readOptions(process.argv.slice(2));
  switch (options.what) {
    case 'test':
      return test(options);
    case 'mutants':
      return (await mutants(options)).every(({ seed }) => seed !== null);
    default:
      return seeds(options);
  }
}

async function seeds({
  from,
  seeds: count,
  mutant,
  reconciles,
  without,
  trace,
  minutes,
  jobs,
}: Options): Promise<boolean> {
  const startedAt = Date.now();
  const order = { ...PLAIN, from, count, mutant, reconciles, without, trace };
  const withinMs = minutes === null ? null : minutes * 60_000;
  const played = await playTogether({ ...order, withinMs }, jobs, progressLine(count, startedAt));
  const seconds = (Date.now() - startedAt) / 1000;
  say(
    `\r${played.seeds} seeds, ${played.steps} steps in ${seconds.toFixed(1)} s${count === 1 ? `, trace ${played.trace}` : ''}`,
  );
  if (!played.failure) return true;
  sayFailure(played.failure, mutant, reconciles);
  return false;
}

function progressLine(count: number, startedAt: number): (seeds: number) => void {
  let last = 0;
  return (played) => {
    if (!process.stdout.isTTY || Date.now() - last < 500) return;
    last = Date.now();
    const each = (last - startedAt) / Math.max(1, played);
    process.stdout.write(`\r${played} of ${count} seeds, ${each.toFixed(1)} ms each `);
  };
}

function sayFailure(
  { seed, invariant, detail, without, elements }: Failure,
  mutant: string | null,
  reconciles: boolean,
): void {
  say(`\nseed ${seed} breaks ${invariant}: ${detail}`);
  for (const element of elements) say(`  ${element}`);
  const extra = [
    ...(without.length > 0 ? [`--without ${without.join(',')}`] : []),
    ...(mutant === null ? [] : [`--mutant ${mutant}`]),
    ...(reconciles ? [] : ['--no-reconciler']),
  ];
  say(`replay: npm run simulate -- --seed ${seed} ${extra.join(' ')}`.trimEnd());
}

/** With a report it goes on where an earlier call was cut off. */
async function mutants({ jobs, report }: Pick<Options, 'jobs' | 'report'>): Promise<readonly Proof[]> {
  const known = report !== null && existsSync(report) ? (JSON.parse(readFileSync(report, 'utf8')) as Proof[]) : [];
  const done = [...known];
  const told = (proof: Proof): void => {
    sayProof(proof);
    done.push(proof);
    if (report !== null) writeFileSync(report, JSON.stringify(done, null, 1));
  };
  const proofs = await proveMutants(jobs, told, MUTANTS, known);
  say(proofTable(proofs));
  return proofs;
}

function sayProof({ name, reconciles, seed, by, seconds }: Proof): void {
  const found = seed === null ? 'NOT FOUND' : `seed ${seed}`;
  const how = reconciles ? '' : 'no reconciler';
  say(`  ${name.padEnd(48)} ${how.padEnd(13)} ${found.padEnd(10)} ${seconds.toFixed(1)} s  ${by.slice(0, 120)}`);
}

/**
 * What `npm test` asks for: the same seed is the same story, some thousand seeds break nothing, and a few planted bugs are found.
 * All of them (`--mutants`) take longer than a test may.
 */
async function test({ jobs, report }: Options): Promise<boolean> {
  const results: { name: string; ok: boolean }[] = [];
  const note = (name: string, ok: boolean): void => void results.push({ name, ok });
  const [alone, again] = await Promise.all([play({ ...PLAIN, from: 77 }), play({ ...PLAIN, from: 17, count: 61 })]);
  note(
    'the same seed is the same story, alone and after sixty others',
    alone.trace !== '' && alone.trace === again.trace,
  );
  const startedAt = Date.now();
  const played = await playTogether({ ...PLAIN, count: TEST_SEEDS }, jobs, () => undefined);
  say(`${played.seeds} seeds, ${played.steps} steps in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  if (played.failure) sayFailure(played.failure, null, true);
  note(`${TEST_SEEDS} seeds break no invariant`, played.failure === null && played.seeds === TEST_SEEDS);
  const quick = MUTANTS.filter((mutant) => mutant.quick);
  for (const { name, seed, by } of await proveMutants(jobs, sayProof, quick)) {
    note(`the planted bug is found: ${name}${seed === null ? `, but ${by}` : ''}`, seed !== null);
  }
  if (report !== null) writeFileSync(report, JSON.stringify(results));
  for (const { name, ok } of results) if (!ok) say(`failed: ${name}`);
  return results.every(({ ok }) => ok);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().then(
  (ok) => (process.exitCode = ok ? 0 : 1),
  (error: unknown) => {
    process.stderr.write(`simulate: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
