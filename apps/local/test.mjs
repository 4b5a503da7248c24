import { mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startServers } from '../../libs/servers/src/index.mjs';
import { ensureBuilt } from './build.mjs';
import { ensureChromium } from './chromium.mjs';
import { ensurePackages, requireNode, runVisibly } from './packages.mjs';
import { ENTRIES, PACKAGES_DIR, ROOT } from './places.mjs';
import { onStopSignal, runCommand } from './stopping.mjs';
import { startSystem } from './system.mjs';
import { findTests, GROUPS } from './test-files.mjs';
import { countsOf, summarise } from './test-report.mjs';

const MEMORY_DISK = '/dev/shm';
const ENOUGH_BYTES = 2 * 1024 ** 3;

/** Servers' data in memory where there is enough of it: the tests commit a lot. */
function makeDataDir() {
  try {
    const { bavail, bsize } = statfsSync(MEMORY_DISK);
    if (bavail * bsize >= ENOUGH_BYTES) {
      removeForgotten();
      return mkdtempSync(join(MEMORY_DISK, 'yima-test-'));
    }
  } catch {
    // No such disk here: the checkout's own will do.
  }
  const parent = join(ROOT, '.data');
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, 'test-'));
}

/** Memory is dear: what a run that was killed left there a day ago goes. */
function removeForgotten() {
  for (const name of readdirSync(MEMORY_DISK).filter((entry) => entry.startsWith('yima-test-'))) {
    const path = join(MEMORY_DISK, name);
    if (Date.now() - statSync(path).mtimeMs > 24 * 3_600_000) rmSync(path, { recursive: true, force: true });
  }
}

/** `--no-browser` is ours; other flags and patterns go to Jest. */
export function parseArguments(args) {
  const rest = args.filter((argument) => argument !== '--no-browser');
  return {
    browser: !args.includes('--no-browser'),
    filters: rest.filter((argument) => !argument.startsWith('-')),
    flags: rest.filter((argument) => argument.startsWith('-')),
  };
}

async function main() {
  const { browser, filters, flags } = parseArguments(process.argv.slice(2));
  const say = (line) => console.log(`  ${line}`);
  requireNode();
  await ensurePackages({ say });
  const tests = findTests(filters);
  const leftOut = [];
  if (!browser && tests.browser.length > 0) {
    leftOut.push(`browser tests left out by --no-browser: ${tests.browser.join(', ')}`);
    tests.browser = [];
  }
  const env = { ...process.env, NODE_ENV: 'test' };
  // A path asks for those files alone; without one everything runs, and then the machine must be able to show pages too.
  if (tests.browser.length > 0) env.CHROMIUM_PATH = await ensureChromium({ say });
  if (tests.e2e.length + tests.browser.length > 0) await ensureBuilt({ say });

  const dataDir = makeDataDir();
  let servers = null;
  const clean = async () => {
    await servers?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  onStopSignal(async () => {
    await clean();
    process.exit(130);
  });
  try {
    servers = await startServers({
      dataDir,
      packagesDir: PACKAGES_DIR,
      databaseUrl: process.env.TEST_DATABASE_URL,
      redisUrl: process.env.TEST_REDIS_URL,
      bufferPool: '512M',
      say,
    });
    Object.assign(env, {
      TEST_DATABASE_URL: servers.databaseUrl,
      TEST_REDIS_URL: servers.redisUrl,
      TEST_DATA_DIR: dataDir,
    });
    const runners = await runAll({ tests, flags, filters, dataDir, env });
    return report(runners, leftOut);
  } finally {
    await clean();
  }
}

/** Runs each runner to its end, also after a failure of an earlier one: one run tells everything. */
async function runAll({ tests, flags, filters, dataDir, env }) {
  const runners = [];
  const add = async (name, kind, command) => {
    console.log(`\n== ${name}`);
    const file = join(dataDir, `report-${name}.${kind}`);
    const startedAt = Date.now();
    // Databases of its own: no group meets the rows that another one planted.
    const suffix = `${env.TEST_DATABASE_SUFFIX ?? ''}${name}_`;
    const exitCode = await runVisibly(process.execPath, command(file), {
      env: { ...env, TEST_DATABASE_SUFFIX: suffix },
    });
    console.log(`   ${name}: ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
    runners.push({ name, kind, file, exitCode });
  };
  if (filters.length === 0 && flags.length === 0) {
    await add('check', 'check', (file) => [join(ROOT, 'apps/local/check.mjs'), '--report', file]);
  }
  // Some thousand made-up worlds; needs no servers, but both cores.
  if (filters.length === 0 && flags.length === 0) {
    await add('simulator', 'check', (file) => [join(ROOT, ENTRIES.simulate), '--test', '--report', file]);
  }
  for (const group of GROUPS.filter((name) => tests[name].length > 0)) {
    if (group === 'node') await add(group, 'tap', (file) => nodeTestArguments(tests.node, file));
    else if (group === 'browser') {
      const shared = await sharedSystem(tests.browser, dataDir);
      Object.assign(env, shared.env);
      await add(group, 'jest', (file) => jestArguments(group, tests[group], flags, file));
      await shared.stop();
    } else await add(group, 'jest', (file) => jestArguments(group, tests[group], flags, file));
  }
  return runners;
}

/** One system for all browser specs: each would wait a minute for its own. One that does not start shows why in each spec. */
async function sharedSystem(files, dataDir) {
  const nothing = { env: {}, stop: () => Promise.resolve() };
  if (files.length < 2) return nothing;
  const startedAt = Date.now();
  try {
    const system = await startSystem({
      ...{
        dataDir: join(dataDir, 'browser'),
        profile: 'rehearsal',
        ports: 'free',
        seed: true,
        tour: true,
        quiet: true,
      },
    });
    const { urls, demo, env } = system;
    console.log(`\n   the system of the browser specs: ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
    return {
      env: { TEST_SYSTEM: JSON.stringify({ urls, demo, sandboxToken: env.SANDBOX_ADMIN_TOKEN }) },
      stop: () => system.stop(),
    };
  } catch (error) {
    console.error(error.message);
    return nothing;
  }
}

function nodeTestArguments(files, report) {
  const reporters = ['spec', 'stdout', 'tap', report];
  const flags = reporters.map((value, at) => `--test-reporter${at % 2 ? '-destination' : ''}=${value}`);
  // They mostly wait for processes, so more of them than cores.
  return ['--test', '--test-concurrency=4', ...flags, ...files];
}

function jestArguments(group, files, flags, report) {
  // Systems and browsers are heavy: one at a time. Others take the cores.
  const workers = ['e2e', 'browser'].includes(group) ? ['--runInBand'] : ['--maxWorkers=100%'];
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
  return [jest, ...workers, '--json', `--outputFile=${report}`, ...flags, '--runTestsByPath', ...files];
}

/** The last line is alone on its own and says the sum; other programs read it. */
function report(runners, leftOut) {
  const all = runners.map((runner) => ({ ...runner, ...countsOf(runner) }));
  const sum = summarise(all);
  console.log('');
  for (const { name, passed, failed, skipped } of all) {
    console.log(`  ${name.padEnd(8)} ${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
  }
  for (const failure of sum.failures) console.log(`  failed: ${failure}`);
  for (const line of leftOut) console.log(`  skipped: ${line}`);
  if (sum.passed + sum.failed === 0) console.log('  no tests were found');
  console.log(`\n${sum.line}`);
  return sum.ok ? 0 : 1;
}

await runCommand(main);
