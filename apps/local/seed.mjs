import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { ensureBuilt } from './build.mjs';
import { ensurePackages, requireNode, runVisibly } from './packages.mjs';
import { dataDirOf, ENTRIES } from './places.mjs';
import { whoRuns } from './run-state.mjs';
import { PlainError, runCommand } from './stopping.mjs';

/**
 * `npm run seed -- --scans 10000000`: fills the running system (or that of DATABASE_URL and the other variables of a tool) with the last
 * three months of a big brand, straight into facts and roll-ups. Cut off, the same command goes on where it was.
 */
async function main() {
  requireNode();
  await ensurePackages();
  await ensureBuilt({ parts: ['server'] });
  const env = process.env.DATABASE_URL ? process.env : { ...process.env, ...privateSystem(dataDirOf()) };
  return runVisibly(process.execPath, ['--enable-source-maps', ENTRIES.seedScans, ...process.argv.slice(2)], { env });
}

function privateSystem(dataDir) {
  const running = whoRuns(dataDir);
  if (!running?.ports) {
    throw new PlainError('Yima is not running here. Start it first (npm start), or set DATABASE_URL.');
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
  };
}

await runCommand(main);
