import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout this launcher belongs to. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** State of this installation: servers' data, secrets, logs. */
export const dataDirOf = (env = process.env) => resolve(ROOT, env.YIMA_DATA_DIR || '.data');

/** Programs unpacked without root serve every data folder of the checkout. */
export const PACKAGES_DIR = join(ROOT, '.data', 'pkgs');

/** Notes about what was installed and built; they vanish together with node_modules. */
export const STAMPS_DIR = join(ROOT, 'node_modules', '.cache', 'yima');

/** Processes of one system, their built entry and the port where each answers /readyz. */
export const APPS = {
  sandbox: { entry: 'dist/apps/wechat-sandbox/src/main.js', readyPort: 'sandboxAdmin' },
  api: { entry: 'dist/apps/api/src/main.js', readyPort: 'apiInternal' },
  worker: { entry: 'dist/apps/worker/src/main.js', readyPort: 'workerInternal' },
};

export const ENTRIES = {
  migrate: 'dist/migrations/run.js',
  seed: 'dist/apps/worker/src/seed.js',
  seedScans: 'dist/apps/worker/src/seed-scans.js',
  recover: 'dist/apps/worker/src/recover.js',
  staff: 'dist/apps/worker/src/staff.js',
  rehearsal: 'dist/apps/rehearsal/src/main.js',
  bench: 'dist/apps/rehearsal/src/bench/main.js',
  simulate: 'dist/apps/rehearsal/src/simulate/main.js',
  openapi: 'dist/apps/api/src/openapi.js',
  envExample: 'dist/libs/config/src/env-example.js',
};

export const H5_DIR = join(ROOT, 'apps', 'h5', 'dist');
export const CONSOLE_DIR = join(ROOT, 'apps', 'console', 'dist');
