import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findBinary, unpackedPlaces, unpackedSettings } from './binaries.mjs';
import { run } from './install.mjs';
import { pingMariadb } from './ping.mjs';
import { Supervised } from './supervise.mjs';

export const MARIADB_BINARIES = ['mariadbd', 'mysqld'];

const asRoot = () => (process.getuid?.() === 0 ? ['--user=root'] : []);

/** Settings every private server runs with; the application relies on the lock and isolation ones. */
export const MARIADB_SETTINGS = [
  '--bind-address=127.0.0.1',
  '--character-set-server=utf8mb4',
  '--collation-server=utf8mb4_unicode_ci',
  '--skip-name-resolve',
  '--skip-log-bin',
  '--innodb-snapshot-isolation=ON',
  '--innodb-rollback-on-timeout=ON',
  '--innodb-lock-wait-timeout=3',
  '--transaction-isolation=READ-COMMITTED',
  '--innodb-flush-log-at-trx-commit=1',
  '--local-infile=OFF',
  '--max-connections=400',
];

/**
 * Starts a private MariaDB in `dir` (its data in `dir/mysql`), making the data folder on the first start.
 * Root has no password there and the server listens on loopback only; the data folder is closed to other users.
 *
 * @param {{ binary: string, dir: string, packagesDir: string, port: number, bufferPool?: string, extraArgs?: string[],
 *   logFile: string, onEvent?: (event: object) => void }} options
 * @returns {Promise<Supervised>} ready to be asked
 */
export async function startMariadb(options) {
  const { binary, dir, packagesDir, port, bufferPool = '256M', extraArgs = [], logFile, onEvent } = options;
  const unpacked = unpackedSettings(binary, packagesDir);
  const dataDir = join(dir, 'mysql');
  await initialise(dataDir, { binary, packagesDir, unpacked });
  const socket = join(tmpdir().length > 60 ? '/tmp' : tmpdir(), `yima-${randomBytes(6).toString('hex')}.sock`);
  const args = [
    '--no-defaults',
    ...asRoot(),
    ...unpacked.mariadbArgs,
    `--datadir=${dataDir}`,
    `--socket=${socket}`,
    `--port=${port}`,
    `--pid-file=${join(dir, 'mariadb.pid')}`,
    `--innodb-buffer-pool-size=${bufferPool}`,
    ...MARIADB_SETTINGS,
    ...extraArgs,
  ];
  const env = { ...process.env, ...unpacked.env };
  const server = new Supervised({ name: 'mariadb', command: binary, args, env, logFile, graceMs: 30_000, onEvent });
  server.start();
  await server.waitUntilReady(() => pingMariadb({ port }), { timeoutMs: 90_000 });
  return server;
}

/** A data folder appears whole or not at all: it is made beside and renamed. */
async function initialise(dataDir, { binary, packagesDir, unpacked }) {
  if (existsSync(join(dataDir, 'mysql'))) return;
  const installer = findBinary(['mariadb-install-db', 'mysql_install_db'], {
    env: { PATH: dirname(binary) },
    extra: unpackedPlaces(packagesDir),
  });
  if (!installer) throw new Error(`${binary} is here but mariadb-install-db is not; install mariadb-server-core whole`);
  const unfinished = `${dataDir}.unfinished`;
  const args = [
    '--no-defaults',
    ...asRoot(),
    ...unpacked.mariadbArgs,
    `--datadir=${unfinished}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    '--skip-name-resolve',
    '--force',
  ];
  const install = async () => {
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true, mode: 0o700 });
    await run(installer, args, { env: unpacked.env });
  };
  // On a machine that is short of everything its bootstrap has been seen to end for no reason that lasts.
  await install().catch((first) =>
    install().catch((second) => {
      throw new Error(`${second.message}\n(tried twice; first: ${first.message})`, { cause: first });
    }),
  );
  rmSync(dataDir, { recursive: true, force: true });
  renameSync(unfinished, dataDir);
}
