import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findBinary, unpackedPlaces } from './binaries.mjs';
import { aptInstall, aptUnpack, machineFacts } from './install.mjs';
import { chooseRung, wayOut } from './ladder.mjs';
import { MARIADB_BINARIES, startMariadb } from './mariadb.mjs';
import { freePort } from './ports.mjs';
import { REDIS_BINARIES, startRedis } from './redis.mjs';

const BINARIES = { mariadb: MARIADB_BINARIES, redis: REDIS_BINARIES };

/** The ladder ended at its last rung: the message is for the person in front of the screen. */
export class NoServers extends Error {}

/**
 * Makes sure both servers can be had, installing what is missing.
 *
 * @param {{ packagesDir: string, databaseUrl?: string, redisUrl?: string, say?: (line: string) => void }} options
 * @returns {Promise<{ mariadb: { url: string } | { binary: string }, redis: { url: string } | { binary: string } }>}
 * @throws {NoServers} with the way out
 */
export async function findServers({ packagesDir, databaseUrl, redisUrl, say = () => {} }) {
  const facts = machineFacts();
  const look = (server) => findBinary(BINARIES[server], { extra: unpackedPlaces(packagesDir) });
  const choose = (server, givenUrl) => chooseRung(server, { ...facts, givenUrl, binary: look(server) });
  const rungs = { mariadb: choose('mariadb', databaseUrl), redis: choose('redis', redisUrl) };
  const missing = Object.values(rungs).filter((rung) => !['given', 'binary'].includes(rung.rung));
  await install(missing, { packagesDir, say, platform: facts.platform });
  return { mariadb: outcome('mariadb', rungs.mariadb, look), redis: outcome('redis', rungs.redis, look) };
}

async function install(missing, { packagesDir, say, platform }) {
  const [first] = missing;
  if (!first) return;
  if (first.rung === 'explain') throw new NoServers(first.message);
  const packages = missing.flatMap((rung) => rung.packages);
  try {
    if (first.rung === 'apt-install') await aptInstall(packages, { sudo: first.sudo, say });
    else await aptUnpack(packages, { packagesDir, say });
  } catch (error) {
    throw new NoServers(`${error.message}\n\n${wayOut(platform)}`, { cause: error });
  }
}

function outcome(server, rung, look) {
  if (rung.rung === 'given') return { url: rung.url };
  const binary = look(server);
  if (!binary) throw new NoServers(`${server} is still missing after installing it.\n\n${wayOut(process.platform)}`);
  return { binary };
}

/**
 * Both servers, running and answering: private ones under `dataDir`, or those whose address is given (never started or stopped).
 *
 * @param {{ dataDir: string, packagesDir?: string, databaseUrl?: string, redisUrl?: string, ports?: { mariadb?: number, redis?: number },
 *   bufferPool?: string, mariadbArgs?: string[], say?: (line: string) => void, onEvent?: (event: object) => void }} options
 * @returns {Promise<{ databaseUrl: string, redisUrl: string, processes: { mariadb?: Supervised, redis?: Supervised },
 *   stop(): Promise<void> }>} `databaseUrl` of a private server is root without a database
 */
export async function startServers(options) {
  const { dataDir, packagesDir = join(dataDir, 'pkgs'), ports = {}, say, onEvent } = options;
  mkdirSync(join(dataDir, 'logs'), { recursive: true });
  const found = await findServers({ packagesDir, databaseUrl: options.databaseUrl, redisUrl: options.redisUrl, say });
  const mariadbPort = ports.mariadb ?? (await freePort());
  const redisPort = ports.redis ?? (await freePort(new Set([mariadbPort])));
  const common = (name, port) => ({
    binary: found[name].binary,
    dir: dataDir,
    packagesDir,
    port,
    logFile: join(dataDir, 'logs', `${name}.log`),
    onEvent,
  });
  const starting = [
    found.mariadb.binary &&
      startMariadb({
        ...common('mariadb', mariadbPort),
        bufferPool: options.bufferPool,
        extraArgs: options.mariadbArgs,
      }),
    found.redis.binary && startRedis(common('redis', redisPort)),
  ];
  const [mariadb, redis] = await bothOrNone(starting);
  return {
    databaseUrl: found.mariadb.url ?? `mysql://root@127.0.0.1:${mariadbPort}`,
    redisUrl: found.redis.url ?? `redis://127.0.0.1:${redisPort}`,
    processes: { ...(mariadb && { mariadb }), ...(redis && { redis }) },
    async stop() {
      await redis?.stop();
      await mariadb?.stop();
    },
  };
}

/** When one fails to start the other must not be left running. */
async function bothOrNone(starting) {
  const results = await Promise.allSettled(starting);
  const failed = results.find((result) => result.status === 'rejected');
  if (!failed) return results.map((result) => result.value);
  for (const result of results) await result.value?.stop?.();
  throw failed.reason;
}
