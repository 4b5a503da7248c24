import { ensureBuilt } from './build.mjs';
import { ensurePackages, requireNode, runVisibly } from './packages.mjs';
import { dataDirOf, ENTRIES } from './places.mjs';
import { whoRuns } from './run-state.mjs';
import { onStopSignal, PlainError, runCommand } from './stopping.mjs';
import { startSystem } from './system.mjs';

/**
 * Brings the schema to head: on the database of MIGRATOR_DATABASE_URL (and DATABASE_URL, whose user gets the grants), else on the
 * private one, which is started for it.
 */
async function main() {
  requireNode();
  await ensurePackages();
  await ensureBuilt({ parts: ['server'] });
  if (process.env.MIGRATOR_DATABASE_URL) return runVisibly(process.execPath, [ENTRIES.migrate]);
  const dataDir = dataDirOf();
  const running = whoRuns(dataDir);
  if (running) throw new PlainError(`Yima is running at ${running.urls?.home}; each start migrates. Stop it first.`);
  const { DATABASE_URL: databaseUrl } = process.env;
  const system = await startSystem({ dataDir, profile: 'local', ports: 'stable', apps: [], databaseUrl });
  onStopSignal(() => system.stop());
  console.log('The schema is at head.');
  await system.stop();
  return 0;
}

await runCommand(main);
