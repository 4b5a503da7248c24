/**
 * How a server is found, as a decision without I/O, so that each rung can be tested on any machine.
 *
 * Rungs, first that holds wins: the address the operator gave → a binary that is there → apt as root (or by sudo that asks
 * nothing) → apt packages unpacked into the project → a sentence that says what to do.
 */

/** What apt must install for both servers; neither package starts a MariaDB service. */
export const SYSTEM_PACKAGES = {
  mariadb: ['mariadb-server-core', 'mariadb-client-core'],
  redis: ['redis-server'],
};

/** Without root nothing resolves dependencies for us: the libraries a bare Debian lacks are fetched along. */
export const UNPACKED_PACKAGES = {
  mariadb: [
    'mariadb-server-core',
    'mariadb-client-core',
    'mariadb-common',
    'libmariadb3',
    'liburing2',
    'libaio1',
    'libnuma1',
    'libpcre2-8-0',
  ],
  redis: ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1'],
};

/**
 * @param {'mariadb'|'redis'} server
 * @param {{ givenUrl?: string, binary?: string|null, platform: string, isRoot: boolean, hasSudo: boolean, hasApt: boolean }} facts
 * @returns {{ rung: 'given', url: string } | { rung: 'binary', binary: string } | { rung: 'apt-install', sudo: boolean, packages: string[] }
 *   | { rung: 'apt-unpack', packages: string[] } | { rung: 'explain', message: string }}
 */
export function chooseRung(server, facts) {
  if (facts.givenUrl) return { rung: 'given', url: facts.givenUrl };
  if (facts.binary) return { rung: 'binary', binary: facts.binary };
  if (facts.platform !== 'linux' || !facts.hasApt) return { rung: 'explain', message: wayOut(facts.platform) };
  if (facts.isRoot || facts.hasSudo) {
    return { rung: 'apt-install', sudo: !facts.isRoot, packages: SYSTEM_PACKAGES[server] };
  }
  return { rung: 'apt-unpack', packages: UNPACKED_PACKAGES[server] };
}

/** The sentence for a machine where nothing can be installed by itself. */
export function wayOut(platform) {
  const brew = 'brew install mariadb redis            # then npm start again';
  const compose = 'docker compose -f docker/compose.yaml up -d mariadb redis';
  const given =
    'DATABASE_URL=mysql://root:password@127.0.0.1:3306/yima REDIS_URL=redis://127.0.0.1:6379 npm start   # servers of yours';
  const lines = platform === 'darwin' ? [brew, compose, given] : [compose, given];
  return ['MariaDB and Redis are not installed here and cannot be installed without you. One of:', ...lines].join(
    '\n  ',
  );
}
