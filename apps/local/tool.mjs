import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { ensureBuilt } from './build.mjs';
import { ensurePackages, requireNode, runVisibly } from './packages.mjs';
import { dataDirOf } from './places.mjs';
import { whoRuns } from './run-state.mjs';
import { PlainError } from './stopping.mjs';

/**
 * Runs one of our command-line tools beside a system that runs. With DATABASE_URL and the other variables of a worker in the environment it
 * is that system, else the one of this data folder.
 */
export async function runTool(entry, args) {
  requireNode();
  await ensurePackages();
  await ensureBuilt({ parts: ['server'] });
  const env = process.env.DATABASE_URL ? process.env : { ...process.env, ...privateSystem(dataDirOf()) };
  return runVisibly(process.execPath, ['--enable-source-maps', entry, ...args], { env });
}

function privateSystem(dataDir) {
  const running = whoRuns(dataDir);
  if (!running?.ports) {
    throw new PlainError(
      'Yima is not running here. Start it first (npm start), or set DATABASE_URL as its worker has it.',
    );
  }
  const secretsFile = join(dataDir, 'secrets.json');
  const { database } = JSON.parse(readFileSync(secretsFile, 'utf8'));
  return {
    YIMA_PROFILE: 'local',
    YIMA_DATA_DIR: dataDir,
    SECRETS_FILE: secretsFile,
    DATABASE_URL: `mysql://yima_app:${encodeURIComponent(database.appPassword)}@127.0.0.1:${running.ports.mariadb}/yima`,
    REDIS_URL: `redis://127.0.0.1:${running.ports.redis}`,
    PUBLIC_URL: running.urls.home,
    LOG_LEVEL: 'warn',
  };
}
