import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../libs/servers/src/index.mjs';
import { CONSOLE_DIR, H5_DIR, ROOT, STAMPS_DIR } from './places.mjs';
import { PlainError } from './stopping.mjs';

const bin = (name) => join(ROOT, 'node_modules', '.bin', name);

const SERVER = {
  name: 'server',
  label: 'nest build',
  sources: ['apps', 'libs', 'migrations', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json', 'package-lock.json'],
  skip: /(^|\/)(node_modules|dist|test|fixtures)(\/|$)|^apps\/(h5|console|local)\/|\.(spec|e2e-spec)\.ts$/,
  result: join(ROOT, 'dist', 'apps', 'api', 'src', 'main.js'),
  command: [bin('nest'), ['build']],
};

const H5 = {
  name: 'h5',
  label: 'vite build apps/h5',
  sources: ['apps/h5', 'libs/api-client', 'libs/brand', 'libs/packing', 'package-lock.json'],
  skip: /(^|\/)(node_modules|dist|test)(\/|$)|\.spec\.ts$/,
  result: join(H5_DIR, 'index.html'),
  command: [bin('vite'), ['build', 'apps/h5', '--logLevel', 'warn']],
};

const CONSOLE = {
  name: 'console',
  label: 'vite build apps/console',
  sources: ['apps/console', 'libs/api-client', 'libs/brand', 'libs/packing', 'package-lock.json'],
  skip: /(^|\/)(node_modules|dist|test)(\/|$)|\.spec\.ts$/,
  result: join(CONSOLE_DIR, 'index.html'),
  command: [bin('vite'), ['build', 'apps/console', '--logLevel', 'warn']],
};

/** A hash over names, sizes and change times: cheap, and wrong only in the direction of building once too often. */
export function sourceStamp({ sources, skip }, root = ROOT) {
  const hash = createHash('sha256');
  for (const source of sources) addToStamp(hash, source, skip, root);
  return hash.digest('hex');
}

function addToStamp(hash, path, skip, root) {
  const full = join(root, path);
  if (skip.test(path) || !existsSync(full)) return;
  const stat = statSync(full);
  if (!stat.isDirectory()) {
    hash.update(`${path}\0${stat.mtimeMs}\0${stat.size}\n`);
    return;
  }
  for (const name of readdirSync(full).sort()) addToStamp(hash, `${path}/${name}`, skip, root);
}

/**
 * Builds what changed since the last build. Two commands in one checkout take turns.
 *
 * @returns {Promise<string[]>} names of the parts that were built
 */
export async function ensureBuilt({ parts = ['server', 'h5', 'console'], say = console.log } = {}) {
  const wanted = [SERVER, H5, CONSOLE].filter((part) => parts.includes(part.name));
  return withBuildLock(async () => {
    // Side by side: each keeps one core busy. Both end before the lock is given back.
    const results = await Promise.allSettled(wanted.map((part) => buildPart(part, say)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    return wanted.filter((part, at) => results[at].value).map((part) => part.name);
  });
}

async function buildPart(part, say) {
  const stampFile = join(STAMPS_DIR, `${part.name}.stamp`);
  const stamp = sourceStamp(part);
  const before = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : '';
  if (before === stamp && existsSync(part.result)) return false;
  const startedAt = Date.now();
  say(`${part.label} …`);
  try {
    await run(part.command[0], part.command[1], { cwd: ROOT });
  } catch (error) {
    throw new PlainError(`The build failed:\n${error.message}`, { cause: error });
  }
  mkdirSync(STAMPS_DIR, { recursive: true });
  writeFileSync(stampFile, stamp);
  say(`${part.label}: ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  return true;
}

async function withBuildLock(work) {
  const lock = join(STAMPS_DIR, 'build.lock');
  mkdirSync(STAMPS_DIR, { recursive: true });
  const until = Date.now() + 10 * 60_000;
  while (!take(lock)) {
    if (Date.now() > until) throw new PlainError(`Another command has been building for 10 minutes (${lock}).`);
    await sleep(300);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isAlive(Number(readFileSync(lock, 'utf8')))) rmSync(lock, { force: true });
    return false;
  }
}

function isAlive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
