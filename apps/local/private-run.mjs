import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensurePackages, requireNode, runVisibly } from './packages.mjs';
import { ENTRIES, ROOT } from './places.mjs';
import { showDeath } from './screen.mjs';
import { onStopSignal } from './stopping.mjs';
import { startSystem } from './system.mjs';

/**
 * Runs one built command against a system that exists only for it: fresh servers, free ports, everything stopped at the end. The
 * command finds in its environment the system's own variables and
 * `API_INTERNAL_URL`, `WORKER_INTERNAL_URL`, `RUN_FILE` (JSON, `children.worker.pid` is the present pid), `DEMO_REPORT` (JSON, when seeded).
 *
 * @param {'rehearsal'|'bench'} entry
 * @param {string[]} args
 * @param {object} options of `startSystem`, besides those set here
 * @returns {Promise<number>} exit code of the command
 */
export async function runOnPrivateSystem(entry, args, options) {
  requireNode();
  await ensurePackages();
  await ensureBuilt();
  const dataDir = join(ROOT, '.data', entry);
  const system = await startSystem({
    ...options,
    dataDir,
    profile: 'rehearsal',
    ports: 'free',
    fresh: true,
    onEvent: showDeath,
  });
  let stopped = null;
  onStopSignal(() => {
    stopped = system.stop().then(() => process.exit(130));
  });
  try {
    return await runVisibly(process.execPath, ['--enable-source-maps', ENTRIES[entry], ...args], {
      env: commandEnvironment(system),
    });
  } finally {
    await system.stop();
    await stopped;
    console.log(`Logs of this run: ${join(dataDir, 'logs')}`);
  }
}

function commandEnvironment({ env, urls, dataDir, demo }) {
  return {
    ...env,
    API_INTERNAL_URL: urls.apiInternal,
    WORKER_INTERNAL_URL: urls.workerInternal,
    RUN_FILE: join(dataDir, 'run.json'),
    ...(demo && { DEMO_REPORT: JSON.stringify(demo) }),
  };
}
