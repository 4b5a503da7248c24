import { findServers, isPortFreeEverywhere, nextFreePort } from '../../libs/servers/src/index.mjs';
import { ensureBuilt } from './build.mjs';
import { watchLogs } from './logs.mjs';
import { ensurePackages, requireNode } from './packages.mjs';
import { dataDirOf, PACKAGES_DIR } from './places.mjs';
import { whoRuns } from './run-state.mjs';
import { showDeath, showWelcome } from './screen.mjs';
import { onStopSignal, PlainError, runCommand } from './stopping.mjs';
import { startSystem } from './system.mjs';
import { watchSources } from './watch.mjs';

const FIRST_PORT = 8080;

/** The port people see: the one asked for or none, else 8080 or the next free one. */
async function choosePublicPort(env, say) {
  const asked = env.API_PORT || env.PORT;
  if (asked) {
    const port = Number(asked);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new PlainError(`"${asked}" is not a port.`);
    if (await isPortFreeEverywhere(port)) return port;
    throw new PlainError(
      `Port ${port} is in use. 端口被占用。\nStop what uses it (ss -ltnp | grep :${port}), or take another: API_PORT=${port + 1} npm start`,
    );
  }
  const port = await nextFreePort(FIRST_PORT);
  if (port !== FIRST_PORT) say(`Port ${FIRST_PORT} is in use, taking ${port}. 端口 ${FIRST_PORT} 被占用，改用 ${port}`);
  return port;
}

async function main() {
  const startedAt = Date.now();
  const say = (line) => console.log(`  ${line}`);
  const isDev = process.argv.includes('--dev');
  const dataDir = dataDirOf();
  const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, MIGRATOR_DATABASE_URL: migratorUrl } = process.env;
  requireNode();
  refuseSecond(dataDir);
  console.log('\nYima 一码 is starting 正在启动 …');
  // Both may take a while the first time and do not need each other.
  await Promise.all([ensurePackages({ say }), findServers({ packagesDir: PACKAGES_DIR, databaseUrl, redisUrl, say })]);
  await ensureBuilt({ say });
  const apiPort = await choosePublicPort(process.env, say);

  let system = null;
  let finish;
  const finished = new Promise((resolve) => {
    finish = resolve;
  });
  const stop = async (code) => {
    console.log('\nStopping 正在停止 …');
    await system?.stop();
    finish(code);
  };
  onStopSignal(() => (system ? stop(0) : process.exit(130)));
  const onEvent = (event) => {
    showDeath(event);
    if (event.kind === 'gave-up') stop(1);
  };
  system = await startSystem({
    dataDir,
    profile: 'local',
    ports: 'stable',
    apiPort,
    lan: true,
    publicUrl: process.env.PUBLIC_URL || undefined,
    seed: true,
    tour: true,
    databaseUrl,
    migratorUrl,
    redisUrl,
    say,
    onEvent,
  });
  await showWelcome(system, Date.now() - startedAt);
  const names = ['api', 'worker', 'sandbox'];
  const logs = Object.fromEntries(names.map((name) => [name, system.logFile(name)]));
  const stopWatching = watchLogs(logs, (name, text) => console.error(`  [${name}] ${text}`));
  const stopDev = isDev ? watchSources(system, { say }) : () => undefined;
  const code = await finished;
  stopWatching();
  stopDev();
  return code;
}

function refuseSecond(dataDir) {
  const running = whoRuns(dataDir);
  if (!running) return;
  throw new PlainError(
    `Yima is already running 已经在运行: ${running.urls?.home ?? '(still starting)'}\n` +
      `Stop it with Ctrl-C in its window, or: kill ${running.launcher.pid}\n` +
      'A second one beside it: YIMA_DATA_DIR=.data/second npm start',
  );
}

await runCommand(main);
