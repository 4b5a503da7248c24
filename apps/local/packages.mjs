import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './places.mjs';
import { PlainError } from './stopping.mjs';

const LOWEST_NODE = [20, 19, 0];

/** Refuses a Node that is too old before anything else fails in a stranger way. */
export function requireNode(version = process.versions.node) {
  const parts = version.split('.').map(Number);
  const difference = LOWEST_NODE.map((lowest, at) => parts[at] - lowest).find((value) => value !== 0) ?? 0;
  if (difference >= 0) return;
  throw new PlainError(
    `Yima needs Node ${LOWEST_NODE.join('.')} or newer; this is ${version}.\n需要更新 Node.js：https://nodejs.org/ 或 nvm install 20`,
  );
}

/**
 * Names of packages whose installed version is not the locked one. npm keeps its own note of what it installed
 * (`node_modules/.package-lock.json`), so somebody's `npm install` counts as well. Optional ones may be missing.
 *
 * @param {{ packages: Record<string, { version?: string, optional?: boolean, devOptional?: boolean, link?: boolean }> }} lock
 * @param {{ packages: Record<string, { version?: string }> } | null} installed
 */
export function staleness(lock, installed) {
  if (!installed) return ['everything'];
  return Object.entries(lock.packages)
    .filter(([path, wanted]) => {
      if (path === '' || wanted.link) return false;
      const found = installed.packages[path];
      return found ? found.version !== wanted.version : !wanted.optional && !wanted.devOptional && !wanted.peer;
    })
    .map(([path]) => path);
}

const readJson = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null);

/** `npm ci` when node_modules is missing or is not what package-lock.json says. Returns whether it ran. */
export async function ensurePackages({ say = console.log } = {}) {
  const stale = staleness(
    readJson(join(ROOT, 'package-lock.json')),
    readJson(join(ROOT, 'node_modules', '.package-lock.json')),
  );
  if (stale.length === 0) return false;
  say(`npm ci (first time or package-lock.json changed: ${stale.slice(0, 3).join(', ')}) …`);
  const code = await runVisibly('npm', ['ci', '--no-audit', '--no-fund', '--loglevel', 'error']);
  if (code !== 0) {
    throw new PlainError(
      'npm ci failed; its reason stands above. Nothing was changed outside node_modules. Network or proxy? Try: npm ci --loglevel verbose',
    );
  }
  return true;
}

/** Runs a command on our own screen; resolves with its exit code (128 + n never; a signal counts as 1). */
export function runVisibly(command, args, { env = process.env, cwd = ROOT, quiet = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', quiet ? 'ignore' : 'inherit', 'inherit'] });
    child.once('error', (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(127);
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
