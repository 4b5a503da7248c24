import 'reflect-metadata';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { BenchSystem } from './bench-system';
import { budgetSuite } from './budget-suite';
import { codesSuite } from './codes-suite';
import { coreSuite } from './core-suite';
import { decideSuite } from './decide-suite';
import { httpSuite } from './http-suite';
import { fsyncProbeMs, type Row } from './measure';
import { keep, table } from './output';
import { payoutsSuite } from './payouts-suite';
import { reconcileSuite } from './reconcile-suite';
import { replaySuite } from './replay-suite';
import { reportSuite } from './report-suite';
import { screensSuite } from './screens-suite';

const SUITES = [
  'codes',
  'decide',
  'core',
  'budget',
  'http',
  'report',
  'screens',
  'replay',
  'reconcile',
  'payouts',
] as const;
type Suite = (typeof SUITES)[number];
const FULL_ROUNDS = 5;
/** Scans behind the screens; `--scans 10000000` measures them at their goal. */
const SCREEN_SCANS = { quick: 200_000, full: 1_000_000 };

/** `npm run bench -- [suite …] [--quick] [--scans 10000000]`: both sides of every comparison in one run. */
async function main(): Promise<void> {
  const { suites, quick, scans } = readArguments(process.argv.slice(2));
  const rounds = quick ? 1 : FULL_ROUNDS;
  const needsDatabase = suites.some((suite) => suite !== 'codes' && suite !== 'decide');
  const system = needsDatabase ? await BenchSystem.open() : null;
  const facts = await conditions(system);
  for (const [name, value] of Object.entries(facts)) say(`  ${name.padEnd(12)} ${value}`);
  const rows: Row[] = [];
  try {
    if (system && suites.some((suite) => suite === 'core' || suite === 'budget' || suite === 'http'))
      await system.buildWorld();
    for (const suite of suites) {
      say(`\n== ${suite}`);
      const some =
        suite === 'screens'
          ? await screensSuite(system!, { rounds, scans }, say)
          : await run(suite, system, rounds, quick);
      for (const row of some)
        say(
          `  ${row.what}: ${row.a} ÷ ${row.b} = ${row.ratio.toFixed(2)} (${row.min.toFixed(2)} – ${row.max.toFixed(2)})`,
        );
      rows.push(...some);
    }
  } finally {
    await system?.app.close();
  }
  say(`\n${table(rows)}\n`);
  say(`kept in ${keep(rows, facts, join(process.cwd(), '.data', 'bench'))}`);
}

function run(
  suite: Exclude<Suite, 'screens'>,
  system: BenchSystem | null,
  rounds: number,
  quick: boolean,
): Promise<Row[]> {
  if (suite === 'codes') return codesSuite(rounds, quick);
  if (suite === 'decide') return decideSuite(rounds, quick);
  if (system === null) throw new Error(`${suite} needs a database`);
  if (suite === 'replay') return replaySuite(system, rounds, quick);
  if (suite === 'payouts') return payoutsSuite(system, rounds, quick);
  if (suite === 'reconcile') return reconcileSuite(system, quick);
  if (suite === 'core') return coreSuite(system, rounds, quick);
  if (suite === 'budget') return budgetSuite(system, rounds, quick);
  return suite === 'http' ? httpSuite(system, rounds, quick) : reportSuite(system, rounds, quick);
}

function readArguments(given: readonly string[]): { suites: readonly Suite[]; quick: boolean; scans: number } {
  const at = given.indexOf('--scans');
  const argv = at < 0 ? given : given.toSpliced(at, 2);
  const quick = argv.includes('--quick');
  const scans = at < 0 ? SCREEN_SCANS[quick ? 'quick' : 'full'] : Number(given[at + 1]);
  if (!Number.isInteger(scans) || scans < 1) throw new Error('--scans takes a whole number');
  const names = argv.filter((argument) => !argument.startsWith('-'));
  const wanted = names.includes('scan')
    ? [...names.filter((name) => name !== 'scan'), 'core', 'budget', 'http']
    : names;
  const unknown = wanted.filter((name) => !SUITES.some((suite) => suite === name));
  const flags = argv.filter((argument) => argument.startsWith('-') && argument !== '--quick');
  if (unknown.length + flags.length > 0) {
    throw new Error(
      `unknown: ${[...unknown, ...flags].join(' ')}. npm run bench -- [${SUITES.join(' | ')} | scan] [--quick] [--scans N]`,
    );
  }
  return {
    suites: SUITES.filter((suite) => wanted.length === 0 || wanted.includes(suite)),
    ...{ quick, scans },
  };
}

/** What a reader must know before quoting a number. */
async function conditions(system: BenchSystem | null): Promise<Record<string, string>> {
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}`;
  const facts = {
    machine,
    node: process.version,
    fdatasync: `${fsyncProbeMs(process.env.YIMA_DATA_DIR).toFixed(2)} ms for 4 KiB`,
  };
  if (system === null) return facts;
  const [row] = await system.database.query<Record<string, string | number>>(
    `SELECT VERSION() AS version, @@innodb_flush_log_at_trx_commit AS flush, @@log_bin AS log_bin, @@sync_binlog AS sync_binlog,
       @@innodb_buffer_pool_size DIV 1048576 AS pool, @@innodb_flush_method AS method`,
  );
  return {
    ...facts,
    database: `${row!.version}, innodb_flush_log_at_trx_commit=${row!.flush}, log_bin=${row!.log_bin}, sync_binlog=${row!.sync_binlog}, ${row!.method}, buffer pool ${row!.pool} MiB`,
  };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
