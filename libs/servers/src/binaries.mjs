import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const SYSTEM_PLACES = [
  '/usr/sbin',
  '/usr/bin',
  '/usr/local/bin',
  '/usr/local/sbin',
  '/opt/homebrew/bin',
  '/opt/homebrew/opt/mariadb/bin',
  '/usr/local/opt/mariadb/bin',
];

/** Absolute path of the first of `names` that can be run, or null. PATH first, then the places PATH often lacks. */
export function findBinary(names, { env = process.env, extra = [] } = {}) {
  const places = [...(env.PATH ?? '').split(delimiter).filter(Boolean), ...SYSTEM_PLACES, ...extra];
  for (const name of names) {
    for (const place of places) {
      const path = join(place, name);
      if (isExecutable(path)) return path;
    }
  }
  return null;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Where `dpkg -x` put programs inside `packagesDir`. */
export function unpackedPlaces(packagesDir) {
  return [join(packagesDir, 'usr/sbin'), join(packagesDir, 'usr/bin')];
}

/**
 * Programs that came from unpacked packages find their libraries and message files only when told.
 *
 * @returns {{ env: Record<string, string>, mariadbArgs: string[] }}
 */
export function unpackedSettings(binary, packagesDir, env = process.env) {
  if (!binary.startsWith(packagesDir)) return { env: {}, mariadbArgs: [] };
  const libraries = ['usr/lib', 'lib'].flatMap((folder) => [
    join(packagesDir, folder, multiarch()),
    join(packagesDir, folder),
  ]);
  const path = [...libraries.filter((folder) => existsSync(folder)), env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  return {
    env: { LD_LIBRARY_PATH: path },
    mariadbArgs: [
      `--basedir=${join(packagesDir, 'usr')}`,
      `--lc-messages-dir=${join(packagesDir, 'usr/share/mysql')}`,
      `--character-sets-dir=${join(packagesDir, 'usr/share/mysql/charsets')}`,
    ],
  };
}

function multiarch() {
  return process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
}
